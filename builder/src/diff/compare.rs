//! Datasets and tables of two releases, matched by name.

use std::collections::BTreeSet;

use catalog::{ChangeKind, Entry, Table};
use rusqlite::Connection;
use serde_json::Value;

use super::release_ref::ReleaseRef;
use super::rows::{TablePair, failed};
use super::rule::{Cause, Rule};
use super::{DatasetDiff, Diff, EXAMPLES, Presence, RowChange, TableDiff, schema};
use crate::count::count;
use crate::database::open_uri;
use crate::failure::Failure;
use crate::progress::Progress;

/// What of a package says nothing about its data, or is compared in another way.
const OF_THE_PACKAGE: [&str; 5] = ["$schema", "profile", "name", "version", "id"];

/// Both releases, and what differs.
pub struct Comparison<'s> {
    /// The old release.
    pub old: &'s ReleaseRef,
    /// The new one.
    pub new: &'s ReleaseRef,
    /// What differs.
    pub diff: Diff,
    connection: Connection,
}

/// Compares two releases. Errors: one of them can't be read.
pub fn compare<'s>(
    old: &'s ReleaseRef,
    new: &'s ReleaseRef,
    progress: &Progress,
) -> Result<Comparison<'s>, Failure> {
    let connection = attach(&old.uri, &new.uri)?;
    let of = |side: &'s ReleaseRef| side.datasets.iter().map(|(name, _)| name.as_str());
    let names: BTreeSet<&str> = of(old).chain(of(new)).collect();
    let mut diff = Diff { datasets: vec![] };
    for name in names {
        progress.step(&format!("comparing {name}"));
        let dataset = dataset(&connection, name, old, new)?;
        let moved = dataset.old_version != dataset.new_version;
        if moved || dataset.presence != Presence::Both || dataset.level().is_some() {
            diff.datasets.push(dataset);
        }
    }
    Ok(Comparison { old, new, diff, connection })
}

/// The new database as `main`, the old one as `old`.
pub(crate) fn attach(old: &str, new: &str) -> Result<Connection, Failure> {
    let connection = open_uri(new).map_err(failed)?;
    connection.execute("ATTACH ? AS old", [old]).map_err(failed)?;
    // What does not fit is read again or goes to temporary files: memory is bounded. With 16 MiB each
    // the upper pages of a key's index stay, and a look-up reads one page or two.
    connection
        .execute_batch(
            "PRAGMA temp_store = FILE; PRAGMA main.cache_size = -16384; PRAGMA old.cache_size = -16384",
        )
        .map_err(failed)?;
    Ok(connection)
}

impl Comparison<'_> {
    /// Gives every row of a table that differs, in [`TablePair::each`]'s order. None of a table
    /// that only one release has.
    pub(crate) fn each_row(
        &self,
        table: &str,
        give: &mut dyn FnMut(RowChange) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match (self.old.table(table), self.new.table(table)) {
            (Some(old), Some(new)) => TablePair::new(&self.connection, &old.entry, &new.entry).each(give),
            _ => Ok(()),
        }
    }
}

fn dataset(
    connection: &Connection,
    name: &str,
    old: &ReleaseRef,
    new: &ReleaseRef,
) -> Result<DatasetDiff, Failure> {
    let (before, after) = (old.dataset(name), new.dataset(name));
    let version = |entry: Option<&Entry<Option<String>>>| entry.and_then(|entry| entry.entry.clone());
    let mut dataset = DatasetDiff {
        name: name.to_owned(),
        presence: presence(before.is_some(), after.is_some()),
        old_version: version(before),
        new_version: version(after),
        tables: vec![],
        causes: vec![],
    };
    if let (Some(before), Some(after)) = (before, after) {
        about(&json(&before.about), &json(&after.about), &mut dataset.causes);
    }
    let tables: BTreeSet<&str> =
        old.tables_of(name).chain(new.tables_of(name)).map(|table| table.entry.name.as_str()).collect();
    for table in tables {
        let of = |side: &'_ ReleaseRef| side.tables_of(name).find(|own| own.entry.name == table).cloned();
        let (before, after) = (of(old), of(new));
        let mut diff = TableDiff {
            name: table.to_owned(),
            presence: presence(before.is_some(), after.is_some()),
            old_rows: before.as_ref().map_or(0, |table| table.entry.rows),
            new_rows: after.as_ref().map_or(0, |table| table.entry.rows),
            key: None,
            schema: vec![],
            added: 0,
            removed: 0,
            changed: 0,
            data: vec![],
            examples: vec![],
        };
        match (before, after) {
            (Some(before), Some(after)) => {
                both(connection, &before, &after, old, &mut diff)?;
                if diff.schema.is_empty() && diff.data.is_empty() {
                    continue;
                }
            }
            (Some(_), None) if dataset.presence == Presence::Both => {
                dataset.causes.push(Rule::TableRemoved.cause(format!("table `{table}` was removed")));
            }
            (None, Some(_)) if dataset.presence == Presence::Both => {
                dataset.causes.push(Rule::TableAdded.cause(format!("table `{table}` was added")));
            }
            _ => {}
        }
        dataset.tables.push(diff);
    }
    Ok(dataset)
}

