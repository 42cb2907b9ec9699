//! Where a file's table is: titles above the header, no header at all, units below it, totals and footnotes at the end.

use super::notes::Notes;
use super::number::{NotNumber, scan};
use super::survey::{Row, Survey};
use super::temporal::{Temporal, punctuation};
use super::words::{MISSING, is_total};
use crate::count::count;
use datapackage::cell::quoted;

/// How many rows at the start may be titles, and at the end totals and footnotes.
const MOST: usize = 30;

/// Where the table is.
pub(super) struct Layout {
    /// The row of names; `None` where the first row is data.
    pub(super) header: Option<Row>,
    /// The numbers of rows that are no data, ascending, the header not among them.
    pub(super) skipped: Vec<u64>,
    /// How many cells rows have.
    pub(super) width: usize,
    /// The header lacks a name for the first column, which has the names of the rows.
    pub(super) has_row_names: bool,
}

impl Layout {
    /// `first` is the index of the first row after those that a person has explained already, such as `sep=;`.
    pub(super) fn new(survey: &Survey, first: usize, temporals: &[Temporal], notes: &mut Notes) -> Self {
        let width = survey.width();
        let mut skipped: Vec<u64> = survey.first[..first].iter().map(|row| row.number).collect();
        let rows = &survey.first[first..];
        let titles = titles(rows, width, temporals);
        if titles > 0 {
            let shown = rows[..titles].iter().find(|row| row.filled() > 0).map_or(&rows[0], |row| row);
            let text = shown.cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
            notes.doubt(format!(
                "what is above the header on line {} is left out (`commentRows`): {}",
                rows[titles].line,
                quoted(text)
            ));
            skipped.extend(rows[..titles].iter().map(|row| row.number));
        }
        let rows = &rows[titles..];
        let Some(top) = rows.first() else {
            return Self { header: None, skipped, width, has_row_names: false };
        };
        let body: Vec<&Row> = rows[1..].iter().filter(|row| row.filled() > 0).collect();
        let kinds = Kinds::new(&body, width, temporals);
        if titles == 0 && kinds.has(top) {
            notes.doubt(format!(
                "there is no header: line {} has values like the rows below it; columns are named `column_1` and so on, \
                 rename them in the descriptor",
                top.line
            ));
            skipped.extend(footer(survey, top.line, width, &kinds, notes));
            skipped.sort_unstable();
            return Self { header: None, skipped, width, has_row_names: false };
        }
        if let [second, ..] = &body[..]
            && is_rule(second)
        {
            skipped.push(second.number);
        } else if let [second, rest @ ..] = &body[..]
            && kinds.are_units(second, rest)
        {
            notes.doubt(format!(
                "line {} has units or a second header, and is left out (`commentRows`): {}",
                second.line,
                quoted(second.cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str))
            ));
            skipped.push(second.number);
        }
        skipped.extend(footer(survey, top.line, width, &kinds, notes));
        skipped.sort_unstable();
        let of_width = body.iter().filter(|row| row.cells.len() == width).count();
        let is_wider = width == top.cells.len() + 1 && of_width * 10 >= body.len() * 9 && width > 1;
        let last_is_used =
            body.iter().any(|row| row.cells.get(width - 1).is_some_and(|cell| !cell.is_empty()));
        let ends_empty = top.cells.get(width..).is_some_and(|rest| rest.iter().all(String::is_empty));
        let is_narrower =
            width < top.cells.len() && ends_empty && of_width * 10 >= body.len() * 9 && width > 1;
        let has_row_names = is_wider && last_is_used;
        let width = if is_wider || is_narrower { width } else { top.cells.len() };
        Self { header: Some(top.clone()), skipped, width, has_row_names }
    }
}

/// Whether a row is a line that programs draw below a header.
fn is_rule(row: &Row) -> bool {
    let text = row.cells.concat();
    text.len() >= 3 && text.contains(['-', '=']) && text.chars().all(|c| "-=+|: ".contains(c))
}

/// How many rows at the start are titles.
fn titles(rows: &[Row], width: usize, temporals: &[Temporal]) -> usize {
    let comments = comments(rows, temporals);
    if comments > 0 {
        return comments;
    }
    let most = rows.iter().take(MOST * 2).map(Row::filled).max().unwrap_or(0);
    if width < 2 || most < 2 {
        return 0;
    }
    let is_full =
        |row: &Row| row.filled() * 5 >= most * 3 && row.filled() >= 2 || row.filled() + 1 == most && most > 2;
    let Some(header) = rows.iter().take(MOST).position(is_full).filter(|header| *header > 0) else {
        return 0;
    };
    let above = &rows[..header];
    // An index has no name, and a table of two columns may lack another.
    let is_title = |row: &Row| {
        let is_short = row.cells.len() < width || row.filled() * 2 < most.max(width) || row.filled() == 0;
        is_short && (row.cells.first().is_some_and(|cell| !cell.is_empty()) || row.filled() == 0 || width > 3)
    };
    let are_names = rows[header].cells.iter().filter(|cell| kind(cell, temporals) == Kind::Text).count();
    // A year may be the name of a column, but a row of nothing but years is not a header.
    if above.iter().all(is_title) && are_names > 0 { header } else { 0 }
}

