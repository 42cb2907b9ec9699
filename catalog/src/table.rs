//! What the reader knows of one published table before it touches a row.

use serde::{Deserialize, Serialize};

use crate::search::Search;

/// A published table: one tabular resource of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The table's name, unique over all datasets, also when case is ignored.
    pub name: String,
    /// The name of the dataset that it belongs to.
    pub dataset: String,
    /// How many rows it has.
    pub rows: u64,
    /// The content digest: SHA-256, lower-case hex.
    pub digest: String,
    /// Columns and keys; with the rows, what the content digest covers.
    pub schema: Schema,
    /// The foreign keys of other tables (or its own) that point here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referenced_by: Vec<Reference>,
    /// Where a row can be found by its primary key without SQLite's schema; `None` where the
    /// table has no primary key or one that is not looked up that way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_pages: Option<KeyPages>,
    /// Where its words are found; `None` where no column is searchable for words as they are written.
    /// Not part of the schema, and so not of the content digest: it says nothing of the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Where the stems of its words are found: an index for each language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stemmed: Vec<Search>,
    /// The column that says in words which row it is, where the descriptor names one. Not part of the schema: it
    /// says nothing of the rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The number columns in which NaN occurs. They are declared `ANY` and hold it as the text
    /// [`NAN`], which SQLite orders after every number. Not part of the schema: it follows from the rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nan: Vec<String>,
}

/// How NaN is stored and shown: SQLite has no such number, and makes null of it.
pub const NAN: &str = "NaN";

/// The pages of the file on which the b-trees start that lead from a primary key to its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPages {
    /// The table's own b-tree, by row number.
    pub rows: u32,
    /// The primary key's index, in the key's order of columns; `None` where the row number is
    /// the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<u32>,
}

/// Columns and keys of a table, in the descriptor's order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// At least one.
    pub columns: Vec<Column>,
    /// Column names; empty where the table has no primary key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    /// Further sets of columns without duplicates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique_keys: Vec<Vec<String>>,
    /// References to other tables or to this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_keys: Vec<ForeignKey>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The field's name, unique in its table, also when case is ignored.
    pub name: String,
    /// The field's type.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// True where no row may lack a value.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

/// A foreign key, from the referring table's side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Its own name; `None` where it has the default one: see [`ForeignKey::constraint`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The referring columns.
    pub columns: Vec<String>,
    /// The table referred to; the table's own name in a self-reference.
    pub table: String,
    /// The columns referred to, as many as `columns`.
    pub references: Vec<String>,
}

/// A foreign key, from the side of the table it points to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// As in [`ForeignKey`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The table that refers.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// The columns of this table that it refers to.
    pub references: Vec<String>,
}

impl Reference {
    /// All foreign keys to the table of that name, by table and columns. `keys` are those of all tables, each with
    /// the name of its own.
    pub fn all_to<'a>(table: &str, keys: impl Iterator<Item = (&'a str, &'a ForeignKey)>) -> Vec<Self> {
        let mut found: Vec<Self> = keys
            .filter(|(_, key)| key.table == table)
            .map(|(from, key)| Self {
                name: key.name.clone(),
                table: from.to_owned(),
                columns: key.columns.clone(),
                references: key.references.clone(),
            })
            .collect();
        found.sort_by(|a, b| {
            (&a.table, &a.columns, &a.references).cmp(&(&b.table, &b.columns, &b.references))
        });
        found
    }
}

/// The types of Table Schema v2, "Field Types".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // the standard's own names
pub enum ColumnType {
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
    List,
    Datetime,
    Date,
    Time,
    Year,
    Yearmonth,
    Duration,
    Geopoint,
    Geojson,
    Any,
}

/// How a column's values are stored, and so how they turn into JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// SQLite INTEGER, a JSON number.
    Integer,
    /// SQLite REAL, a JSON number.
    Real,
    /// SQLite INTEGER 0 or 1, a JSON boolean.
    Boolean,
    /// SQLite TEXT, a JSON string.
    Text,
    /// SQLite TEXT that holds a JSON document, shown as that document.
    Json,
}

