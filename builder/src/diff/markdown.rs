//! Differences as a comment on a pull request: a table for each dataset, examples of its rows,
//! long lists folded, and never more than a comment can hold.
//!
//! Text from the data is shown as code with every character that Markdown or HTML
//! could take for its own written as an entity, so no cell can break out, link or mention anybody.

use std::fmt::Write as _;

use catalog::ChangeKind;

use super::text::{rows, steps, verdict};
use super::{DatasetDiff, Diff, Presence, RowChange, TableDiff, object};
use crate::count::{count, grouped};

/// GitHub takes 65,536 characters; something else may be written around this.
const MOST: usize = 60_000;

/// What the note about what was left out may take.
const NOTE: usize = 400;

/// Longer lists are folded.
const UNFOLDED: usize = 5;

/// How much of a value is shown, in characters.
const VALUE: usize = 200;

/// The comment, at most 60,000 characters long.
pub fn render(diff: &Diff, old: &str, new: &str) -> String {
    let title = format!("## Data changes from {} to {}\n", code(old), code(new));
    if diff.datasets.is_empty() {
        return title + "\nNo differences.\n";
    }
    let mut room = Room { left: MOST - NOTE, refused: 0 };
    room.take(&title);
    // The numbers of every dataset come before the examples of any.
    let headings: Vec<Option<String>> =
        diff.datasets.iter().map(|dataset| room.take(&heading(dataset))).collect();
    let mut text = title;
    for (dataset, heading) in diff.datasets.iter().zip(headings) {
        let Some(heading) = heading else { continue };
        text.push_str(&heading);
        details(dataset)
            .iter()
            .filter_map(|detail| room.take(detail))
            .for_each(|detail| text.push_str(&detail));
    }
    if room.refused > 0 {
        let _ = write!(
            text,
            "\n**{} of this report did not fit in {} characters.** \
             `builder diff` with the same two releases shows everything.\n",
            count(room.refused, "part"),
            grouped(MOST as u64),
        ); // a String takes everything
    }
    text
}

/// The characters that may still be written.
struct Room {
    left: usize,
    refused: usize,
}

impl Room {
    /// The whole piece or, if it does not fit, nothing of it.
    fn take(&mut self, piece: &str) -> Option<String> {
        let length = piece.chars().count();
        if length > self.left {
            self.refused += 1;
            return None;
        }
        self.left -= length;
        Some(piece.to_owned())
    }
}

/// The dataset, its verdict, and its tables in numbers.
fn heading(dataset: &DatasetDiff) -> String {
    let mut text = format!("\n### {}\n\n{}\n", code(&dataset.name), plain(&verdict(dataset)));
    if !dataset.causes.is_empty() {
        text.push('\n');
        for cause in &dataset.causes {
            let _ = writeln!(text, "- {} ({})", plain(&cause.text), cause.rule.level().name());
        }
    }
    if dataset.tables.is_empty() {
        return text;
    }
    text.push_str("\n| table | rows | added | removed | changed |\n|---|--:|--:|--:|--:|\n");
    for table in &dataset.tables {
        let [added, removed, changed] = [table.added, table.removed, table.changed]
            .map(|number| if table.presence == Presence::Both { grouped(number) } else { String::new() });
        let _ = writeln!(
            text,
            "| {} | {} | {added} | {removed} | {changed} |",
            code(&table.name),
            rows(table).replace("->", "→")
        );
    }
    text
}

/// What differs in each table, in pieces that can be left out one by one.
fn details(dataset: &DatasetDiff) -> Vec<String> {
    let mut pieces = vec![];
    for table in dataset.tables.iter().filter(|table| table.presence == Presence::Both) {
        if !table.schema.is_empty() {
            let lines = table
                .schema
                .iter()
                .map(|cause| format!("- {} ({})\n", plain(&cause.text), cause.rule.level().name()));
            let title = format!("Columns and metadata of {}", code(&table.name));
            pieces.push(section(&title, table.schema.len(), &lines.collect::<String>()));
        }
        for kind in [ChangeKind::Changed, ChangeKind::Added, ChangeKind::Removed] {
            let examples: Vec<&RowChange> = table.examples.iter().filter(|row| row.kind == kind).collect();
            if !examples.is_empty() {
                pieces.push(examples_of(table, kind, &examples));
            }
        }
    }
    pieces
}

fn examples_of(table: &TableDiff, kind: ChangeKind, examples: &[&RowChange]) -> String {
    let mut text = String::new();
    let total = match kind {
        ChangeKind::Added => table.added,
        ChangeKind::Removed => table.removed,
        ChangeKind::Changed => table.changed,
    };
    let lines = if kind == ChangeKind::Changed {
        text.push_str("| row | column | before | after |\n|---|---|---|---|\n");
        for row in examples {
            for (column, old, new) in steps(row) {
                let _ = writeln!(text, "| {} | {} | {} | {} |", key(row), code(column), code(old), code(new));
            }
        }
        examples.iter().map(|row| steps(row).count()).sum()
    } else {
        text.push_str("| row | values |\n|---|---|\n");
        for row in examples {
            let cells = if kind == ChangeKind::Added { &row.new } else { &row.old };
            let _ = writeln!(text, "| {} | {} |", key(row), code(&object(cells)));
        }
        examples.len()
    };
    let more = total - examples.len() as u64;
    if more > 0 {
        let _ = writeln!(text, "\n... and {} more.", grouped(more));
    }
    let title = format!("{} {} in {}", count(total, "row"), kind.name(), code(&table.name));
    section(&title, lines, &text)
}

fn key(row: &RowChange) -> String {
    row.key.as_deref().map_or_else(String::new, code)
}

/// A list with its title, folded where it is long.
fn section(title: &str, lines: usize, body: &str) -> String {
    if lines > UNFOLDED {
        format!("\n<details><summary>{title}</summary>\n\n{body}\n</details>\n")
    } else {
        format!("\n{title}:\n\n{body}")
    }
}

/// A fixed sentence, in which only the text between backticks comes from the data.
fn plain(sentence: &str) -> String {
    let parts: Vec<&str> = sentence.split('`').collect();
    // An even number of backticks parts it into an odd number of pieces; else it is all data.
    if parts.len().is_multiple_of(2) {
        return code(sentence);
    }
    let piece = |(index, part): (usize, &&str)| match index % 2 {
        0 => escaped(part, usize::MAX).replace("-&#62;", "→"),
        _ => code(part),
    };
    parts.iter().enumerate().map(piece).collect()
}

/// Data as code.
fn code(data: &str) -> String {
    format!("<code>{}</code>", escaped(data, VALUE))
}

/// At most `most` characters of `data`, none of which means anything to Markdown, to HTML or to
/// GitHub, and none of which is invisible or turns the direction of the text.
fn escaped(data: &str, most: usize) -> String {
    let mut text = String::with_capacity(data.len());
    for c in data.chars().take(most) {
        match c {
            ' ' | ',' | '.' | '-' | ';' | '=' | '/' | '%' | '?' => text.push(c),
            c if c.is_ascii_alphanumeric() => text.push(c),
            c if c.is_ascii_graphic() => {
                let _ = write!(text, "&#{};", c as u32);
            }
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                let _ = write!(text, "&#92;u{:04x}", c as u32);
            }
            c if c.is_control() => {
                let _ = write!(text, "&#92;u{:04x}", c as u32);
            }
            c => text.push(c),
        }
    }
    let more = data.chars().count().saturating_sub(most);
    if more > 0 {
        let _ = write!(text, "… ({} more)", count(more, "character"));
    }
    text
}
