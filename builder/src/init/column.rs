//! The type that fits every cell of a column.

use catalog::ColumnType;

use crate::count::{count, grouped};
use datapackage::cell::{Parser, quoted};
use datapackage::schema::Field;

/// The types that are guessed; the first that is left at the end wins. Not among them: those that
/// a text can be by chance (a duration, a list, a geopoint), and `year`, which an integer is too.
const TYPES: [ColumnType; 9] = [
    ColumnType::Integer,
    ColumnType::Number,
    ColumnType::Boolean,
    ColumnType::Date,
    ColumnType::Datetime,
    ColumnType::Time,
    ColumnType::Yearmonth,
    ColumnType::Object,
    ColumnType::Array,
];

/// Words that mean "no value" in real-world files, where a column is otherwise of a type.
const MISSING: [&str; 14] =
    ["NA", "N/A", "n/a", "na", "#N/A", "NaN", "nan", "NULL", "null", "None", "-", "--", "..", "?"];

/// What is known of a column's cells.
pub(super) struct Column {
    left: Vec<(ColumnType, Parser)>,
    missing: [bool; MISSING.len()],
    values: u64,
    empty: u64,
    longest: usize,
    /// How many values have more digits than a number keeps; the first of them and its line.
    inexact: u64,
    first_inexact: Option<(String, u64)>,
    /// The guess has become another with the last cell.
    changed: bool,
    /// Why there is no type left, or why the number is not an integer.
    evidence: Option<String>,
}

impl Column {
    pub(super) fn new() -> Self {
        let left = TYPES.map(|known| (known, Parser::new(&Field::new("", known)))).into();
        Self {
            left,
            missing: [false; MISSING.len()],
            values: 0,
            empty: 0,
            longest: 0,
            inexact: 0,
            first_inexact: None,
            changed: false,
            evidence: None,
        }
    }

    /// Adds a cell. True where [`Column::explain`] needs its line.
    pub(super) fn add(&mut self, cell: &str) -> bool {
        self.longest = self.longest.max(cell.len());
        if cell.is_empty() {
            self.empty += 1;
            return false;
        }
        if let Some(word) = MISSING.iter().position(|word| *word == cell) {
            self.missing[word] = true;
            return false;
        }
        self.values += 1;
        if self.left.is_empty() {
            return false;
        }
        let first = |left: &[(ColumnType, Parser)]| left.first().map(|(known, _)| *known);
        let before = first(&self.left);
        self.left.retain(|(known, parser)| fits(*known, parser, cell));
        self.changed = first(&self.left) != before && self.values > 1 || self.left.is_empty();
        let is_inexact = self.left.iter().any(|(known, parser)| {
            *known == ColumnType::Number
                && parser.parse(cell).is_ok_and(|value| parser.warning(cell, &value).is_some())
        });
        self.inexact += u64::from(is_inexact);
        self.changed || is_inexact && self.first_inexact.is_none()
    }

    /// The cell that changed the guess, or is the first whose digits a number would not keep.
    pub(super) fn explain(&mut self, cell: &str, line: u64) {
        if self.inexact > 0 && self.first_inexact.is_none() {
            self.first_inexact = Some((cell.to_owned(), line));
        }
        if std::mem::take(&mut self.changed) {
            let why = match why_text(cell) {
                Some(why) if self.left.is_empty() => why.to_owned(),
                _ => {
                    let is = match self.column_type() {
                        // The values before were integers.
                        Some(ColumnType::Number) => "not an integer",
                        found => found.map_or("not a number, date, time, boolean or JSON", a),
                    };
                    format!("is {is}")
                }
            };
            self.evidence = Some(format!("{} on line {line} {why}", quoted(cell)));
        }
    }

    /// The guess.
    pub(super) fn field_type(&self) -> ColumnType {
        self.column_type().unwrap_or(ColumnType::String)
    }

    fn column_type(&self) -> Option<ColumnType> {
        let first = self.left.first().map(|(known, _)| *known).filter(|_| self.values > 0);
        first.filter(|known| *known != ColumnType::Number || !self.is_mostly_inexact())
    }

    /// Whether enough values would lose digits as numbers that the digits must matter. A few among
    /// many are what a computation leaves, and no reason to have the others compared as texts.
    fn is_mostly_inexact(&self) -> bool {
        self.inexact * 2 >= self.values
    }

