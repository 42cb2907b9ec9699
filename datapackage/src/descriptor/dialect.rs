//! A resource's dialect (Table Dialect v2; CSV Dialect v1 is a part of it).

use super::document::{Data, Node};
use super::part::Part;
use super::section::{FileFindings, Section, integer};
use crate::finding::Code;
use crate::schema::Dialect;

/// `tsv`: the delimiter is a tab unless another is given.
pub(super) fn read(part: &Part, tsv: bool, report: &mut FileFindings<'_>) -> Dialect {
    let report = &mut FileFindings { path: part.finding_path.clone(), findings: report.findings };
    let section = &Section::new(&part.node, format!("{}: dialect", part.owner));
    let mut dialect = Dialect::default();
    if tsv {
        dialect.delimiter = b'\t';
    }
    if let Some(delimiter) = byte(section, "delimiter", report) {
        dialect.delimiter = delimiter;
    }
    match section.get("quoteChar") {
        Some(Node { data: Data::Null, .. }) => dialect.quote = None,
        Some(Node { data: Data::String(text), .. }) if text.is_empty() => dialect.quote = None,
        _ => {
            if let Some(quote) = byte(section, "quoteChar", report) {
                dialect.quote = Some(quote);
            }
        }
    }
    dialect.double_quote = section.boolean("doubleQuote", report).unwrap_or(true);
    if !matches!(section.get("escapeChar"), Some(Node { data: Data::Null, .. })) {
        dialect.escape = byte(section, "escapeChar", report);
    }
    line_terminator(section, &mut dialect, report);
    dialect.skip_initial_space = section.boolean("skipInitialSpace", report).unwrap_or(false);
    dialect.header = section.boolean("header", report).unwrap_or(true);
    header_rows(section, &mut dialect, report);
    if let Some(join) = section.string("headerJoin", report) {
        dialect.header_join = join.to_owned();
    }
    if let Some(rows) = rows(section, "commentRows", report) {
        dialect.comment_rows = rows;
    }
    if let Some(text) = section.string("commentChar", report) {
        if text.is_empty() {
            wrong(section, "commentChar", "must not be empty", report);
        } else if text.contains(['\n', '\r']) {
            wrong(section, "commentChar", "must not contain line breaks", report);
        } else {
            dialect.comment_char = Some(text.to_owned());
        }
    }
    contradictions(section, &dialect, report);
    if section.get("caseSensitiveHeader").is_some_and(|node| node.data == Data::Bool(false)) {
        let message = format!(
            "{}: `caseSensitiveHeader` is not supported: headers are compared exactly",
            section.owner
        );
        report.warning(section.node.line, Code::Unsupported, message, None);
    }
    dialect.null_sequence = section.string("nullSequence", report).map(str::to_owned);
    dialect
}

/// A property that is one ASCII character.
fn byte(section: &Section<'_>, name: &str, report: &mut FileFindings<'_>) -> Option<u8> {
    let text = section.string(name, report)?;
    match text.as_bytes() {
        [byte] if *byte != b'\n' && *byte != b'\r' && *byte != 0 => Some(*byte),
        [] => {
            wrong(section, name, "must not be empty", report);
            None
        }
        [_] => {
            wrong(section, name, "must not be a line break or a zero byte", report);
            None
        }
        _ => {
            let line = section.get(name).map_or(section.node.line, |node| node.line);
            let message =
                format!("`{name}` \"{}\" is not supported, only one ASCII character is", text.escape_debug());
            section.error(line, Code::Unsupported, &message, report);
            None
        }
    }
}

fn line_terminator(section: &Section<'_>, dialect: &mut Dialect, report: &mut FileFindings<'_>) {
    match section.string("lineTerminator", report) {
        // The default means CRLF on paper, and any line break in every reader.
        None | Some("\r\n" | "\n" | "\r") => {}
        Some(text) => match text.as_bytes() {
            [byte] if byte.is_ascii() && *byte != 0 => dialect.line_terminator = Some(*byte),
            [] => wrong(section, "lineTerminator", "must not be empty", report),
            _ => {
                let line = section.get("lineTerminator").map_or(section.node.line, |node| node.line);
                let message = format!(
                    "`lineTerminator` \"{}\" is not supported, only line breaks and one ASCII character are",
                    text.escape_debug()
                );
                section.error(line, Code::Unsupported, &message, report);
            }
        },
    }
}

fn header_rows(section: &Section<'_>, dialect: &mut Dialect, report: &mut FileFindings<'_>) {
    let Some(rows) = rows(section, "headerRows", report) else { return };
    if rows.is_empty() {
        // frictionless-py writes it for files without a header.
        dialect.header = false;
    } else if section.get("header").is_some() && !dialect.header {
        wrong(section, "headerRows", "contradicts `header`, which is false", report);
    } else {
        dialect.header_rows = rows;
    }
}

/// Row numbers: integers from 1, ascending.
fn rows(section: &Section<'_>, name: &str, report: &mut FileFindings<'_>) -> Option<Vec<u64>> {
    let items = section.array(name, report)?;
    let rows: Option<Vec<u64>> = items.iter().map(|item| integer(item).filter(|row| *row > 0)).collect();
    match rows {
        Some(mut rows) => {
            rows.sort_unstable();
            rows.dedup();
            Some(rows)
        }
        None => {
            wrong(section, name, "must be an array of row numbers, from 1", report);
            None
        }
    }
}

fn contradictions(section: &Section<'_>, dialect: &Dialect, report: &mut FileFindings<'_>) {
    let delimiter = Some(dialect.delimiter);
    if dialect.quote == delimiter {
        wrong(section, "quoteChar", "is the same as `delimiter`", report);
    }
    if dialect.escape == delimiter {
        wrong(section, "escapeChar", "is the same as `delimiter`", report);
    }
    if dialect.line_terminator == delimiter {
        wrong(section, "lineTerminator", "is the same as `delimiter`", report);
    }
    if dialect.quote.is_some() && dialect.line_terminator == dialect.quote {
        wrong(section, "lineTerminator", "is the same as `quoteChar`", report);
    }
    if let (Some(comment), Some(terminator)) = (&dialect.comment_char, dialect.line_terminator)
        && comment.bytes().any(|byte| byte == terminator)
    {
        wrong(section, "commentChar", "contains the `lineTerminator`", report);
    }
    let both = dialect.header_rows.iter().find(|row| dialect.comment_rows.contains(row));
    if let (true, Some(row)) = (dialect.header, both) {
        wrong(section, "commentRows", &format!("contains row {row}, which is a header row"), report);
    }
}

fn wrong(section: &Section<'_>, name: &str, problem: &str, report: &mut FileFindings<'_>) {
    let line = section.get(name).map_or(section.node.line, |node| node.line);
    section.error(line, Code::InvalidProperty, &format!("`{name}` {problem}"), report);
}
