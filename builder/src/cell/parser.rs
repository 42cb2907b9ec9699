//! A field, prepared for its cells.

use std::borrow::Cow;

use catalog::ColumnType;

use super::boolean::Words;
use super::json::{self, Shape};
use super::list::List;
use super::missing::Missing;
use super::problem::{Problem, quoted};
use super::{Value, date, datetime, integer, number, time, year};
use crate::descriptor::Field;
use crate::finding::Code;

/// Turns the cells of one field into values.
#[derive(Debug, Clone)]
pub struct Parser {
    missing: Missing,
    required: bool,
    kind: Kind,
}

/// How the cells that are values are read: a type, with its format.
#[derive(Debug, Clone)]
enum Kind {
    /// Any text is a value: string, any.
    Text,
    Integer,
    Number,
    Boolean(Words),
    Date,
    Time,
    Datetime,
    Year,
    Yearmonth,
    Json(Shape),
    List(List),
}

impl Parser {
    /// The parser for a field.
    pub fn new(field: &Field) -> Self {
        let options = &field.options;
        let kind = match field.field_type {
            ColumnType::Integer => Kind::Integer,
            ColumnType::Number => Kind::Number,
            ColumnType::Boolean => {
                Kind::Boolean(Words::new(options.true_values.as_deref(), options.false_values.as_deref()))
            }
            ColumnType::Date => Kind::Date,
            ColumnType::Time => Kind::Time,
            ColumnType::Datetime => Kind::Datetime,
            ColumnType::Year => Kind::Year,
            ColumnType::Yearmonth => Kind::Yearmonth,
            ColumnType::Object => Kind::Json(Shape::Object),
            ColumnType::Array => Kind::Json(Shape::Array),
            ColumnType::List => Kind::List(List::new(options)),
            _ => Kind::Text,
        };
        Self { missing: Missing::new(&field.missing_values), required: field.required, kind }
    }

    /// A cell's value, or what is wrong with it.
    #[inline]
    pub fn parse<'a>(&self, cell: &'a str) -> Result<Value<'a>, Problem> {
        if self.missing.has(cell) {
            return if self.required { Err(missing(cell)) } else { Ok(Value::Null) };
        }
        match &self.kind {
            Kind::Text => Ok(Value::Text(Cow::Borrowed(cell))),
            Kind::Integer => match integer::parse(cell) {
                Ok(value) => Ok(Value::Integer(value)),
                Err(why) => Err(integer::problem(cell, why)),
            },
            Kind::Number => match number::parse(cell) {
                Ok(value) => Ok(Value::Real(value)),
                Err(why) => Err(number::problem(cell, why)),
            },
            Kind::Boolean(words) => match words.parse(cell) {
                Some(value) => Ok(Value::Integer(value.into())),
                None => Err(words.problem(cell)),
            },
            Kind::Date => match date::parse(cell.as_bytes()) {
                Ok(_) => Ok(Value::Text(Cow::Borrowed(cell))),
                Err(why) => Err(date::problem(cell, why)),
            },
            Kind::Time => match time::parse(cell.as_bytes()) {
                Some(_) => Ok(Value::Text(Cow::Borrowed(cell))),
                None => Err(time::problem(cell)),
            },
            Kind::Datetime => match datetime::parse(cell) {
                Ok(_) => Ok(Value::Text(Cow::Borrowed(cell))),
                Err(why) => Err(datetime::problem(cell, why)),
            },
            Kind::Year => match year::parse_year(cell) {
                Some(value) => Ok(Value::Integer(value)),
                None => Err(year::year_problem(cell)),
            },
            Kind::Yearmonth => match year::parse_yearmonth(cell) {
                Some(()) => Ok(Value::Text(Cow::Borrowed(cell))),
                None => Err(year::yearmonth_problem(cell)),
            },
            Kind::Json(shape) => json::parse(cell, *shape).map(Value::Text),
            Kind::List(list) => list.parse(cell).map(|(json, _)| Value::Text(Cow::Owned(json))),
        }
    }

    /// A warning about a cell whose value is `value`: what is stored is not quite what stands in
    /// the file. Costs next to nothing for cells that can't be doubtful.
    #[inline]
    pub fn doubt(&self, cell: &str, value: &Value<'_>) -> Option<Problem> {
        match (&self.kind, value) {
            (Kind::Number, Value::Real(value)) => number::doubt(cell, *value),
            (Kind::List(list), Value::Text(_)) => list.parse(cell).ok().and_then(|(_, doubt)| doubt),
            _ => None,
        }
    }
}

#[cold]
fn missing(cell: &str) -> Problem {
    let message = if cell.is_empty() {
        "no value, but the field is required".to_owned()
    } else {
        format!("{} means no value, but the field is required", quoted(cell))
    };
    Problem { code: Code::Required, message, help: None }
}
