//! What a column holds, counted while its values pass by: missing values, the range, the few values that occur
//! often, or how many values are spread. The result follows from the rows alone, not from their order.
//!
//! Deliberately absent: how it is stored (`catalog`) and shown (the reader).

mod bins;
mod months;
mod values;

use catalog::{Column, ColumnStatistics, ColumnType, NAN, Schema, Statistics, write_number};
use rusqlite::types::ValueRef;

use self::bins::{Bins, Scale};
use self::months::month;
use self::values::Values;

/// Of numbers and dates more than these are shown as a histogram.
const MOST_NUMBERS: usize = 8;
/// Of texts more than these are not counted.
const MOST_TEXTS: usize = 30;

/// Counts what the columns of a table hold.
#[derive(Debug)]
pub(crate) struct StatisticsWriter {
    columns: Vec<Counter>,
    rows: u64,
}

#[derive(Debug)]
struct Counter {
    missing: u64,
    kind: Kind,
}

/// What is counted of a column beside missing values.
#[derive(Debug)]
enum Kind {
    Nothing,
    Texts(Values<Box<str>>),
    Booleans([u64; 2]),
    Integers { range: Option<(i64, i64)>, values: Values<i64>, bins: Option<Bins> },
    Reals { range: Option<(f64, f64)>, values: Values<f64>, bins: Option<Bins> },
    Dates { range: Option<DateRange>, values: Values<Box<str>>, bins: Bins, form: Form },
}

/// The first and the last date.
#[derive(Debug)]
struct DateRange {
    low: Box<[u8]>,
    high: Box<[u8]>,
    /// Their months: a date between those needs no comparison.
    months: [i64; 2],
}

/// How a month is written as the column's type, which is known from its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Date,
    YearMonth,
    Unknown,
    Local,
    Utc,
}

impl StatisticsWriter {
    /// A writer that has seen no row of a table with that schema.
    pub(crate) fn new(schema: &Schema) -> Self {
        let counter = |column| Counter { missing: 0, kind: Kind::of(column, schema) };
        Self { columns: schema.columns.iter().map(counter).collect(), rows: 0 }
    }

    /// Adds a value of the column with that index, as it is stored.
    #[inline]
    pub(crate) fn value(&mut self, column: usize, value: ValueRef<'_>) {
        let counter = &mut self.columns[column];
        match (&mut counter.kind, value) {
            (_, ValueRef::Null) => counter.missing += 1,
            (Kind::Nothing, _) => {}
            (Kind::Texts(values), ValueRef::Text(text)) => values.text(text),
            (Kind::Integers { range, values, bins }, ValueRef::Integer(number)) => {
                let (low, high) = range.get_or_insert((number, number));
                (*low, *high) = ((*low).min(number), (*high).max(number));
                values.number(number);
                if let Some(bins) = bins {
                    bins.integer(number);
                }
            }
            (Kind::Reals { range, values, bins }, ValueRef::Real(number)) => {
                let (low, high) = range.get_or_insert((number, number));
                (*low, *high) = (low.min(number), high.max(number));
                values.number(number);
                if bins.as_mut().is_some_and(|bins| !bins.real(number)) {
                    *bins = None;
                }
            }
            (Kind::Booleans(counts), ValueRef::Integer(number)) => counts[usize::from(number != 0)] += 1,
            (Kind::Dates { .. }, ValueRef::Text(text)) => counter.date(text),
            // NaN, and what is no value of the column.
            _ => counter.kind = Kind::Nothing,
        }
    }

    /// Ends a row.
    #[inline]
    pub(crate) fn end_row(&mut self) {
        self.rows += 1;
    }

    /// What was counted.
    pub(crate) fn finish(self) -> Statistics {
        let rows = self.rows;
        Statistics { columns: self.columns.into_iter().map(|counter| counter.finish(rows)).collect() }
    }
}

