//! How the cells of a field that are values are read: its type, with its format and options.

use std::borrow::Cow;
use std::cmp::Ordering;

use catalog::ColumnType;

use super::boolean::Words;
use super::duration::{self, Duration};
use super::json::{self, Shape};
use super::list::List;
use super::number_format::NumberFormat;
use super::problem::{CellProblem, Refusal};
use super::temporal_pattern::{self, Parts, Pattern};
use super::{Value, date, datetime, geojson, geopoint, integer, number, text, time, year};
use crate::finding::Code;
use crate::schema::Field;

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// Any text is a value: string.
    Text,
    /// Any text is a value, and one that is JSON is read as such by those who compare it.
    Any,
    Formatted(text::Format),
    Integer,
    Number,
    /// An integer that is not in the default form.
    FormattedInteger(Box<NumberFormat>),
    /// A number that is not in the default form.
    FormattedNumber(Box<NumberFormat>),
    Boolean(Box<Words>),
    Date,
    Time,
    Datetime,
    /// date, time or datetime by a strptime pattern.
    Pattern(Box<Pattern>),
    /// date, time or datetime in format `any`.
    AnyForm(Parts),
    Year,
    Yearmonth,
    Duration,
    Json(Shape),
    List(Box<List>),
    Geopoint(geopoint::Format),
    Geojson(geojson::Format),
}

impl Kind {
    /// The kind of a field. Where its format can't be used, the type's default form, and why.
    pub(super) fn new(field: &Field) -> (Self, Option<Refusal>) {
        let format = field.format.as_deref();
        let options = &field.options;
        let number_format = || NumberFormat::new(options).map(Box::new);
        let formats: &[&str] = match field.field_type {
            ColumnType::String => &text::Format::NAMES,
            ColumnType::Geopoint => &geopoint::Format::NAMES,
            ColumnType::Geojson => &geojson::Format::NAMES,
            ColumnType::Date | ColumnType::Time | ColumnType::Datetime => &["default", "any"],
            _ => &["default"],
        };
        let known = match field.field_type {
            ColumnType::String => match format {
                None => Some(Self::Text),
                Some(name) => text::Format::new(name).map(Self::Formatted),
            },
            ColumnType::Geopoint => geopoint::Format::new(format).map(Self::Geopoint),
            ColumnType::Geojson => geojson::Format::new(format).map(Self::Geojson),
            ColumnType::Date => return Self::temporal(format, Parts::Date, Self::Date),
            ColumnType::Time => return Self::temporal(format, Parts::Time, Self::Time),
            ColumnType::Datetime => return Self::temporal(format, Parts::Datetime, Self::Datetime),
            _ => None,
        };
        let kind = match field.field_type {
            ColumnType::Integer => NumberFormat::of_integers(options)
                .map_or(Self::Integer, |format| Self::FormattedInteger(Box::new(format))),
            ColumnType::Number => number_format().map_or(Self::Number, Self::FormattedNumber),
            ColumnType::Boolean => {
                let words = Words::new(options.true_values.as_deref(), options.false_values.as_deref());
                Self::Boolean(Box::new(words))
            }
            ColumnType::Year => Self::Year,
            ColumnType::Yearmonth => Self::Yearmonth,
            ColumnType::Duration => Self::Duration,
            ColumnType::Object => Self::Json(Shape::Object),
            ColumnType::Array => Self::Json(Shape::Array),
            ColumnType::List => Self::List(Box::new(List::new(options))),
            ColumnType::Geopoint => known.clone().unwrap_or(Self::Geopoint(geopoint::Format::Text)),
            ColumnType::Geojson => known.clone().unwrap_or(Self::Geojson(geojson::Format::GeoJson)),
            ColumnType::Any => Self::Any,
            _ => known.clone().unwrap_or(Self::Text),
        };
        let refusal = match format {
            Some(format) if known.is_none() => Some(no_format(field.field_type.name(), format, formats)),
            _ => None,
        };
        (kind, refusal)
    }

    fn temporal(format: Option<&str>, parts: Parts, default: Self) -> (Self, Option<Refusal>) {
        let name = match parts {
            Parts::Date => "date",
            Parts::Time => "time",
            Parts::Datetime => "datetime",
        };
        match format {
            None => (default, None),
            Some("any") => (Self::AnyForm(parts), None),
            Some(pattern) if pattern.contains('%') => match Pattern::new(pattern, parts) {
                Ok(pattern) => (Self::Pattern(Box::new(pattern)), None),
                Err(reason) => {
                    let message = format!("pattern \"{pattern}\" can't be used: {reason}");
                    (
                        default,
                        Some(Refusal { property: "format", code: Code::UnknownFormat, message, help: None }),
                    )
                }
            },
            Some(other) => {
                let refusal = no_format(name, other, &["default", "any"]);
                let help = "patterns are those of strptime, such as `%d/%m/%Y %H:%M:%S`".to_owned();
                (default, Some(Refusal { help: Some(help), ..refusal }))
            }
        }
    }

