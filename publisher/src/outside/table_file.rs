//! A whole table, from its file.

use catalog::{ColumnType, Hash, Proof, compare_keys, leaf_hash, row_leaf, tree_root};
use rusqlite::types::{Value, ValueRef};

use super::check::Check;
use super::served::Served;

/// Reads the table's NDJSON file and compares the root of its rows with the release's. Memory: the file and
/// some hundred bytes for each row.
pub async fn check_table(served: &Served, table: &str) -> Check {
    let rows = rows(served, table).await;
    Check::of("table", rows.map(|rows| format!("all {rows} rows of {table} are those of the release")))
}

async fn rows(served: &Served, table: &str) -> Result<usize, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{table}: {error}");
    let proof = served.get(&["-", "proof", table], "").await?;
    let proof: Proof = serde_json::from_slice(&proof).map_err(|error| failed(&error))?;
    let root = proof.verify_table(table, None, &served.root).map_err(|error| failed(&error))?;
    let columns = &proof.table.columns;
    let key = proof.table.key_columns().ok_or_else(|| failed(&"the key names no column"))?;
    let file = served.get(&[&format!("{table}.ndjson")], "").await?;
    let mut rows: Vec<(Vec<Value>, Hash)> = vec![];
    for (line, row) in file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate() {
        let values = row_leaf(columns, row).ok_or_else(|| failed(&format!("line {} is no row", line + 1)))?;
        let mut leaf = vec![];
        values.iter().for_each(|value| catalog::write_canonical(ValueRef::from(value), &mut leaf));
        rows.push((key.iter().map(|column| values[*column].clone()).collect(), leaf_hash(&leaf)));
    }
    if !key.is_empty() {
        rows.sort_by(|(a, _), (b, _)| {
            let [a, b] = [a, b].map(|key| key.iter().map(ValueRef::from).collect::<Vec<_>>());
            compare_keys(&a, &b)
        });
    }
    let leaves: Vec<Hash> = rows.iter().map(|(_, leaf)| *leaf).collect();
    if leaves.len() as u64 != proof.table.rows {
        return Err(failed(&format!("the file has {} rows, the release {}", leaves.len(), proof.table.rows)));
    }
    if tree_root(&leaves) == root {
        return Ok(leaves.len());
    }
    // Line ends between the parts of a document are not in the file.
    let has_any = columns.iter().any(|(_, of)| *of == ColumnType::Any);
    let hint =
        if has_any { "; documents of several lines in columns of type any can't be compared" } else { "" };
    Err(failed(&format!("the rows of the file are not those of the release{hint}")))
}
