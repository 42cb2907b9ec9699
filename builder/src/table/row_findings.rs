//! Problems of a row or a file as a whole.

use super::file::Found;
use super::header::Columns;
use super::records::TextRecord;
use crate::count::count;
use datapackage::cell::{CellProblem, quoted};
use datapackage::finding::{Code, Finding, Severity};
use datapackage::schema::Table;

/// A row of delimiters and nothing else.
pub(super) fn empty_row() -> Found {
    let help = "remove the row, or give it a value; blank lines are skipped";
    let message = "row has no value, only empty cells".to_owned();
    let problem = CellProblem { code: Code::EmptyRow, message, help: Some(help.to_owned()) };
    (None, problem, Severity::Error)
}

/// A row without a value whose cells are words for that, such as `word`.
pub(super) fn only_words(word: &str) -> Found {
    let message = format!("row has no value, only cells such as {}", quoted(word));
    (None, CellProblem { code: Code::EmptyRow, message, help: None }, Severity::Warning)
}

/// The control character of a text that should be looked at: U+0000, or else the first. Tabs and ends of
/// lines are none.
pub(super) fn control_character(index: usize, cell: &str) -> Option<Found> {
    let is_one = |c: &char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    let found = if cell.contains('\0') { '\0' } else { cell.chars().find(is_one)? };
    let name = format!("U+{:04X}", u32::from(found));
    let (what, help, severity) = match found {
        '\0' => (
            "which ends a text in SQLite's functions and in many programs",
            "remove it; a file in UTF-16 needs `encoding`",
            Severity::Error,
        ),
        '\u{80}'..='\u{9f}' => (
            "a control character",
            "it may be a character of windows-1252, read as ISO 8859-1 when the file was made",
            Severity::Warning,
        ),
        _ => ("a control character", "remove it unless it is part of the text", Severity::Warning),
    };
    let message = format!("{} has {name}, {what}", quoted(cell));
    Some((
        Some(index),
        CellProblem { code: Code::ControlCharacter, message, help: Some(help.into()) },
        severity,
    ))
}

/// A row that is not as wide as the header.
pub(super) fn wrong_width(table: &Table, row: TextRecord<'_>, columns: &Columns) -> Found {
    let (found, width) = (row.len(), columns.fields.len());
    let wanted = if table.dialect.header { "the header has" } else { "the descriptor has" };
    let mut message = format!("row has {}, {wanted} {width}", count(found, "cell"));
    let code = if found < width {
        let missing = columns.fields[found..].iter().find_map(|field| *field);
        if let Some(field) = missing {
            message.push_str(&format!("; first missing: `{}`", table.fields[field].name));
        }
        Code::MissingCell
    } else {
        message.push_str(&format!("; first extra: {}", quoted(row.cell(width))));
        Code::ExtraCell
    };
    (None, CellProblem { code, message, help: None }, Severity::Error)
}

#[cold]
pub(super) fn unreadable(path: &str, error: &std::io::Error) -> Finding {
    whole_file(path, Code::UnreadableFile, format!("file can't be read: {error}"))
}

/// A finding that has no place in the file.
pub(super) fn whole_file(path: &str, code: Code, message: String) -> Finding {
    Finding {
        path: path.to_owned(),
        line: None,
        column: None,
        code,
        severity: Severity::Error,
        message,
        help: None,
    }
}
