//! What is known of all columns -> a field for each. A column gets a form where it has one reading, in itself or
//! by what the other columns have; else it stays text, with a note that says how to choose.

use catalog::ColumnType;

use super::column::{Column, Known};
use super::doubt::example;
use super::notes::Notes;
use super::number::Mark;
use super::reading::{Conventions, NumberReading, Reading, fitting};
use super::temporal::{Order, Temporal};
use super::words;
use datapackage::cell::quoted;

/// A field of the descriptor.
pub(super) struct Guess {
    pub(super) field_type: ColumnType,
    pub(super) format: Option<String>,
    pub(super) decimal_char: Option<char>,
    pub(super) group_char: Option<char>,
    pub(super) bare: bool,
    /// The words for true and for false, where the standard has others.
    pub(super) booleans: Option<(Vec<String>, Vec<String>)>,
    pub(super) missing: Vec<&'static str>,
}

impl Guess {
    fn new(field_type: ColumnType) -> Self {
        Self {
            field_type,
            format: None,
            decimal_char: None,
            group_char: None,
            bare: false,
            booleans: None,
            missing: vec![],
        }
    }
}

/// The guesses for all columns.
pub(super) fn all(
    names: &[String],
    columns: &[Column],
    delimiter: u8,
    known: &Known,
    notes: &mut Notes,
) -> Vec<Guess> {
    let readings: Vec<Reading<'_>> = columns.iter().map(|column| Reading::new(column, known)).collect();
    let conventions = Conventions::new(&readings, delimiter);
    let mut guesses = vec![];
    for ((name, column), reading) in names.iter().zip(columns).zip(&readings) {
        let mut column = Described { name, column, known, notes };
        let mut guess = column.guess(reading, &conventions);
        guess.missing = column.missing(guess.field_type);
        column.detail(&guess);
        guesses.push(guess);
    }
    words_in_texts(names, columns, &guesses, notes);
    guesses
}

/// A column, and where to say what is found.
pub(super) struct Described<'a> {
    pub(super) name: &'a str,
    pub(super) column: &'a Column,
    pub(super) known: &'a Known,
    pub(super) notes: &'a mut Notes,
}