    /// The value of a cell that has one.
    #[inline(always)] // into its one hot caller; a result that goes through memory costs as much as an integer
    pub(super) fn read<'a>(&self, cell: &'a str) -> Result<Value<'a>, Box<CellProblem>> {
        match self {
            Self::Text => Ok(Value::Text(Cow::Borrowed(cell))),
            Self::Integer => match integer::parse(cell) {
                Ok(value) => Ok(Value::Integer(value)),
                Err(why) => Err(Box::new(integer::problem(cell, why))),
            },
            Self::Number => match number::parse(cell) {
                Ok(value) => Ok(Value::Real(value)),
                Err(why) => number::not_number(cell, why).map_err(Box::new),
            },
            Self::Date => match date::parse(cell.as_bytes()) {
                Ok(_) => Ok(Value::Text(Cow::Borrowed(cell))),
                Err(why) => Err(Box::new(date::problem(cell, why))),
            },
            _ => self.read_other(cell).map_err(Box::new),
        }
    }

    /// The types that are not worth a place in the caller's code.
    fn read_other<'a>(&self, cell: &'a str) -> Result<Value<'a>, CellProblem> {
        let kept = || Value::Text(Cow::Borrowed(cell));
        match self {
            Self::Any => json::check_depth(cell).map(|()| kept()),
            Self::Formatted(format) => format.check(cell).map(|()| kept()),
            Self::FormattedInteger(format) => match format.normalize(cell) {
                Ok(text) => match integer::parse(&text) {
                    Ok(value) => Ok(Value::Integer(value)),
                    Err(why) => Err(integer::problem(cell, why)),
                },
                Err(why) => Err(CellProblem {
                    help: why.help().map(str::to_owned),
                    ..integer::problem(cell, integer::NotInteger::Syntax)
                }),
            },
            Self::FormattedNumber(format) => match format.normalize(cell).map(|text| number::parse(&text)) {
                Ok(Ok(value)) => Ok(Value::Real(value)),
                Ok(Err(why)) => number::not_number(cell, why),
                Err(why) => {
                    let problem = number::problem(cell, number::NotNumber::Syntax);
                    Err(match why.help() {
                        Some(help) => problem.with_help(help),
                        None => problem,
                    })
                }
            },
            Self::Time => time::parse(cell.as_bytes()).map(|_| kept()).ok_or_else(|| time::problem(cell)),
            Self::Datetime => match datetime::parse(cell) {
                Ok(_) => Ok(kept()),
                Err(why) => Err(datetime::problem(cell, why)),
            },
            Self::Pattern(pattern) => pattern.parse(cell).map(|text| Value::Text(Cow::Owned(text))),
            Self::AnyForm(parts) => {
                temporal_pattern::parse_any(cell, *parts).map(|text| Value::Text(Cow::Owned(text)))
            }
            Self::Year => year::parse_year(cell).map(Value::Integer).ok_or_else(|| year::year_problem(cell)),
            Self::Yearmonth => {
                year::parse_yearmonth(cell).map(|()| kept()).ok_or_else(|| year::yearmonth_problem(cell))
            }
            Self::Duration => duration::parse(cell).map(|_| kept()).ok_or_else(|| duration::problem(cell)),
            Self::Json(shape) => json::parse(cell, *shape).map(Value::Text),
            Self::List(list) => list.parse(cell).map(|(json, _)| Value::Text(Cow::Owned(json))),
            Self::Geopoint(format) => format.parse(cell).map(|json| Value::Text(Cow::Owned(json))),
            Self::Geojson(format) => format.parse(cell).map(Value::Text),
            Self::Boolean(words) => match words.parse(cell) {
                Some(value) => Ok(Value::Integer(value.into())),
                None => Err(words.problem(cell)),
            },
            Self::Text | Self::Integer | Self::Number | Self::Date => {
                self.read(cell).map_err(|problem| *problem)
            }
        }
    }

    /// The warning about a cell whose value is `value`.
    #[inline(always)]
    pub(super) fn warning(&self, cell: &str, value: &Value<'_>) -> Option<CellProblem> {
        match (self, value) {
            (Self::Number, Value::Real(value)) => number::warning(cell, cell, *value),
            (Self::FormattedNumber(format), Value::Real(value)) => {
                number::warning(cell, &format.normalize(cell).ok()?, *value)
            }
            (Self::List(list), Value::Text(_)) => list.warning(cell),
            _ => None,
        }
    }

    /// How two values of this kind compare; `None` where they can't be compared.
    pub(super) fn compare(&self, a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
        match (a, b) {
            (Value::Integer(a), Value::Integer(b)) => Some(a.cmp(b)),
            (Value::Real(a), Value::Real(b)) => a.partial_cmp(b),
            // NaN, which is greater than any other number (PostgreSQL, "Floating-Point Types").
            (Value::Text(_), Value::Real(_)) => Some(Ordering::Greater),
            (Value::Real(_), Value::Text(_)) => Some(Ordering::Less),
            (Value::Text(a), Value::Text(b)) => match self {
                Self::Duration => {
                    let (a, b): (Duration, Duration) = (duration::parse(a)?, duration::parse(b)?);
                    a.partial_cmp(&b)
                }
                _ if self.is_datetime() => {
                    let (a, b) = (datetime::parse(a).ok()?, datetime::parse(b).ok()?);
                    Some(a.instant().cmp(&b.instant()))
                }
                // The default forms of dates, times and months are in order as texts.
                _ => Some(a.cmp(b)),
            },
            _ => None,
        }
    }

    /// Whether values are points in time, which have more than one spelling.
    pub(super) fn is_datetime(&self) -> bool {
        match self {
            Self::Datetime | Self::AnyForm(Parts::Datetime) => true,
            Self::Pattern(pattern) => pattern.parts() == Parts::Datetime,
            _ => false,
        }
    }

    /// Whether values are JSON documents, which are equal in any order of properties.
    pub(super) fn is_json(&self) -> bool {
        matches!(self, Self::Json(_) | Self::List(_) | Self::Geopoint(_) | Self::Geojson(_))
    }
}

fn no_format(field_type: &str, format: &str, formats: &[&str]) -> Refusal {
    let known: Vec<String> = formats.iter().map(|format| format!("`{format}`")).collect();
    Refusal {
        property: "format",
        code: Code::UnknownFormat,
        message: format!("type `{field_type}` has no format `{}`", format.escape_debug()),
        help: Some(format!("possible: {}", known.join(", "))),
    }
}