fn presence(old: bool, new: bool) -> Presence {
    match (old, new) {
        (true, false) => Presence::Removed,
        (false, true) => Presence::Added,
        _ => Presence::Both,
    }
}

fn about(old: &Value, new: &Value, causes: &mut Vec<Cause>) {
    if old.get("id") != new.get("id") {
        causes.push(Rule::IdChanged.cause("`id` changed"));
    }
    schema::metadata("", old, new, &OF_THE_PACKAGE, causes);
}

fn both(
    connection: &Connection,
    before: &Entry<Table>,
    after: &Entry<Table>,
    old: &ReleaseRef,
    diff: &mut TableDiff,
) -> Result<(), Failure> {
    diff.schema = schema::compare(&before.entry, &after.entry, &json(&before.about), &json(&after.about));
    if before.entry.digest == after.entry.digest {
        return Ok(());
    }
    let pair = TablePair::new(connection, &before.entry, &after.entry);
    diff.key = pair.key().map(<[String]>::to_vec);
    let references: BTreeSet<&str> =
        after.entry.schema.foreign_keys.iter().flat_map(|key| &key.columns).map(String::as_str).collect();
    let mut refers_elsewhere = 0_u64;
    let mut shown = [0; 3];
    pair.each(&mut |row| {
        let (counter, place) = match row.kind {
            ChangeKind::Added => (&mut diff.added, 0),
            ChangeKind::Removed => (&mut diff.removed, 1),
            ChangeKind::Changed => (&mut diff.changed, 2),
        };
        *counter += 1;
        let changed = row.kind == ChangeKind::Changed;
        if changed && row.new.iter().any(|cell| references.contains(&*cell.column)) {
            refers_elsewhere += 1;
        }
        if shown[place] < EXAMPLES {
            shown[place] += 1;
            diff.examples.push(row);
        }
        Ok(())
    })?;
    let rows = |number, what: &str| format!("{} {what}", count(number, "row"));
    let mut data = vec![];
    let mut say = |rule: Rule, text: String| data.push(rule.cause(text));
    if diff.added > 0 {
        say(Rule::RowsAdded, rows(diff.added, "added"));
    }
    if diff.removed > 0 {
        let tables: Vec<&Table> = old.tables.iter().map(|table| &table.entry).collect();
        let referenced = pair.referenced_rows_are_gone(&tables)?;
        let rule = if referenced { Rule::ReferencedRowsRemoved } else { Rule::RowsRemoved };
        let which = if referenced { "removed, some of which other tables referred to" } else { "removed" };
        say(rule, rows(diff.removed, which));
    }
    if diff.changed > 0 {
        say(Rule::RowsChanged, rows(diff.changed, "changed"));
    }
    if refers_elsewhere > 0 {
        let which = format!(
            "with {} to other rows",
            if refers_elsewhere == 1 { "a reference" } else { "references" }
        );
        say(Rule::ReferenceChanged, rows(refers_elsewhere, &which));
    }
    if diff.added + diff.removed + diff.changed == 0 && before.entry.schema == after.entry.schema {
        say(Rule::RowsReordered, "the order of the rows changed".into());
    }
    diff.data = data;
    Ok(())
}

/// A descriptor of the catalog, which the builder wrote as JSON.
fn json(about: &str) -> Value {
    serde_json::from_str(about).unwrap_or(Value::Null)
}
