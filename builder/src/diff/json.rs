//! Differences for programs: one JSON object with every changed row, a row a line.

use std::io::Write;

use catalog::ChangeKind;
use serde::Serialize;

use super::{Comparison, DatasetDiff, Presence, RowChange, TableDiff, next, object};
use crate::failure::Failure;

#[derive(Serialize)]
struct DatasetHead<'a> {
    name: &'a str,
    presence: &'static str,
    old_version: Option<&'a str>,
    new_version: Option<&'a str>,
    level: Option<&'static str>,
    next_version: Option<String>,
    causes: Vec<CauseRow<'a>>,
}

#[derive(Serialize)]
struct CauseRow<'a> {
    table: Option<&'a str>,
    rule: &'static str,
    level: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct TableHead<'a> {
    name: &'a str,
    presence: &'static str,
    key: Option<&'a [String]>,
    old_rows: u64,
    new_rows: u64,
    added: u64,
    removed: u64,
    changed: u64,
}

/// Writes the object that docs/versions.md describes. Rows are read again from both releases, one
/// by one. Errors: a release can't be read, or `out` not written.
pub fn write(out: &mut dyn Write, comparison: &Comparison<'_>) -> Result<(), Failure> {
    let failed = |error| Failure::Io { tried: "can't write the differences".into(), error };
    let names = [&comparison.old.name, &comparison.new.name].map(json);
    write!(out, "{{\"old\":{},\"new\":{},\"datasets\":[", names[0], names[1]).map_err(failed)?;
    for (index, dataset) in comparison.diff.datasets.iter().enumerate() {
        write!(out, "{}{}", comma(index), open(&json(&head(dataset)))).map_err(failed)?;
        write!(out, ",\"tables\":[").map_err(failed)?;
        for (index, table) in dataset.tables.iter().enumerate() {
            write!(out, "{}{},\"rows\":[", comma(index), open(&json(&table_head(table)))).map_err(failed)?;
            let mut first = true;
            comparison.each_row(&table.name, &mut |change| {
                let comma = if std::mem::take(&mut first) { "" } else { "," };
                write!(out, "{comma}\n{}", row(&change)).map_err(failed)
            })?;
            write!(out, "]}}").map_err(failed)?;
        }
        write!(out, "]}}").map_err(failed)?;
    }
    writeln!(out, "\n]}}").and_then(|()| out.flush()).map_err(failed)
}

fn head(dataset: &DatasetDiff) -> DatasetHead<'_> {
    let level = dataset.level();
    let old = dataset.old_version.as_deref().and_then(|version| semver::Version::parse(version).ok());
    let own = dataset.causes.iter().map(|cause| (None, cause));
    let tables = dataset.tables.iter().flat_map(|table| {
        table.schema.iter().chain(&table.data).map(|cause| (Some(table.name.as_str()), cause))
    });
    DatasetHead {
        name: &dataset.name,
        presence: presence(dataset.presence),
        old_version: dataset.old_version.as_deref(),
        new_version: dataset.new_version.as_deref(),
        level: level.map(super::Level::name),
        next_version: level.and_then(|level| old.map(|old| next(&old, level).to_string())),
        causes: own
            .chain(tables)
            .map(|(table, cause)| CauseRow {
                table,
                rule: cause.rule.name(),
                level: cause.rule.level().name(),
                text: &cause.text,
            })
            .collect(),
    }
}

fn table_head(table: &TableDiff) -> TableHead<'_> {
    TableHead {
        name: &table.name,
        presence: presence(table.presence),
        key: table.key.as_deref(),
        old_rows: table.old_rows,
        new_rows: table.new_rows,
        added: table.added,
        removed: table.removed,
        changed: table.changed,
    }
}

fn row(row: &RowChange) -> String {
    let key = row.key.as_ref().map_or_else(String::new, |key| format!(",\"key\":{}", json(key)));
    let old = (row.kind != ChangeKind::Added).then(|| format!(",\"old\":{}", object(&row.old)));
    let new = (row.kind != ChangeKind::Removed).then(|| format!(",\"new\":{}", object(&row.new)));
    format!(
        "{{\"change\":\"{}\"{key}{}{}}}",
        row.kind.name(),
        old.unwrap_or_default(),
        new.unwrap_or_default()
    )
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Both => "both",
        Presence::Added => "new",
        Presence::Removed => "old",
    }
}

/// An object without its end, for more to follow.
fn open(object: &str) -> &str {
    object.strip_suffix('}').unwrap_or(object)
}

fn comma(index: usize) -> &'static str {
    if index == 0 { "\n" } else { ",\n" }
}

fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default() // string keys only: it can't fail
}