/// How many rows at the start are comments: they begin with `#`, and the row below them has names. Otherwise the last of
/// them has the names.
fn comments(rows: &[Row], temporals: &[Temporal]) -> usize {
    let is_comment = |row: &&Row| row.cells.first().is_some_and(|cell| cell.starts_with('#'));
    let comments = rows.iter().take_while(is_comment).count();
    let Some(below) = rows.get(comments).filter(|_| comments > 0) else { return 0 };
    let is_name = |cell: &String| kind(cell, temporals) == Kind::Text;
    // `#id,name` is a header rather than a comment.
    let last = &rows[comments - 1].cells;
    let is_header = last.len() == below.cells.len()
        && last[0].strip_prefix('#').is_some_and(|name| name.starts_with(char::is_alphanumeric));
    if below.cells.iter().all(is_name) && !is_header { comments } else { comments - 1 }
}

/// What a cell looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Empty,
    Number,
    Temporal,
    Boolean,
    Text,
}

fn kind(cell: &str, temporals: &[Temporal]) -> Kind {
    let cell = cell.trim();
    if cell.is_empty() || MISSING.contains(&cell) {
        return Kind::Empty;
    }
    match scan(cell) {
        // "2020 kg" is a name rather than a value.
        Ok(number) if !matches!(number.mark, Some(super::number::Mark::Unit(_))) => return Kind::Number,
        Err(NotNumber::Negative | NotNumber::TooLong) => return Kind::Number,
        Err(NotNumber::LeadingZero) if cell.bytes().all(|byte| byte.is_ascii_digit()) => return Kind::Number,
        _ => {}
    }
    if ["true", "false"].contains(&cell.to_ascii_lowercase().as_str()) {
        return Kind::Boolean;
    }
    match punctuation(cell) {
        Some(shape) if temporals.iter().any(|temporal| temporal.fits(cell, &shape)) => Kind::Temporal,
        _ => Kind::Text,
    }
}

/// What the columns of a body look like.
struct Kinds<'a> {
    /// The kind of all values of a column; `None` where they differ or there are none.
    kinds: Vec<Option<Kind>>,
    body: &'a [&'a Row],
    temporals: &'a [Temporal],
}

