//! A file whose columns are separated by another character than the descriptor says: one finding that names
//! it, in place of one for every column and row.

use super::file::Found;
use super::records::TextRecord;
use datapackage::cell::{CellProblem, quoted};
use datapackage::finding::{Code, Severity};
use datapackage::schema::Table;

/// The usual ones.
const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// The problem of a header with these names, if another delimiter explains them.
pub(super) fn of_header(table: &Table, names: &[String]) -> Option<Found> {
    let is_field = |name: &str| table.fields.iter().any(|field| field.name == name);
    if names.iter().any(|name| is_field(name)) {
        return None;
    }
    let row = names.join(&char::from(table.dialect.delimiter).to_string());
    let explained = |delimiter: &char| {
        let parts = parts(&row, *delimiter);
        let known = parts.iter().filter(|part| is_field(part)).count();
        let enough = known > 0 && known * 2 >= parts.len().min(table.fields.len());
        // Other names, as in a file in another language, but as many.
        let as_many = names.len() == 1 && parts.len() == table.fields.len();
        (parts.len() > 1 && (enough || as_many)).then_some(known)
    };
    let best = others(table).filter_map(|delimiter| Some((explained(&delimiter)?, delimiter)));
    let (_, delimiter) = best.max_by_key(|(known, _)| *known)?;
    Some(problem(table, "header", &row, delimiter))
}

/// The problem of the first row of a file without a header.
pub(super) fn of_row(table: &Table, row: TextRecord<'_>) -> Option<Found> {
    if table.dialect.header || row.len() != 1 || table.fields.len() < 2 {
        return None;
    }
    let row = row.cell(0);
    let delimiter = others(table).find(|delimiter| parts(row, *delimiter).len() == table.fields.len())?;
    Some(problem(table, "row", row, delimiter))
}

fn others(table: &Table) -> impl Iterator<Item = char> {
    let declared = char::from(table.dialect.delimiter);
    DELIMITERS.into_iter().filter(move |delimiter| *delimiter != declared)
}

/// The cells of a row, roughly: quotes go.
fn parts(row: &str, delimiter: char) -> Vec<&str> {
    row.split(delimiter).map(|part| part.trim().trim_matches('"')).collect()
}

fn problem(table: &Table, what: &str, row: &str, delimiter: char) -> Found {
    let declared = char::from(table.dialect.delimiter);
    let message = format!(
        "{what} {} has columns that are separated by {}, not by {}",
        quoted(row),
        name(delimiter),
        name(declared)
    );
    let help = format!("set `\"delimiter\": \"{}\"` in the resource's `dialect`", delimiter.escape_default());
    (None, CellProblem { code: Code::WrongDelimiter, message, help: Some(help) }, Severity::Error)
}

fn name(delimiter: char) -> String {
    if delimiter == '\t' { "tabs".to_owned() } else { format!("`{delimiter}`") }
}
