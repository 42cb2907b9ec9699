//! A release's change feed against its tables: one look-up for each row and for each change, the changes of each row
//! that has any, then the rows of every version.

use std::collections::BTreeMap;

use catalog::{After, ChangeKind, Table, TableVersion, key_text, quote};
use rusqlite::Connection;

use super::row_changes::{Values, first_unfit, values};
use super::versions_restored;
use crate::count::count;
use crate::diff::Reading;
use crate::progress::Progress;

/// How many changes are read at once.
const PAGE: usize = 1_000;

/// What does not fit, one sentence each. Errors: SQLite's, also where an entry can't be read.
pub(crate) fn mismatches(
    connection: &Connection,
    tables: &[Table],
    progress: &Progress,
) -> rusqlite::Result<Vec<String>> {
    let mut found = vec![];
    for table in tables {
        let versions = catalog::versions(connection, &table.dataset)?;
        let of_table: BTreeMap<u64, &TableVersion> = versions
            .iter()
            .filter_map(|version| Some((version.ordinal, version.tables.get(&table.name)?)))
            .collect();
        let told = changes(connection, table, &of_table, &mut found)?;
        // Uncommitted changes are in no version: then the rows are not what the feed ends with.
        let is_current = of_table.values().next_back().is_some_and(|last| last.digest == table.digest);
        if is_current && told.last_changes > 0 {
            rows(connection, table, told.present, &mut found)?;
        }
        versions_restored::mismatches(connection, table, &versions, &mut found, progress)?;
    }
    Ok(found)
}

/// What the feed has of a table.
#[derive(Default)]
struct Told {
    /// How many rows it describes.
    last_changes: u64,
    /// How many of them exist in the end.
    present: u64,
}

fn changes(
    connection: &Connection,
    table: &Table,
    versions: &BTreeMap<u64, &TableVersion>,
    found: &mut Vec<String>,
) -> rusqlite::Result<Told> {
    let name = &table.name;
    let mut told = Told::default();
    let mut counted: BTreeMap<u64, [u64; 3]> = BTreeMap::new();
    let mut after: Option<(u64, String)> = None;
    loop {
        let from = after.as_ref().map(|(ordinal, key)| After { ordinal: *ordinal, key });
        let page = catalog::changes_since(connection, name, 0, from, PAGE)?;
        for change in &page {
            counted.entry(change.ordinal).or_default()[change.kind as usize] += 1;
            if !serde_json::from_str::<serde_json::Value>(&change.values).is_ok_and(|json| json.is_object()) {
                found.push(format!(
                    "change feed of `{name}`: the change of `{}` is not an object",
                    change.key
                ));
            }
            match catalog::last_change(connection, name, &change.key)? {
                None => found.push(format!("change feed of `{name}`: `{}` has no history", change.key)),
                Some((ordinal, kind)) if ordinal == change.ordinal => {
                    told.last_changes += 1;
                    match kind {
                        ChangeKind::Removed => follow(connection, name, &change.key, None, found)?,
                        _ => told.present += 1,
                    }
                }
                Some(_) => {}
            }
        }
        match page.into_iter().next_back() {
            Some(last) => after = Some((last.ordinal, last.key)),
            None => break,
        }
    }
    for (ordinal, counts) in &counted {
        let said = versions.get(ordinal).map(|version| [version.added, version.removed, version.changed]);
        if said != Some(*counts) {
            found.push(format!(
                "change feed of `{name}`: the counts of version {ordinal} do not match its changes"
            ));
        }
    }
    // After the last reset, every version's changes exist.
    for (ordinal, version) in versions.iter().rev().take_while(|(_, version)| !version.reset) {
        if version.added + version.removed + version.changed > 0 && !counted.contains_key(ordinal) {
            found.push(format!("change feed of `{name}`: the changes of version {ordinal} are missing"));
        }
    }
    Ok(told)
}

/// The changes of a row must follow from one another and lead to `now`, the row that the table has.
fn follow(
    connection: &Connection,
    table: &str,
    key: &str,
    now: Option<Values>,
    found: &mut Vec<String>,
) -> rusqlite::Result<()> {
    let changes = catalog::row_history(connection, table, key, None, usize::MAX)?;
    if let Some(ordinal) = first_unfit(&changes, now) {
        found.push(format!(
            "change feed of `{table}`: the change of `{key}` in version {ordinal} does not lead to the row of then"
        ));
    }
    Ok(())
}

/// The rows that the feed leaves must be there as it leaves them, and those that it removed must not.
fn rows(
    connection: &Connection,
    table: &Table,
    present: u64,
    found: &mut Vec<String>,
) -> rusqlite::Result<()> {
    let all = &table.schema.columns;
    let place = |name: &String| all.iter().position(|column| column.name == *name);
    let key: Vec<usize> = table.schema.primary_key.iter().filter_map(place).collect();
    if key.is_empty() {
        return Ok(());
    }
    let reading = Reading::new(table);
    let columns: Vec<String> = all.iter().map(|column| quote(&column.name)).collect();
    let sql = format!("SELECT {} FROM {}", columns.join(", "), quote(&table.name));
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut there = 0;
    while let Some(row) = rows.next()? {
        let mut parts = Vec::with_capacity(key.len());
        for index in &key {
            parts.push((row.get_ref(*index)?, all[*index].column_type.storage()));
        }
        let Ok(text) = key_text(&parts) else { continue }; // the digest has reported it
        match catalog::last_change(connection, &table.name, &text)? {
            Some((_, ChangeKind::Removed)) => {
                found.push(format!(
                    "change feed of `{}`: it removed `{text}`, which still exists",
                    table.name
                ));
            }
            Some(_) => {
                there += 1;
                // The digest has reported values that can't be read.
                if let Ok(now) = reading.whole(row, ChangeKind::Added) {
                    follow(connection, &table.name, &text, Some(values(now.new)), found)?;
                }
            }
            None => {}
        }
    }
    if there != present {
        let rows = count(present, "row");
        found.push(format!(
            "change feed of `{}`: it leaves {rows}, of which the table has {there}",
            table.name
        ));
    }
    Ok(())
}
