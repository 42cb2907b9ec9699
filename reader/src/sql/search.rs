//! Searches as SQL: which rows an index finds.

use catalog::quote;
use rusqlite::types::Value;

use super::expression::{Bound, column, rowid};
use crate::error::{Code, Error};
use crate::plan::{Node, Words};

/// The words of a request's searches. Each of them is a list of rows in memory: 200 took 120 MB for 200,000 texts,
/// and a function has 128 MB by default.
const MAX_WORDS: usize = 50;

/// Where words are found: an index, and which of its columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) index: &'a str,
    pub(super) column: usize,
}

impl Bound {
    /// Whether the words are in the column. Where `exact`, a row without a value is unknown, as
    /// anywhere; elsewhere it is as good as false, and SQLite can begin with the rows that the
    /// index finds.
    pub(super) fn search(
        &mut self,
        node: &Node,
        searched: usize,
        place: Place<'_>,
        words: &Words,
        exact: bool,
    ) -> Result<String, Error> {
        self.words += words.count();
        if self.words > MAX_WORDS {
            return Err(Error::new(Code::TooMuch, "too many words are searched for")
                .details(format!("{MAX_WORDS} words are allowed in the searches of a request"))
                .hint("search for fewer words, or find texts with `ilike` or `imatch`"));
        }
        let rowid = rowid(&node.table, node.number)?;
        let found = self.found(&rowid, place, words);
        let value = column(&node.table, node.number, searched);
        Ok(match words {
            _ if exact => format!("CASE WHEN {value} IS NOT NULL THEN {found} END"),
            Words::Match(_) => found,
            _ => format!("({value} IS NOT NULL AND {found})"),
        })
    }

    fn found(&mut self, rowid: &str, place: Place<'_>, words: &Words) -> String {
        let mut each = |words: &[Words]| -> Vec<String> {
            words.iter().map(|words| self.found(rowid, place, words)).collect()
        };
        match words {
            Words::Match(query) => {
                let query = self.bind(Value::Text(format!("c{} : ({query})", place.column)));
                let index = quote(place.index);
                format!("{rowid} IN (SELECT rowid FROM {index} WHERE {index} MATCH {query})")
            }
            Words::All(words) => format!("({})", each(words).join(" AND ")),
            Words::Any(words) if words.is_empty() => "0".to_owned(),
            Words::Any(words) => format!("({})", each(words).join(" OR ")),
            Words::Not(words) => format!("NOT {}", self.found(rowid, place, words)),
        }
    }
}