impl Kind {
    fn of(column: &Column, schema: &Schema) -> Self {
        let is_one = |columns: &[String]| columns.len() == 1 && columns[0] == column.name;
        let is_key = is_one(&schema.primary_key) || schema.unique_keys.iter().any(|key| is_one(key));
        let refers = schema.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
        let bins = |scale| Some(Bins::new(scale)).filter(|_| !is_key && !refers);
        match column.column_type {
            ColumnType::String if !is_key => Self::Texts(Values::new(MOST_TEXTS)),
            ColumnType::Boolean => Self::Booleans([0; 2]),
            ColumnType::Integer => Self::Integers {
                range: None,
                values: Values::new(if refers { MOST_TEXTS } else { MOST_NUMBERS }),
                bins: bins(Scale::Integers),
            },
            ColumnType::Year => Self::Integers {
                range: None,
                values: Values::new(MOST_NUMBERS),
                bins: Some(Bins::new(Scale::Integers)),
            },
            ColumnType::Number => {
                Self::Reals { range: None, values: Values::new(MOST_NUMBERS), bins: bins(Scale::Reals) }
            }
            ColumnType::Date | ColumnType::Yearmonth | ColumnType::Datetime => Self::Dates {
                range: None,
                values: Values::new(MOST_NUMBERS),
                bins: Bins::new(Scale::Months),
                form: match column.column_type {
                    ColumnType::Date => Form::Date,
                    ColumnType::Yearmonth => Form::YearMonth,
                    _ => Form::Unknown,
                },
            },
            _ => Self::Nothing,
        }
    }
}

impl Counter {
    /// A date, a month, or a datetime. Datetimes with different offsets do not have the order of their texts.
    fn date(&mut self, text: &[u8]) {
        let Kind::Dates { range, values, bins, form } = &mut self.kind else { return };
        let found = match *form {
            Form::Date | Form::YearMonth => *form,
            _ if text.ends_with(b"Z") => Form::Utc,
            _ if text.iter().skip(11).any(|byte| matches!(byte, b'+' | b'-')) => Form::Unknown,
            _ => Form::Local,
        };
        let is_of_form = found != Form::Unknown && (*form == Form::Unknown || *form == found);
        let Some(month) = month(text).filter(|_| is_of_form) else {
            self.kind = Kind::Nothing;
            return;
        };
        *form = found;
        match range {
            Some(range) => range.add(text, month),
            None => {
                *range = Some(DateRange { low: text.into(), high: text.into(), months: [month, month] });
            }
        }
        if !matches!(found, Form::Utc | Form::Local) {
            values.text(text);
        }
        bins.month(month);
    }

    fn finish(self, rows: u64) -> ColumnStatistics {
        let missing = self.missing;
        let present = rows - missing;
        let mut found = ColumnStatistics { missing, ..ColumnStatistics::default() };
        match self.kind {
            Kind::Nothing => {}
            Kind::Texts(values) => found.values = values.finish(present, |text| text.to_string()),
            Kind::Booleans(counts) => {
                let values = Values::of([("false", counts[0]), ("true", counts[1])]);
                found.values = values.finish(present, |text| (*text).to_owned());
            }
            Kind::Integers { range, values, bins } => {
                found.range = range.map(|(low, high)| (low.to_string(), high.to_string()));
                found.values = values.finish(present, i64::to_string);
                found.histogram =
                    bins.filter(|_| found.values.is_empty()).and_then(|bins| bins.finish(&bins::decimal));
            }
            Kind::Reals { range, values, bins } => {
                found.range = range.map(|(low, high)| (real(&low), real(&high)));
                found.values = values.finish(present, real);
                found.histogram =
                    bins.filter(|_| found.values.is_empty()).and_then(|bins| bins.finish(&bins::decimal));
            }
            Kind::Dates { range, values, bins, form } => {
                let text = |bytes: Box<[u8]>| String::from_utf8_lossy(&bytes).into_owned();
                found.range = range.map(|DateRange { low, high, .. }| (text(low), text(high)));
                found.values = values.finish(present, |text| text.to_string());
                if found.values.is_empty() {
                    found.histogram = bins.finish(&|months, _| form.text(months));
                }
            }
        }
        found
    }
}

impl DateRange {
    #[inline]
    fn add(&mut self, text: &[u8], month: i64) {
        let [first, last] = self.months;
        if month <= first && local(text) < local(&self.low) {
            (self.low, self.months[0]) = (text.into(), month);
        } else if month >= last && local(text) > local(&self.high) {
            (self.high, self.months[1]) = (text.into(), month);
        }
    }
}

impl Form {
    /// Where a month begins.
    fn text(self, months: i64) -> String {
        let date = months::text(months);
        match self {
            Self::YearMonth => date,
            Self::Date => format!("{date}-01"),
            Self::Utc => format!("{date}-01T00:00:00Z"),
            Self::Local | Self::Unknown => format!("{date}-01T00:00:00"),
        }
    }
}

/// A datetime without its zone, since `Z` is after every digit of a longer fraction.
fn local(text: &[u8]) -> &[u8] {
    text.strip_suffix(b"Z").unwrap_or(text)
}

fn real(number: &f64) -> String {
    if !number.is_finite() {
        return if number.is_nan() { NAN.to_owned() } else { number.to_string() };
    }
    let mut text = vec![];
    write_number(*number, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