impl Described<'_> {
    pub(super) fn doubt(&mut self, kind: &str, text: String) {
        self.notes.doubt_column(kind, self.name, text);
    }

    fn guess(&mut self, reading: &Reading<'_>, conventions: &Conventions) -> Guess {
        match reading {
            Reading::None => Guess::new(ColumnType::String),
            Reading::Numbers(readings) => self.number(readings, conventions),
            Reading::Temporals(temporals) => self.temporal(temporals, conventions),
            Reading::Booleans(yes, no) => {
                let is_standard = words::is_standard(yes) && words::is_standard(no);
                let booleans = (!is_standard).then(|| (yes.clone(), no.clone()));
                Guess { booleans, ..Guess::new(ColumnType::Boolean) }
            }
            Reading::Json(json) => Guess::new(*json),
            Reading::Text => {
                self.nearly();
                self.doubt_spaces();
                Guess::new(ColumnType::String)
            }
        }
    }

    fn number(&mut self, readings: &[NumberReading], conventions: &Conventions) -> Guess {
        let text = Guess::new(ColumnType::String);
        let facts = &self.column.facts;
        if let Some(date) = self.date_in_figures() {
            return date;
        }
        let Some(reading) = self.chosen(readings, conventions) else { return text };
        let is_number = reading.decimal.is_some() || facts.exponent;
        if facts.plus.count > 0 && facts.minus == 0 && !is_number {
            return text; // a telephone number
        }
        if !is_number && is_code(self.name) {
            return text; // of which another file may have one with a leading zero
        }
        if facts.inexact.count * 2 >= self.column.values {
            return text; // digits that matter
        }
        if !self.marks_have_one_reading(reading) {
            return text;
        }
        let field_type = if is_number { ColumnType::Number } else { ColumnType::Integer };
        let guess = Guess {
            decimal_char: reading.decimal.filter(|decimal| *decimal != '.'),
            group_char: reading.group,
            bare: facts.mark.is_some() || facts.padded.count > 0,
            ..Guess::new(field_type)
        };
        self.doubt_numbers(field_type);
        guess
    }

    /// The reading of numbers that have one, or one that the other columns confirm.
    fn chosen(&mut self, readings: &[NumberReading], conventions: &Conventions) -> Option<NumberReading> {
        let facts = &self.column.facts;
        let groups = facts.same_groups.filter(|_| !facts.groups_differ).unwrap_or(0);
        if groups >= 2 && !facts.point && !facts.comma {
            let example = self.column.first.as_ref().map_or("", |first| &first.cell);
            self.doubt(
                "groups",
                format!(
                    "text, since {} may be a number with groups of digits or a telephone number; for numbers, set \
                     `\"type\": \"integer\"` and `groupChar`",
                    quoted(example)
                ),
            );
            return None;
        }
        if let [reading] = readings {
            return Some(*reading);
        }
        let (point, comma) =
            (conventions.point && !conventions.comma, conventions.comma && !conventions.point);
        let find = |decimal| {
            readings
                .iter()
                .find(|reading| (reading.decimal == Some('.') || reading.group == Some(',')) == decimal)
        };
        let separator = if facts.comma { "," } else { "." };
        // A spreadsheet that separates cells with commas writes no decimal commas; and where numbers up to 999 have no
        // comma and all others have one, it separates their groups.
        let has_dollar = matches!(&facts.mark, Some(Mark::Currency(mark)) if mark.ends_with(['$', '£']));
        let grouped_by_size = facts.comma
            && conventions.delimiter == b','
            && (has_dollar
                || facts.separated.count >= 2 && facts.largest_plain.is_some_and(|largest| largest < 1000));
        let by_default = !facts.comma && conventions.delimiter != b';' && !conventions.comma;
        if is_coordinate(self.name) {
            // There are no degrees beyond 180, so no groups of digits.
            return readings.iter().find(|reading| reading.decimal.is_some()).copied();
        }
        let chosen = if point || by_default || (grouped_by_size && !conventions.comma) {
            find(true)
        } else if comma {
            find(false)
        } else {
            None
        };
        if chosen.is_none() {
            let (cell, line) = example(&facts.separated);
            let cell: String = cell.chars().filter(|c| c.is_ascii_digit() || ".,-".contains(*c)).collect();
            let whole = cell.replace(['.', ','], "");
            let fraction = cell.replace([','], ".");
            self.doubt(
                if facts.comma { "comma" } else { "point" },
                format!(
                    "text, since {} on line {line} may be {whole} or {fraction}: for {whole}, set `\"type\": \"integer\", \
                     \"groupChar\": \"{separator}\"`; for {fraction}, set `\"type\": \"number\"{}`",
                    quoted(&cell),
                    if facts.comma { ", \"decimalChar\": \",\"" } else { "" }
                ),
            );
        }
        chosen.copied()
    }

    /// Eight digits that are dates, all of them.
    fn date_in_figures(&mut self) -> Option<Guess> {
        let mut dates = fitting(&self.known.temporals, &self.column.temporals);
        let date = dates.find(|temporal| temporal.format.as_deref() == Some("%Y%m%d"))?;
        let name = self.name.to_lowercase();
        let is_named =
            ["date", "datum", "day", "tag", "jour", "fecha", "data"].iter().any(|word| name.contains(word));
        if is_named || self.column.values >= 10 {
            return Some(Guess { format: date.format.clone(), ..Guess::new(ColumnType::Date) });
        }
        self.doubt(
            "figures",
            "integer, but every value is a date too; for dates, set `\"type\": \"date\", \"format\": \"%Y%m%d\"`".to_owned(),
        );
        None
    }

    fn temporal(&mut self, temporals: &[&Temporal], conventions: &Conventions) -> Guess {
        let of = |order| temporals.iter().find(|temporal| temporal.order == order).copied();
        let orders = [of(Order::Day), of(Order::Month), of(Order::Year)];
        let chosen = match (of(Order::Known), orders) {
            (Some(known), _) => Some(known),
            (None, [Some(day), None, None]) => Some(day),
            (None, [None, Some(month), None]) => Some(month),
            (None, [None, None, Some(year)]) => Some(year),
            (None, [Some(day), Some(_), None]) if conventions.day && !conventions.month => Some(day),
            (None, [Some(_), Some(month), None]) if conventions.month && !conventions.day => Some(month),
            _ => None,
        };
        let (cell, line) =
            self.column.first.as_ref().map_or(("", 0), |first| (first.cell.as_str(), first.line));
        let Some(chosen) = chosen else {
            let formats: Vec<String> = temporals
                .iter()
                .map(|temporal| format!("`{}`", temporal.format.as_deref().unwrap_or_default()))
                .collect();
            let kind = temporals[0].field_type.name();
            let text = format!(
                "text, since {} on line {line} has more than one reading, and so have all values; set `\"type\": \
                 \"{kind}\"` and as `format` {}",
                quoted(cell),
                formats.join(" or ")
            );
            self.doubt(&format!("order {kind}"), text);
            return Guess::new(ColumnType::String);
        };
        if chosen.has_short_years() {
            let text = format!(
                "years have two digits, as in {} on line {line}: 69 to 99 are read as 1969 to 1999, 00 to 68 as 2000 to 2068",
                quoted(cell)
            );
            self.doubt("years", text);
        }
        Guess { format: chosen.format.clone(), ..Guess::new(chosen.field_type) }
    }

    /// The words that must mean "no value" for the type to fit.
    fn missing(&mut self, field_type: ColumnType) -> Vec<&'static str> {
        let is_text = field_type == ColumnType::String;
        let words: Vec<&str> =
            self.column.missing_words().filter(|word| !is_text || words::is_never_text(word)).collect();
        let errors: Vec<String> =
            words.iter().filter(|word| words::is_error(word)).map(|word| quoted(word)).collect();
        if !errors.is_empty() {
            self.doubt(
                "errors",
                format!(
                    "errors of the spreadsheet are read as no value (`missingValues`): {}",
                    errors.join(", ")
                ),
            );
        }
        words
    }
}

