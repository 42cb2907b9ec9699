//! The search indexes of a table: one FTS5 table over its searchable columns of a language, which
//! holds the words and their positions, but not the texts.
//!
//! Every object in the file costs every cold start that opens SQLite, and this is four of them
//! (the FTS5 table and three below it): there is one only where a column is declared searchable.

use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::names::quote;

/// Where the words of a table's columns are found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The FTS5 table. Its row numbers are those of the table.
    pub index: String,
    /// The columns that it covers: the first is its column `c0`, the second `c1`, and so on.
    pub columns: Vec<String>,
    /// The language that they are declared in.
    #[serde(default, skip_serializing_if = "Language::is_simple")]
    pub language: Language,
}

/// What FTS5 keeps in its own tables, by the ends of their names.
const SHADOWS: [&str; 3] = ["data", "idx", "config"];

/// The SQL function that masks the stop words of a text.
const MASKED: &str = "coldpress_masked";

impl Search {
    /// The release's `number`th index, over these columns of a table.
    pub fn new(number: usize, columns: Vec<String>, language: Language) -> Self {
        Self { index: format!("coldpress_search_{number}"), columns, language }
    }

    /// Makes the function available that the statements of [`Search::create`] call.
    #[cfg(feature = "sqlite")]
    pub fn register(connection: &rusqlite::Connection) -> rusqlite::Result<()> {
        use rusqlite::functions::FunctionFlags;
        use rusqlite::types::ValueRef;

        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        connection.create_scalar_function(MASKED, 2, flags, |context| {
            let language = Language::named(context.get_raw(0).as_str()?).unwrap_or_default();
            Ok(match context.get_raw(1) {
                ValueRef::Null => None,
                text => Some(language.masked(text.as_str()?)),
            })
        })
    }

    /// The statements that make the index in SQLite's schema `schema` (`main` or `temp`) from the
    /// rows of `table`; `rowid` is [`crate::Table::rowid`].
    ///
    /// Words are those of FTS5's tokenizer `unicode61`: letters, digits and the marks on them,
    /// without regard to case and diacritics; of English ones the stems. The texts are in the table,
    /// and nothing is ranked, so neither they nor their lengths are kept. [`Search::register`] first.
    pub fn create(&self, schema: &str, table: &str, rowid: &str) -> String {
        let index = &self.index;
        let names: Vec<_> = (0..self.columns.len()).map(|column| format!("c{column}")).collect();
        let names = names.join(", ");
        let language = self.language;
        let columns: Vec<_> = self
            .columns
            .iter()
            .map(|column| match language {
                Language::Simple => quote(column),
                Language::English => format!("{MASKED}('{}', {})", language.name(), quote(column)),
            })
            .collect();
        format!(
            "CREATE VIRTUAL TABLE {schema}.{index} USING fts5({names}, content='', columnsize=0, \
             tokenize='{}'); \
             INSERT INTO {schema}.{index}(rowid, {names}) SELECT {rowid}, {} FROM main.{} ORDER BY {rowid};",
            language.tokenizer(),
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
