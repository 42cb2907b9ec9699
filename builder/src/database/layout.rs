//! How a table is stored in the database: its DDL and its indexes.

use catalog::{Column, Schema, Storage, index_on, quote};

use super::btree::ColumnFormat;
use crate::table::keys;
use datapackage::schema::{Field, Table};

/// A table's layout, once it is known whether its key can be the row number.
pub(crate) struct Layout<'a> {
    table: &'a Table,
    row_number: Option<usize>,
    nan: &'a [usize],
}

/// An index that is made after the rows are in.
pub(crate) struct Index {
    pub(crate) unique: bool,
    pub(crate) fields: Vec<usize>,
}

impl<'a> Layout<'a> {
    /// With `ascends`, the key that [`keys::row_number`] names is stored as SQLite's row number:
    /// it needs no index, and the order of rows is still that of the file.
    /// The fields `nan` hold numbers and, as a text, NaN.
    pub(crate) fn new(table: &'a Table, ascends: bool, nan: &'a [usize]) -> Self {
        Self { table, row_number: keys::row_number(table).filter(|_| ascends), nan }
    }

    /// `CREATE TABLE`. Keys other than the row number are separate indexes ([`Index`]),
    /// which is much faster than keeping them up to date row by row.
    pub(crate) fn create_table(&self) -> String {
        let mut parts: Vec<String> = self
            .table
            .fields
            .iter()
            .enumerate()
            .map(|(index, field)| {
                let constraint = if self.row_number == Some(index) {
                    " PRIMARY KEY"
                } else if field.required {
                    " NOT NULL"
                } else {
                    ""
                };
                let storage =
                    if self.nan.contains(&index) { "ANY" } else { field.field_type.storage().sql() };
                format!("{} {storage}{constraint}", quote(&field.name))
            })
            .collect();
        for key in &self.table.foreign_keys {
            parts.push(format!(
                "FOREIGN KEY({}) REFERENCES {}({})",
                list(&key.columns),
                quote(&key.table),
                list(&key.references)
            ));
        }
        format!("CREATE TABLE {}({}) STRICT", quote(&self.table.name), parts.join(", "))
    }

    /// How the values of each column are stored, as `CREATE TABLE` says.
    pub(crate) fn columns(&self) -> Vec<ColumnFormat> {
        let format = |(index, field): (usize, &Field)| {
            if self.row_number == Some(index) {
                ColumnFormat::RowNumber
            } else if self.nan.contains(&index) {
                ColumnFormat::Any { required: field.required }
            } else {
                ColumnFormat::Stored { storage: field.field_type.storage(), required: field.required }
            }
        };
        self.table.fields.iter().enumerate().map(format).collect()
    }

    /// One unique index for each key, and one for each foreign key that none of them serves.
    pub(crate) fn indexes(&self) -> Vec<Index> {
        let by_number = |fields: &[usize]| self.row_number.is_some_and(|field| fields == [field]);
        let mut indexes: Vec<Index> = keys::unique_keys(self.table)
            .into_iter()
            .filter(|fields| !by_number(fields))
            .map(|fields| Index { unique: true, fields })
            .collect();
        for key in &self.table.foreign_keys {
            let fields = keys::fields(self.table, &key.columns);
            if !by_number(&fields) && !indexes.iter().any(|index| keys::serves(&index.fields, &fields)) {
                indexes.push(Index { unique: false, fields });
            }
        }
        indexes
    }

    /// Whether the builder writes the index itself, from a sorted run of its keys. SQLite compares reals with
    /// integers, so it makes the indexes that have any.
    pub(crate) fn is_sorted_run(&self, index: &Index) -> bool {
        index.fields.iter().all(|field| {
            self.table.fields[*field].field_type.storage() != Storage::Real && !self.nan.contains(field)
        })
    }

    /// An index's name: a number after a prefix that no table may have, since names made of table and
    /// column names could meet.
    pub(crate) fn index_name(number: usize) -> String {
        format!("coldpress_{number}")
    }

    /// `CREATE INDEX`.
    pub(crate) fn create_index(&self, index: &Index, number: usize) -> String {
        let columns: Vec<_> = index.fields.iter().map(|field| &self.table.fields[*field].name).collect();
        format!(
            "CREATE {}INDEX {}{}",
            if index.unique { "UNIQUE " } else { "" },
            Self::index_name(number),
            index_on(&self.table.name, &columns)
        )
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

/// The table's schema as the catalog has it.
pub(crate) fn schema(table: &Table) -> Schema {
    Schema {
        columns: table
            .fields
            .iter()
            .map(|field| Column {
                name: field.name.clone(),
                column_type: field.field_type,
                required: field.required,
            })
            .collect(),
        primary_key: table.primary_key.clone(),
        unique_keys: table.unique_keys.clone(),
        foreign_keys: table.foreign_keys.clone(),
    }
}
