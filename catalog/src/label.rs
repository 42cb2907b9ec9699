//! Which column says in words which row it is.

use crate::table::{ColumnType, Schema, Table};

/// The names of such columns, the best first.
const NAMES: [&str; 3] = ["name", "title", "label"];

impl Table {
    /// The column that names a row: the one that the descriptor names, else a text called `name`, `title` or
    /// `label`. `None` if no column is, or if it is the key itself.
    pub fn label_column(&self) -> Option<usize> {
        match &self.label {
            Some(label) => self.schema.columns.iter().position(|column| column.name == *label),
            None => self.schema.label_column(),
        }
    }
}

impl Schema {
    fn label_column(&self) -> Option<usize> {
        let called = |name: &str| {
            self.columns.iter().position(|column| {
                column.column_type == ColumnType::String && column.name.eq_ignore_ascii_case(name)
            })
        };
        let found = NAMES.into_iter().find_map(called)?;
        let is_key = self.primary_key.len() == 1 && self.primary_key[0] == self.columns[found].name;
        (!is_key).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use crate::table::{Column, ColumnType, Schema};

    #[test]
    fn a_name_is_a_text_that_is_not_the_key() {
        let schema = |names: &[(&str, ColumnType)], key: &str| Schema {
            columns: names
                .iter()
                .map(|(name, column_type)| Column {
                    name: (*name).into(),
                    column_type: *column_type,
                    required: false,
                })
                .collect(),
            primary_key: vec![key.into()],
            unique_keys: vec![],
            foreign_keys: vec![],
        };
        let (text, number) = (ColumnType::String, ColumnType::Integer);
        assert_eq!(schema(&[("id", number), ("title", text), ("Name", text)], "id").label_column(), Some(2));
        assert_eq!(schema(&[("id", number), ("name", number)], "id").label_column(), None);
        assert_eq!(schema(&[("name", text)], "name").label_column(), None);
    }
}