    /// The words that must mean "no value" for the type to fit.
    pub(super) fn missing_values(&self) -> Vec<&'static str> {
        if self.column_type().is_none() {
            return vec![];
        }
        MISSING.iter().zip(self.missing).filter(|(_, seen)| *seen).map(|(word, _)| *word).collect()
    }

    /// Whether its values are what a person would put into a URL.
    pub(super) fn could_be_key(&self) -> bool {
        matches!(self.field_type(), ColumnType::Integer | ColumnType::String)
    }

    /// Whether every row has a value.
    pub(super) fn is_complete(&self) -> bool {
        self.empty == 0 && self.values > 0 && (self.column_type().is_none() || !self.missing.contains(&true))
    }

    /// The longest cell, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// How many values have more digits than a number, and one of them.
    fn inexact(&self) -> String {
        let (cell, line) = self.first_inexact.as_ref().map_or(("", 0), |(cell, line)| (cell, *line));
        let have = if self.inexact == 1 { "has" } else { "have" };
        format!(
            "{} of {} {have} more digits than a 64-bit float keeps, such as {} on line {line}",
            grouped(self.inexact),
            count(self.values, "value"),
            quoted(cell)
        )
    }

    /// The guess and why.
    pub(super) fn reason(&self) -> String {
        let name = self.field_type().name();
        let Some(found) = self.column_type() else {
            return match &self.evidence {
                _ if !self.left.is_empty() && self.values > 0 => format!("{name}, since {}", self.inexact()),
                Some(evidence) => format!("{name}, since {evidence}"),
                None => format!("{name}, since it has no values to guess from"),
            };
        };
        let mut reason = match &self.evidence {
            Some(evidence) => format!("{name}, as are all {}; {evidence}", count(self.values, "value")),
            None if self.values == 1 => format!("{name}, as is its only value"),
            None => format!("{name}, as are all {}", count(self.values, "value")),
        };
        if found == ColumnType::Number && self.inexact > 0 {
            reason.push_str(&format!("; {} (type `string` keeps them)", self.inexact()));
        }
        // NaN is a number of the standard, but in most real-world files it means no value.
        let is_nan = |word: &&str| found == ColumnType::Number && word.eq_ignore_ascii_case(catalog::NAN);
        let (numbers, others): (Vec<&str>, Vec<&str>) = self.missing_values().into_iter().partition(is_nan);
        let why_not = [(others, format!("not as {}", a(found))), (numbers, "not as the number".into())];
        for (words, why) in why_not.iter().filter(|(words, _)| !words.is_empty()) {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            reason.push_str(&format!("; {} treated as no value (`missingValues`), {why}", words.join(", ")));
        }
        reason
    }
}

/// Whether a cell is of a type and loses nothing by it, digits of numbers apart.
fn fits(known: ColumnType, parser: &Parser, cell: &str) -> bool {
    let numeric = matches!(known, ColumnType::Integer | ColumnType::Number);
    if numeric && why_text(cell).is_some() {
        return false;
    }
    parser.parse(cell).is_ok()
}

/// Why a cell should not be a number, even where it looks like one.
fn why_text(cell: &str) -> Option<&'static str> {
    let unsigned = cell.strip_prefix(['-', '+']).unwrap_or(cell).as_bytes();
    match unsigned {
        _ if !unsigned.first().is_some_and(u8::is_ascii_digit) => {
            unsigned.eq_ignore_ascii_case(b"inf").then_some("could be a word or a number")
        }
        _ if !unsigned.iter().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(byte)) => None,
        [b'0', b'0'..=b'9', ..] => Some("has a leading zero, which a number would lose"),
        _ if cell.starts_with('+') => Some("has a plus, which a number would lose"),
        digits
            if digits.len() > 15 && digits.iter().all(u8::is_ascii_digit) && cell.parse::<i64>().is_err() =>
        {
            Some("has more digits than an integer can")
        }
        _ => None,
    }
}

fn a(known: ColumnType) -> &'static str {
    match known {
        ColumnType::Integer => "an integer",
        ColumnType::Number => "a number",
        ColumnType::Boolean => "a boolean",
        ColumnType::Date => "a date",
        ColumnType::Datetime => "a datetime",
        ColumnType::Time => "a time",
        ColumnType::Yearmonth => "a year and month",
        ColumnType::Object => "a JSON object",
        _ => "a JSON array",
    }
}
