//! The properties that only some types have (Table Schema v2, "Field Types").

use catalog::ColumnType;

use super::Options;
use super::section::{Report, Section, suggestion};
use crate::finding::Code;

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

pub(super) fn read(section: &Section<'_>, field_type: ColumnType, report: &mut Report<'_>) -> Options {
    let mut options = Options::default();
    match field_type {
        ColumnType::Number => {
            options.decimal_char = filled(section, "decimalChar", report).filter(|text| text != ".");
            options.group_char = filled(section, "groupChar", report);
            options.strip_non_numeric = section.boolean("bareNumber", report) == Some(false);
        }
        ColumnType::Integer => {
            options.group_char = filled(section, "groupChar", report);
            options.strip_non_numeric = section.boolean("bareNumber", report) == Some(false);
        }
        ColumnType::Boolean => {
            options.true_values = words(section, "trueValues", report);
            options.false_values = words(section, "falseValues", report);
        }
        ColumnType::List => {
            options.delimiter = filled(section, "delimiter", report).filter(|text| text != ",");
            options.item_type = item_type(section, report);
        }
        _ => {}
    }
    options
}

/// A string that is not empty.
fn filled(section: &Section<'_>, name: &str, report: &mut Report<'_>) -> Option<String> {
    let text = section.string(name, report)?;
    if text.is_empty() {
        wrong(section, name, "must not be empty", report);
        return None;
    }
    Some(text.to_owned())
}

fn words(section: &Section<'_>, name: &str, report: &mut Report<'_>) -> Option<Vec<String>> {
    let words = section.strings(name, report)?;
    Some(words.into_iter().map(|(word, _)| word).collect())
}

fn item_type(section: &Section<'_>, report: &mut Report<'_>) -> Option<ColumnType> {
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

fn wrong(section: &Section<'_>, name: &str, problem: &str, report: &mut Report<'_>) {
    let line = section.get(name).map_or(section.node.line, |node| node.line);
    section.error(line, Code::InvalidProperty, &format!("`{name}` {problem}"), report);
}
