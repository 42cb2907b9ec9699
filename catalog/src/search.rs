//! The search index of a table: one FTS5 table over its searchable columns, which holds the words
//! and their positions, but not the texts.
//!
//! Every object in the file costs every cold start that opens SQLite, and this is four of them
//! (the FTS5 table and three below it): there is one only where a column is declared searchable.

use serde::{Deserialize, Serialize};

use crate::names::quote;

/// Where the words of a table's columns are found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The FTS5 table. Its row numbers are those of the table.
    pub index: String,
    /// The columns that it covers: the first is its column `c0`, the second `c1`, and so on.
    pub columns: Vec<String>,
}

/// What FTS5 keeps in its own tables, by the ends of their names.
const SHADOWS: [&str; 3] = ["data", "idx", "config"];

impl Search {
    /// The index of the table that is the release's `number`th with one, over these columns.
    pub fn new(number: usize, columns: Vec<String>) -> Self {
        Self { index: format!("coldpress_search_{number}"), columns }
    }

    /// The statements that make the index in SQLite's schema `schema` (`main` or `temp`) from the
    /// rows of `table`; `rowid` is [`crate::Table::rowid`].
    ///
    /// Words are those of FTS5's tokenizer `unicode61`: letters, digits and the marks on them,
    /// without regard to case and diacritics. The texts are in the table, and nothing is
    /// ranked, so neither they nor their lengths are kept.
    pub fn create(&self, schema: &str, table: &str, rowid: &str) -> String {
        let index = &self.index;
        let names: Vec<_> = (0..self.columns.len()).map(|column| format!("c{column}")).collect();
        let names = names.join(", ");
        let columns: Vec<_> = self.columns.iter().map(|column| quote(column)).collect();
        format!(
            "CREATE VIRTUAL TABLE {schema}.{index} USING fts5({names}, content='', columnsize=0, \
             tokenize='unicode61 remove_diacritics 2'); \
             INSERT INTO {schema}.{index}(rowid, {names}) SELECT {rowid}, {} FROM main.{} ORDER BY {rowid};",
            columns.join(", "),
            quote(table),
        )
    }

    /// The tables that the index consists of, the FTS5 table first.
    pub fn tables(&self) -> impl Iterator<Item = String> {
        let shadows = SHADOWS.iter().map(|end| format!("{}_{end}", self.index));
        std::iter::once(self.index.clone()).chain(shadows)
    }
}
