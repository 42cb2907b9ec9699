//! Differences for people, as lines.

use std::io::{self, Write};

use catalog::ChangeKind;

use super::{Cell, DatasetDiff, Diff, Presence, RowChange, TableDiff, next, object};
use crate::count::{count, grouped};

/// Writes a paragraph for each dataset that differs; of its rows the first of each kind.
pub fn write(out: &mut dyn Write, diff: &Diff) -> io::Result<()> {
    if diff.datasets.is_empty() {
        return writeln!(out, "no differences");
    }
    for (index, dataset) in diff.datasets.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}: {}", dataset.name, verdict(dataset))?;
        for cause in &dataset.causes {
            writeln!(out, "  [{}] {}", cause.rule.name(), cause.text)?;
        }
        for table in &dataset.tables {
            write_table(out, table)?;
        }
    }
    Ok(())
}

fn write_table(out: &mut dyn Write, table: &TableDiff) -> io::Result<()> {
    writeln!(out, "  {}: {}", table.name, rows(table))?;
    for cause in table.schema.iter().chain(&table.data) {
        writeln!(out, "    [{}] {}", cause.rule.name(), cause.text)?;
    }
    for row in &table.examples {
        writeln!(out, "    {}", line(row))?;
    }
    let more = table.added + table.removed + table.changed - table.examples.len() as u64;
    if more > 0 {
        writeln!(out, "    ... and {} that the JSON format shows", count(more, "changed row"))?;
    }
    Ok(())
}

/// The level of a dataset's changes, and which version they require.
pub(super) fn verdict(dataset: &DatasetDiff) -> String {
    let named = |version: &Option<String>| version.clone().unwrap_or_else(|| "no version".into());
    match dataset.presence {
        Presence::Added => return format!("new, {}", named(&dataset.new_version)),
        Presence::Removed => return format!("removed, was {}", named(&dataset.old_version)),
        Presence::Both => {}
    }
    let step = if dataset.old_version == dataset.new_version {
        named(&dataset.old_version)
    } else {
        format!("{} -> {}", named(&dataset.old_version), named(&dataset.new_version))
    };
    let Some(level) = dataset.level() else {
        return format!("{step}, no other changes");
    };
    let old = dataset.old_version.as_deref().and_then(|version| semver::Version::parse(version).ok());
    match old {
        Some(old) => format!("{step}, the changes are {} and need {}", level.name(), next(&old, level)),
        None => format!("{step}, the changes are {}", level.name()),
    }
}

/// How many rows there were and are.
pub(super) fn rows(table: &TableDiff) -> String {
    match table.presence {
        Presence::Added => format!("new, {}", count(table.new_rows, "row")),
        Presence::Removed => format!("removed, had {}", count(table.old_rows, "row")),
        Presence::Both if table.old_rows == table.new_rows => count(table.new_rows, "row"),
        Presence::Both => format!("{} -> {}", grouped(table.old_rows), count(table.new_rows, "row")),
    }
}

fn line(row: &RowChange) -> String {
    let key = row.key.as_ref().map_or_else(String::new, |key| format!("{key} "));
    match row.kind {
        ChangeKind::Added => format!("+ {key}{}", object(&row.new)),
        ChangeKind::Removed => format!("- {key}{}", object(&row.old)),
        ChangeKind::Changed => {
            let cells = steps(row).map(|(column, old, new)| format!("{column}: {old} -> {new}"));
            format!("~ {key}{}", cells.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Each column of a changed row with its values before and after; one that was not there is null.
pub(super) fn steps(row: &RowChange) -> impl Iterator<Item = (&str, &str, &str)> {
    let find = |cells: &'_ [Cell], column: &str| cells.iter().position(|cell| *cell.column == *column);
    let new = row.new.iter().map(move |cell| {
        let old = find(&row.old, &cell.column).map_or("null", |at| row.old[at].json.as_str());
        (&*cell.column, old, cell.json.as_str())
    });
    let gone = row.old.iter().filter(move |cell| find(&row.new, &cell.column).is_none());
    new.chain(gone.map(|cell| (&*cell.column, cell.json.as_str(), "null")))
}
