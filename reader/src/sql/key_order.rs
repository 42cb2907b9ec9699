//! Rows in the order of the primary key, which its index has: for proofs.

use catalog::{Table, quote};
use rusqlite::types::Value;

use super::Statement;

impl Statement {
    /// The key of the row with that row number.
    pub(crate) fn key_of(table: &Table, rowid: i64) -> Self {
        let columns = names(&table.schema.primary_key);
        let text = format!(
            "SELECT {columns} FROM {} WHERE {} = ?",
            quote(&table.name),
            table.rowid().unwrap_or("rowid")
        );
        Self { text, values: vec![Value::Integer(rowid)], rows: 1, ..Self::default() }
    }

    /// All rows by the key, or in the file's order if there isn't one: the row number, then all columns in the
    /// catalog's order.
    pub(crate) fn all_by_key(table: &Table) -> Self {
        let columns: Vec<String> = table.schema.columns.iter().map(|column| quote(&column.name)).collect();
        let rowid = table.rowid().unwrap_or("rowid");
        let by = match table.schema.primary_key.as_slice() {
            [] => rowid.to_owned(),
            key => names(key),
        };
        let text = format!("SELECT {rowid},{} FROM {} ORDER BY {by}", columns.join(","), quote(&table.name));
        Self { text, rows: table.rows, ..Self::default() }
    }

    /// The first `rows` rows from that key on, all columns in the catalog's order.
    pub(crate) fn rows_from(table: &Table, key: Vec<Value>, rows: usize) -> Self {
        let columns: Vec<String> = table.schema.columns.iter().map(|column| quote(&column.name)).collect();
        let by = names(&table.schema.primary_key);
        let text = format!(
            "SELECT {} FROM {} WHERE ({by}) >= ({}) ORDER BY {by} LIMIT {rows}",
            columns.join(","),
            quote(&table.name),
            vec!["?"; key.len()].join(","),
        );
        Self { text, values: key, rows: rows as u64, ..Self::default() }
    }
}

fn names(columns: &[String]) -> String {
    columns.iter().map(|column| quote(column)).collect::<Vec<_>>().join(",")
}