impl ColumnType {
    /// Every type, in the standard's order.
    pub const ALL: [ColumnType; 16] = [
        Self::String,
        Self::Number,
        Self::Integer,
        Self::Boolean,
        Self::Object,
        Self::Array,
        Self::List,
        Self::Datetime,
        Self::Date,
        Self::Time,
        Self::Year,
        Self::Yearmonth,
        Self::Duration,
        Self::Geopoint,
        Self::Geojson,
        Self::Any,
    ];

    /// The type's name in a descriptor.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
            Self::List => "list",
            Self::Datetime => "datetime",
            Self::Date => "date",
            Self::Time => "time",
            Self::Year => "year",
            Self::Yearmonth => "yearmonth",
            Self::Duration => "duration",
            Self::Geopoint => "geopoint",
            Self::Geojson => "geojson",
            Self::Any => "any",
        }
    }

    /// How values of this type are stored.
    pub fn storage(self) -> Storage {
        match self {
            Self::Integer | Self::Year => Storage::Integer,
            Self::Number => Storage::Real,
            Self::Boolean => Storage::Boolean,
            Self::Object | Self::Array | Self::List | Self::Geopoint | Self::Geojson => Storage::Json,
            Self::String
            | Self::Datetime
            | Self::Date
            | Self::Time
            | Self::Yearmonth
            | Self::Duration
            | Self::Any => Storage::Text,
        }
    }
}

impl Storage {
    /// The type in a `CREATE TABLE ... STRICT`.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Integer | Self::Boolean => "INTEGER",
            Self::Real => "REAL",
            Self::Text | Self::Json => "TEXT",
        }
    }
}

impl ForeignKey {
    /// The name by which requests select it among the foreign keys of `table`, which has it.
    pub fn constraint(&self, table: &str) -> String {
        constraint(self.name.as_deref(), table, &self.columns)
    }
}

impl Reference {
    /// As [`ForeignKey::constraint`].
    pub fn constraint(&self) -> String {
        constraint(self.name.as_deref(), &self.table, &self.columns)
    }
}

/// The name of a foreign key: its own, or the one that PostgreSQL gives a constraint without one.
pub fn constraint(name: Option<&str>, table: &str, columns: &[String]) -> String {
    name.map_or_else(|| format!("{table}_{}_fkey", columns.join("_")), str::to_owned)
}

impl Table {
    /// Its search indexes.
    pub fn searches(&self) -> impl Iterator<Item = &Search> {
        self.search.iter().chain(&self.stemmed)
    }

    /// The search index that covers a column, and the number of the column in it, from 0.
    pub fn searched(&self, column: &str) -> Option<(&Search, usize)> {
        self.searches().find_map(|search| {
            let index = search.columns.iter().position(|name| name == column)?;
            Some((search, index))
        })
    }

    /// Reads the catalog's entry of a table. Errors: the text is not such an entry.
    pub fn parse(entry: &str) -> serde_json::Result<Self> {
        serde_json::from_str(entry)
    }

    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.schema.columns.iter().find(|column| column.name == name)
    }

    /// The name by which SQLite's row number can be addressed: the first of its three names that
    /// no column shadows, or `None` where a table has columns of all three names, which the
    /// builder refuses. Rows are stored in the file's order, so this is the default order.
    pub fn rowid(&self) -> Option<&'static str> {
        Schema::rowid(&self.schema)
    }
}

impl Schema {
    /// See [`Table::rowid`].
    pub fn rowid(&self) -> Option<&'static str> {
        ["rowid", "_rowid_", "oid"]
            .into_iter()
            .find(|name| !self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::ColumnType;

    #[test]
    fn names_are_those_that_serde_writes() {
        for column_type in ColumnType::ALL {
            let json = serde_json::to_string(&column_type).unwrap();
            assert_eq!(json, format!("\"{}\"", column_type.name()));
        }
    }
}
