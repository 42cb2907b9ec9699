//! The changes between two versions of a dataset.

use std::collections::BTreeMap;

use catalog::{Change, ChangeKind, TableVersion};

use super::revision::{Evaluated, Revisions};
use super::row_order;
use super::version_walk::DatasetVersion;
use crate::diff::{TablePair, attach, column_changes, object};
use crate::failure::Failure;

/// What a version did to a table.
pub(super) enum Delta {
    /// To one row.
    Change(Change),
    /// The order that the rows had before, where the version does not say it by itself.
    Order(String),
}

/// Takes what a version did to a table of that name.
pub(super) type Give<'a> = dyn FnMut(&str, Delta) -> Result<(), Failure> + 'a;

/// What `new` did to each of its tables; the changed rows of those with a primary key go to
/// `give`, table by table. From the cache if possible. Errors: a revision can't be read.
pub(super) fn delta(
    old: &DatasetVersion,
    new: &DatasetVersion,
    directory: &str,
    revisions: &mut Revisions<'_>,
    give: &mut Give<'_>,
) -> Result<BTreeMap<String, TableVersion>, Failure> {
    let roots = [&old.revision, &new.revision].map(|revision| revision.root.clone().unwrap_or_default());
    let source = ["delta", directory, &roots[0], &roots[1]];
    if let Some(lines) = revisions.cache().read(&source) {
        let mut tables = None;
        for line in lines {
            let line = line.map_err(|error| Failure::Io { tried: "can't read the cache".into(), error })?;
            match parse(&line, new.revision.ordinal) {
                Some(Line::Delta(table, delta)) => give(&table, delta)?,
                Some(Line::Tables(found)) => tables = Some(found),
                None => {
                    return Err(Failure::Refused(format!(
                        "an entry of the cache has the invalid line {line}"
                    )));
                }
            }
        }
        return Ok(tables.unwrap_or_default());
    }
    let mut entry = revisions.cache().create(&source);
    let tables = compute(old, new, directory, revisions, &mut |table, delta| {
        let line = match &delta {
            Delta::Change(Change { key, kind, values, .. }) => {
                serde_json::to_string(&(table, key, kind, values))
            }
            Delta::Order(order) => serde_json::to_string(&(table, order)),
        };
        if let (Some(new), Ok(line)) = (&mut entry, line)
            && new.line(&line).is_err()
        {
            entry = None;
        }
        give(table, delta)
    })?;
    if let (Some(new), Ok(line)) = (&mut entry, serde_json::to_string(&tables))
        && new.line(&line).is_ok()
    {
        revisions.cache().put(entry);
    }
    Ok(tables)
}

enum Line {
    Delta(String, Delta),
    Tables(BTreeMap<String, TableVersion>),
}

fn parse(line: &str, ordinal: u64) -> Option<Line> {
    if line.starts_with('{') {
        return serde_json::from_str(line).ok().map(Line::Tables);
    }
    if let Ok((table, order)) = serde_json::from_str(line) {
        return Some(Line::Delta(table, Delta::Order(order)));
    }
    let (table, key, kind, values): (String, String, ChangeKind, String) = serde_json::from_str(line).ok()?;
    Some(Line::Delta(table, Delta::Change(Change { ordinal, key, kind, values })))
}

fn compute(
    old: &DatasetVersion,
    new: &DatasetVersion,
    directory: &str,
    revisions: &mut Revisions<'_>,
    give: &mut Give<'_>,
) -> Result<BTreeMap<String, TableVersion>, Failure> {
    let (Evaluated::Good(before), Evaluated::Good(after)) = (&old.evaluated, &new.evaluated) else {
        return Ok(BTreeMap::new());
    };
    let mut connection = None;
    let mut tables = BTreeMap::new();
    for (name, after) in after {
        let table = &after.entry;
        let mut version =
            TableVersion { rows: table.rows, digest: table.digest.clone(), ..TableVersion::default() };
        match before.get(name) {
            None => version.reset = true,
            Some(before) => {
                let other = &before.entry;
                version.columns = column_changes(&other.schema, &table.schema);
                version.reset = !is_keyed(other, table);
                if !version.reset && other.digest != table.digest {
                    let connection = match &mut connection {
                        Some(connection) => connection,
                        none => {
                            let uris = [&old.revision, &new.revision]
                                .map(|revision| revisions.database(revision, directory));
                            let [old, new] = uris;
                            none.insert(attach(&old?, &new?)?)
                        }
                    };
                    let pair = TablePair::new(connection, other, table);
                    rows(&pair, name, new.revision.ordinal, &mut version, give)?;
                    if let Some(order) = row_order::before(connection, other, table)? {
                        give(name, Delta::Order(order))?;
                    }
                }
            }
        }
        tables.insert(name.clone(), version);
    }
    Ok(tables)
}

fn is_keyed(old: &catalog::Table, new: &catalog::Table) -> bool {
    let storage =
        |table: &catalog::Table, name: &str| table.column(name).map(|column| column.column_type.storage());
    let key = &new.schema.primary_key;
    !key.is_empty()
        && *key == old.schema.primary_key
        && key.iter().all(|name| storage(old, name) == storage(new, name))
}

fn rows(
    pair: &TablePair<'_>,
    table: &str,
    ordinal: u64,
    version: &mut TableVersion,
    give: &mut Give<'_>,
) -> Result<(), Failure> {
    pair.each(&mut |row| {
        *match row.kind {
            ChangeKind::Added => &mut version.added,
            ChangeKind::Removed => &mut version.removed,
            ChangeKind::Changed => &mut version.changed,
        } += 1;
        let values = match row.kind {
            ChangeKind::Added => format!("{{\"new\":{}}}", object(&row.new)),
            ChangeKind::Removed => format!("{{\"old\":{}}}", object(&row.old)),
            ChangeKind::Changed => format!("{{\"old\":{},\"new\":{}}}", object(&row.old), object(&row.new)),
        };
        let key = row.key.unwrap_or_default();
        give(table, Delta::Change(Change { ordinal, key, kind: row.kind, values }))
    })
}
