//! What a table's columns hold, in numbers: counted by the builder while rows pass by, shown on pages.
//!
//! One document for each table, in the catalog beside what requests for rows read.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::store;

/// The `kind` of their rows in the catalog.
const KIND: &str = "statistics";

/// The columns of a table in numbers.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// In the schema's order.
    pub columns: Vec<ColumnStatistics>,
}

/// One column in numbers. Values are texts as a filter takes them.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnStatistics {
    /// Rows without a value.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missing: u64,
    /// The smallest and the largest value; `None` where values have no order to speak of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(String, String)>,
    /// Every value with its rows, the most frequent first, where there are few that occur often; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, u64)>,
    /// How values are spread, where there are many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub histogram: Option<Histogram>,
}

/// How the values of a column are spread.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// Round values: a bar goes from one of them up to, but not including, the next.
    pub bounds: Vec<String>,
    /// The rows of each bar, one fewer than `bounds`.
    pub counts: Vec<u64>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde calls it
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Adds the statistics of a table. Errors: SQLite's, also if it has some.
pub fn put_statistics(connection: &Connection, table: &str, statistics: &Statistics) -> rusqlite::Result<()> {
    let text = serde_json::to_string(statistics).expect("statistics have string keys only");
    store::put(connection, KIND, table, "", &text)
}

/// The statistics of a table; `None` where there are none or another version's. Errors: SQLite's.
pub fn statistics(connection: &Connection, table: &str) -> rusqlite::Result<Option<Statistics>> {
    let text = store::about(connection, KIND, table)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}