impl<'a> Kinds<'a> {
    fn new(body: &'a [&'a Row], width: usize, temporals: &'a [Temporal]) -> Self {
        let of = |column: usize| {
            let cells = body.iter().filter_map(|row| row.cells.get(column));
            let mut kinds = vec![];
            for kind in cells.map(|cell| kind(cell, temporals)).filter(|kind| *kind != Kind::Empty) {
                match kinds.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, rows)) => *rows += 1,
                    None => kinds.push((kind, 1_usize)),
                }
            }
            let all: usize = kinds.iter().map(|(_, rows)| rows).sum();
            // Units, totals and the odd wrong cell do not change what a column is.
            let most = kinds.iter().find(|(_, rows)| rows * 10 >= all * 8 || all - rows == 1 && *rows > 1);
            most.map(|(kind, _)| *kind)
        };
        Self { kinds: (0..width).map(of).collect(), body, temporals }
    }

    /// Whether a row has the kinds of the body: in some column that is not text, and in none another.
    fn has(&self, row: &Row) -> bool {
        let mut alike = 0;
        for (column, body) in self.kinds.iter().enumerate() {
            let Some(body) = body.filter(|kind| *kind != Kind::Text) else { continue };
            let cell = row.cells.get(column).map_or("", String::as_str);
            match kind(cell, self.temporals) {
                Kind::Empty => {}
                found if found == body && !self.is_label(row, column) => alike += 1,
                _ => return false,
            }
        }
        alike > 0 || self.repeats(row)
    }

    /// Whether a number at the top of a column is its name: a year above other numbers, or one of a series.
    fn is_label(&self, row: &Row, column: usize) -> bool {
        let number = |row: &Row, column: usize| row.cells.get(column)?.trim().parse::<i64>().ok();
        let is_year = |value: i64| (1500..=2200).contains(&value);
        let Some(value) = number(row, column) else { return false };
        let years =
            self.body.iter().filter_map(|row| number(row, column)).filter(|value| is_year(*value)).count();
        if is_year(value) && years * 2 < self.body.len() {
            return true;
        }
        let is_series = |row: &Row| {
            let step = |a: usize, b: usize| Some(number(row, b)? - number(row, a)?);
            let steps = [column.checked_sub(2), column.checked_sub(1), Some(column)];
            steps.into_iter().flatten().any(|from| {
                let step = (step(from, from + 1), step(from + 1, from + 2));
                matches!(step, (Some(1), Some(1)) | (Some(-1), Some(-1)))
            })
        };
        is_series(row) && !self.body.iter().take(5).any(|row| is_series(row))
    }

    /// Whether a row of texts has a value that its column has again and again, which a name is not.
    fn repeats(&self, row: &Row) -> bool {
        let is_again = |column: usize, cell: &String| {
            let again = self.body.iter().filter(|row| row.cells.get(column) == Some(cell)).count();
            !cell.is_empty() && again * 20 >= self.body.len() && again >= 2
        };
        let is_header_again = self.body.iter().any(|body| body.cells == row.cells);
        !is_header_again && row.cells.iter().enumerate().any(|(column, cell)| is_again(column, cell))
    }

    /// Whether a row is a second header: it fits no column that is not text, and the rows below do.
    fn are_units(&self, row: &Row, rest: &[&Row]) -> bool {
        let typed: Vec<usize> = (0..self.kinds.len())
            .filter(|column| self.kinds[*column].is_some_and(|kind| kind != Kind::Text))
            .collect();
        let of =
            |row: &Row, column: usize| kind(row.cells.get(column).map_or("", String::as_str), self.temporals);
        let is_other = |column: &usize| of(row, *column) == Kind::Text;
        let is_empty = |column: &usize| of(row, *column) == Kind::Empty;
        let others = typed.iter().filter(|column| is_other(column)).count();
        others > 0
            && others * 2 > typed.len()
            && typed.iter().all(|column| is_other(column) || is_empty(column))
            && rest.len() >= 2
            && rest
                .iter()
                .take(3)
                .all(|row| typed.iter().any(|column| Some(of(row, *column)) == self.kinds[*column]))
    }
}

/// The numbers of the rows at the end that are totals or footnotes, and of empty ones among them.
fn footer(survey: &Survey, top: u64, width: usize, kinds: &Kinds<'_>, notes: &mut Notes) -> Vec<u64> {
    let mut rows: Vec<&Row> = vec![];
    let mut found: Vec<(&Row, &str)> = vec![];
    let first_is_filled =
        kinds.body.iter().filter(|row| row.cells.first().is_some_and(|cell| !cell.is_empty())).count();
    let usual = kinds.body.iter().map(|row| row.filled()).max().unwrap_or(0);
    for row in survey.backwards().take_while(|row| row.line > top).take(MOST) {
        let filled = row.filled();
        let text = row.cells.iter().find(|cell| !cell.is_empty()).map_or("", String::as_str);
        let numbers = || row.cells.iter().filter(|cell| kind(cell, kinds.temporals) == Kind::Number).count();
        let has_no_label = row.cells.first().is_some_and(String::is_empty)
            && first_is_filled + 3 >= kinds.body.len()
            && kinds.body.len() >= 3
            && numbers() == filled
            && filled * 2 <= usual;
        let is_alone = filled == 1 && row.cells.first().is_some_and(|cell| !cell.is_empty());
        let is_note = is_alone && (row.cells.len() == 1 && width > 1 && usual > 1 || width > 2 && usual > 2);
        if filled == 0 && row.cells.len() > 1 {
            rows.push(row);
        } else if is_total(text) && width > 1 {
            found.push((row, "totals"));
        } else if has_no_label {
            found.push((row, "totals without a label"));
        } else if is_note && kind(text, kinds.temporals) == Kind::Text {
            found.push((row, "a note"));
        } else {
            break;
        }
    }
    for (row, what) in found.iter().rev() {
        let text: Vec<&str> = row.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        notes.doubt(format!(
            "line {} at the end has {what}, and is left out (`commentRows`): {}",
            row.line,
            quoted(&text.join(" "))
        ));
    }
    // Empty rows at the end of the file alone are what spreadsheets leave.
    if found.is_empty() && !rows.is_empty() {
        notes.detail(format!(
            "commentRows: {} at the end of the file",
            count(rows.len(), "row without values")
        ));
    }
    rows.iter().chain(found.iter().map(|(row, _)| row)).map(|row| row.number).collect()
}