/// Whether a name is that of degrees.
fn is_coordinate(name: &str) -> bool {
    let name = name.to_lowercase();
    let names = [
        "lat",
        "lon",
        "lng",
        "long",
        "latitude",
        "longitude",
        "breite",
        "länge",
        "breitengrad",
        "längengrad",
    ];
    names.contains(&name.as_str())
}

/// Whether a name is that of digits which are no number.
pub(super) fn is_code(name: &str) -> bool {
    let name = name.to_lowercase().replace([' ', '_', '-', '.'], "");
    let codes = [
        "zip",
        "zipcode",
        "postcode",
        "postalcode",
        "plz",
        "postleitzahl",
        "codepostal",
        "phone",
        "telephone",
        "telefon",
        "tel",
        "mobile",
        "fax",
        "fips",
    ];
    codes.contains(&name.as_str())
}

/// Words that are no value in some columns, and texts in others.
fn words_in_texts(names: &[String], columns: &[Column], guesses: &[Guess], notes: &mut Notes) {
    let is_doubtful = |word: &&str| word.len() > 1 && word.bytes().any(|byte| byte.is_ascii_alphabetic());
    for ((name, column), guess) in names.iter().zip(columns).zip(guesses) {
        if guess.field_type != ColumnType::String {
            continue;
        }
        let elsewhere = |word: &&str| guesses.iter().any(|other| other.missing.contains(word));
        let kept = |word: &&str| !guess.missing.contains(word);
        if let Some(word) = column.missing_words().filter(is_doubtful).filter(kept).find(elsewhere) {
            notes.doubt_column(
                &format!("text {word}"),
                name,
                format!(
                    "{} is kept as text, but means no value in other columns; if it does here too, set \
                     `\"missingValues\": [\"\", {}]`",
                    quoted(word),
                    quoted(word)
                ),
            );
        }
    }
}
