//! What a column's cells could be, and what the columns that have one reading say of the others.

use catalog::ColumnType;

use super::column::{Column, Known, Misfits};
use super::number::FORMS;
use super::temporal::{Order, Temporal};
use super::words;

/// A decimal point and a group separator, where either occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberReading {
    pub(super) decimal: Option<char>,
    pub(super) group: Option<char>,
}

/// What a column's cells could be.
pub(super) enum Reading<'a> {
    /// There are no values.
    None,
    Numbers(Vec<NumberReading>),
    Temporals(Vec<&'a Temporal>),
    Booleans(Vec<String>, Vec<String>),
    Json(ColumnType),
    Text,
}

impl<'a> Reading<'a> {
    pub(super) fn new(column: &Column, known: &'a Known) -> Self {
        if column.values == 0 {
            return Self::None;
        }
        let facts = &column.facts;
        let are_codes = facts.leading_zero.count > 0 || facts.too_long.count > 0;
        let numbers = number_readings(column);
        if !numbers.is_empty() && !are_codes {
            return Self::Numbers(numbers);
        }
        let temporals: Vec<&Temporal> = fitting(&known.temporals, &column.temporals).collect();
        if !temporals.is_empty() {
            return Self::Temporals(temporals);
        }
        if let Some((yes, no)) = column.distinct().and_then(words::booleans) {
            return Self::Booleans(yes, no);
        }
        column.json(known).map_or(Self::Text, Self::Json)
    }
}

pub(super) fn fitting<'a, T>(known: &'a [T], misfits: &[Misfits]) -> impl Iterator<Item = &'a T> {
    known.iter().zip(misfits.iter().map(Misfits::none)).filter(|(_, fits)| *fits).map(|(form, _)| form)
}

/// The different meanings of the forms that fit every cell.
fn number_readings(column: &Column) -> Vec<NumberReading> {
    let facts = &column.facts;
    let occurs = |c: char| match c {
        '.' => facts.point,
        ',' => facts.comma,
        // Only one form with such a separator fits a cell that has one, with any decimal point.
        _ => facts.groups_differ || facts.same_groups.is_some_and(|groups| groups > 0),
    };
    let mut readings: Vec<NumberReading> = vec![];
    for form in fitting(&FORMS, &column.numbers) {
        let reading = NumberReading {
            decimal: Some(form.decimal).filter(|c| occurs(*c)),
            group: form.group.filter(|c| occurs(*c)),
        };
        if !readings.contains(&reading) {
            readings.push(reading);
        }
    }
    readings
}

/// How the file writes numbers and dates, where some column has one reading.
pub(super) struct Conventions {
    pub(super) point: bool,
    pub(super) comma: bool,
    pub(super) day: bool,
    pub(super) month: bool,
    pub(super) delimiter: u8,
}

impl Conventions {
    pub(super) fn new(readings: &[Reading<'_>], delimiter: u8) -> Self {
        let mut found = Self { point: false, comma: false, day: false, month: false, delimiter };
        for reading in readings {
            match reading {
                Reading::Numbers(numbers) => {
                    if let [NumberReading { decimal, group }] = numbers[..] {
                        found.point |= decimal == Some('.') || group == Some(',');
                        found.comma |= decimal == Some(',') || group == Some('.');
                    }
                }
                Reading::Temporals(temporals) => {
                    let has = |order| temporals.iter().any(|temporal| temporal.order == order);
                    let is_known = has(Order::Known) || has(Order::Year);
                    found.day |= !is_known && has(Order::Day) && !has(Order::Month);
                    found.month |= !is_known && has(Order::Month) && !has(Order::Day);
                }
                _ => {}
            }
        }
        found
    }
}
