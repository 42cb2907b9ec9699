//! `sqlite_stat1`, from which SQLite chooses its plans: by ANALYZE where SQLite wrote the indexes, from what was
//! counted on the way where the builder did. ANALYZE would read every page of every table.

use rusqlite::{Connection, params};

use super::rows::Written;
use datapackage::schema::Table;

/// Writes the statistics of all tables; `names` are those of the written indexes of each of `tables`, in order.
pub(super) fn analyze(
    connection: &Connection,
    tables: &[&Table],
    written: &[Written],
    names: &[Vec<String>],
) -> rusqlite::Result<()> {
    let is_counted = |name: &str| {
        let found = tables.iter().zip(written).find(|(table, _)| table.name == name);
        found.is_some_and(|(_, written)| written.indexes.iter().all(Option::is_some))
    };
    let others: Vec<String> = connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for name in others.iter().filter(|name| !is_counted(name)) {
        connection.execute_batch(&format!("ANALYZE {}", catalog::quote(name)))?;
    }
    let mut insert = connection.prepare("INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES (?, ?, ?)")?;
    for ((table, written), names) in tables.iter().zip(written).zip(names) {
        let rows = written.summary.rows;
        if rows == 0 || !is_counted(&table.name) {
            continue;
        }
        if names.is_empty() {
            insert.execute(params![table.name, None::<String>, rows.to_string()])?;
        }
        for (index, name) in written.indexes.iter().flatten().zip(names) {
            insert.execute(params![table.name, name, index.statistics()])?;
        }
    }
    Ok(())
}
