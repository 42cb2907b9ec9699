//! A filter of the form that can't be: which field is wrong, and why, in words for people.
//!
//! A program gets PostgreSQL's words for the same error.

use catalog::{ColumnType, Table};

use super::conditions::says;
use super::fields::Fields;
use crate::error::{Code, Error};
use crate::request::Find;

/// A filter that somebody wrote into the form and that can't be.
#[derive(Debug)]
pub(crate) struct Tried<'a> {
    pub(crate) find: &'a Find,
    pub(crate) error: &'a Error,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Column,
    Condition,
    Value,
}

impl Tried<'_> {
    /// The field that is wrong, and the problem.
    pub(super) fn wrong(&self, table: &Table, fields: Fields<'_>) -> (Asked, String) {
        let Self { find, error } = self;
        let Some(says) = says(&find.is) else {
            return (Asked::Condition, self.as_it_is());
        };
        let Some(column) = table.schema.columns.iter().find(|column| column.name == find.column) else {
            let field = if error.code() == Code::UnknownColumn { Asked::Column } else { Asked::Value };
            return (field, self.as_it_is());
        };
        let of = column.column_type;
        let fits = |what: &str| {
            let title = fields.title(&column.name);
            (Asked::Condition, format!("\"{says}\" is for {what}; {title} has {}", held(of)))
        };
        let value = &find.value;
        match (error.code(), find.is.as_str()) {
            (Code::NoOperator, "contains" | "starts") => fits("text"),
            (Code::WrongType, "true" | "false") => fits("yes and no"),
            (Code::NotSearchable, _) if of == ColumnType::String => {
                fits("columns with a search index, and \"contains\" for any text")
            }
            (Code::NotSearchable, _) => fits("text with a search index"),
            (Code::InvalidValue | Code::InvalidTime | Code::TimeOutOfRange, is) => {
                let said = match (one(of), is) {
                    (None, _) => self.as_it_is(),
                    (Some(one), _) if value.trim().is_empty() => format!("the value is missing: {one}"),
                    (Some(one), "in") => format!("not each of \"{value}\" is {one}"),
                    (Some(one), _) => format!("\"{value}\" is not {one}"),
                };
                (Asked::Value, said)
            }
            _ => (Asked::Value, self.as_it_is()),
        }
    }

    /// As a program gets it.
    fn as_it_is(&self) -> String {
        let hint = self.error.hint_text().map(|hint| format!("; {hint}")).unwrap_or_default();
        format!("{}{hint}", self.error.message())
    }
}

/// What a column of a type has.
fn held(of: ColumnType) -> &'static str {
    match of {
        ColumnType::String => "text",
        ColumnType::Number => "numbers",
        ColumnType::Integer => "whole numbers",
        ColumnType::Boolean => "yes and no",
        ColumnType::Datetime => "dates with times",
        ColumnType::Date => "dates",
        ColumnType::Time => "times",
        ColumnType::Year => "years",
        ColumnType::Yearmonth => "months",
        ColumnType::Duration => "durations",
        ColumnType::Geopoint => "points",
        ColumnType::Geojson => "shapes",
        ColumnType::Array | ColumnType::List => "lists",
        ColumnType::Object => "objects",
        ColumnType::Any => "values of any type",
    }
}

/// A value of a type; `None` where the error says it better.
fn one(of: ColumnType) -> Option<&'static str> {
    match of {
        ColumnType::Number => Some("a number"),
        ColumnType::Integer => Some("a whole number"),
        ColumnType::Boolean => Some("yes or no"),
        ColumnType::Datetime => Some("a date with a time, such as 2024-12-31T18:00:00Z"),
        ColumnType::Date => Some("a date, such as 2024-12-31"),
        ColumnType::Time => Some("a time, such as 18:00:00"),
        ColumnType::Year => Some("a year, such as 2024"),
        _ => None,
    }
}
