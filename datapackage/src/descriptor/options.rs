//! The properties that only some types have (Table Schema v2, "Field Types").

use catalog::ColumnType;

use super::section::{FileFindings, Section, suggestion};
use crate::cell::{FALSE, TRUE};
use crate::finding::Code;
use crate::schema::Options;

/// The types that a list's items can have.
const ITEM_TYPES: [ColumnType; 7] = [
    ColumnType::String,
    ColumnType::Integer,
    ColumnType::Boolean,
    ColumnType::Number,
    ColumnType::Datetime,
    ColumnType::Date,
    ColumnType::Time,
];

/// Which options are for which types.
const OPTIONS: [(&str, &[ColumnType]); 8] = [
    ("decimalChar", &[ColumnType::Number]),
    ("groupChar", &[ColumnType::Number, ColumnType::Integer]),
    ("bareNumber", &[ColumnType::Number, ColumnType::Integer]),
    ("trueValues", &[ColumnType::Boolean]),
    ("falseValues", &[ColumnType::Boolean]),
    ("delimiter", &[ColumnType::List]),
    ("itemType", &[ColumnType::List]),
    ("categoriesOrdered", &[ColumnType::String, ColumnType::Integer]),
];

pub(super) fn read(section: &Section<'_>, field_type: ColumnType, report: &mut FileFindings<'_>) -> Options {
    let mut options = Options::default();
    without_meaning(section, field_type, report);
    match field_type {
        ColumnType::Number => {
            options.decimal_char = separator(section, "decimalChar", report).filter(|text| text != ".");
            options.group_char = separator(section, "groupChar", report);
            options.strip_non_numeric = section.boolean("bareNumber", report) == Some(false);
            let decimal = options.decimal_char.as_deref().unwrap_or(".");
            if options.group_char.as_deref() == Some(decimal) {
                wrong(section, "groupChar", "is the same as `decimalChar`", report);
            }
        }
        ColumnType::Integer => {
            options.group_char = separator(section, "groupChar", report);
            options.strip_non_numeric = section.boolean("bareNumber", report) == Some(false);
        }
        ColumnType::Boolean => {
            options.true_values = words(section, "trueValues", report);
            options.false_values = words(section, "falseValues", report);
            one_meaning(section, &options, report);
        }
        ColumnType::List => {
            options.delimiter = filled(section, "delimiter", report).filter(|text| text != ",");
            options.item_type = item_type(section, report);
        }
        _ => {}
    }
    options
}

/// An option of another type changes nothing, which its author should know.
fn without_meaning(section: &Section<'_>, field_type: ColumnType, report: &mut FileFindings<'_>) {
    for (name, types) in OPTIONS {
        let Some(node) = section.get(name).filter(|_| !types.contains(&field_type)) else { continue };
        let names: Vec<&str> = types.iter().map(|known| known.name()).collect();
        let message = format!("{}: `{name}` has no meaning for type `{}`", section.owner, field_type.name());
        report.warning(
            node.line,
            Code::InvalidProperty,
            message,
            format!("it applies to {}", names.join(", ")),
        );
    }
}

/// A string that is not empty.
fn filled(section: &Section<'_>, name: &str, report: &mut FileFindings<'_>) -> Option<String> {
    let text = section.string(name, report)?;
    if text.is_empty() {
        wrong(section, name, "must not be empty", report);
        return None;
    }
    Some(text.to_owned())
}

/// A string that can separate digits.
fn separator(section: &Section<'_>, name: &str, report: &mut FileFindings<'_>) -> Option<String> {
    let text = filled(section, name, report)?;
    if text.contains(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-')) {
        wrong(section, name, "must not contain digits or signs", report);
        return None;
    }
    Some(text)
}

/// No word may mean both true and false.
fn one_meaning(section: &Section<'_>, options: &Options, report: &mut FileFindings<'_>) {
    let default = |words: [&str; 4]| words.map(str::to_owned).to_vec();
    let yes = options.true_values.clone().unwrap_or_else(|| default(TRUE));
    let no = options.false_values.clone().unwrap_or_else(|| default(FALSE));
    let name = if options.false_values.is_some() { "falseValues" } else { "trueValues" };
    if let Some(word) = no.iter().find(|word| yes.contains(word)) {
        let problem = format!("makes \"{}\" both true and false", word.escape_debug());
        wrong(section, name, &problem, report);
    }
}

fn words(section: &Section<'_>, name: &str, report: &mut FileFindings<'_>) -> Option<Vec<String>> {
    let words = section.strings(name, report)?;
    Some(words.into_iter().map(|(word, _)| word).collect())
}

fn item_type(section: &Section<'_>, report: &mut FileFindings<'_>) -> Option<ColumnType> {
    let name = section.string("itemType", report)?;
    let known = ITEM_TYPES.into_iter().find(|known| known.name() == name);
    if known.is_none() {
        let line = section.get("itemType").map_or(section.node.line, |node| node.line);
        let message = format!("{}: `itemType` \"{name}\" does not exist", section.owner);
        let help = suggestion(name, ITEM_TYPES.map(ColumnType::name));
        report.error_with_help(line, Code::UnknownType, message, help);
    }
    known.filter(|known| *known != ColumnType::String)
}

fn wrong(section: &Section<'_>, name: &str, problem: &str, report: &mut FileFindings<'_>) {
    let line = section.get(name).map_or(section.node.line, |node| node.line);
    section.error(line, Code::InvalidProperty, &format!("`{name}` {problem}"), report);
}
