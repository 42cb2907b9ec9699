//! What is known of all columns -> a field for each. A column gets a form where it has one reading, in itself or
//! by what the other columns have; else it stays text, with a note that says how to choose.

use catalog::ColumnType;

use super::column::{Column, Counted, Known, Misfits};
use super::notes::Notes;
use super::number::{FORMS, Mark};
use super::temporal::{Order, Temporal};
use super::words;
use crate::count::{count, grouped};
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

/// A decimal point and a group separator, where either occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NumberReading {
    decimal: Option<char>,
    group: Option<char>,
}

/// What a column's cells could be.
enum Reading<'a> {
    /// There are no values.
    None,
    Numbers(Vec<NumberReading>),
    Temporals(Vec<&'a Temporal>),
    Booleans(Vec<String>, Vec<String>),
    Json(ColumnType),
    Text,
}

impl<'a> Reading<'a> {
    fn new(column: &Column, known: &'a Known) -> Self {
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

fn fitting<'a, T>(known: &'a [T], misfits: &[Misfits]) -> impl Iterator<Item = &'a T> {
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
struct Conventions {
    point: bool,
    comma: bool,
    day: bool,
    month: bool,
    delimiter: u8,
}

impl Conventions {
    fn new(readings: &[Reading<'_>], delimiter: u8) -> Self {
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

/// A column, and where to say what is found.
struct Described<'a> {
    name: &'a str,
    column: &'a Column,
    known: &'a Known,
    notes: &'a mut Notes,
}

impl Described<'_> {
    fn doubt(&mut self, kind: &str, text: String) {
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
        if !self.marks_have_one_reading() {
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
        let grouped_by_size = facts.comma
            && conventions.delimiter == b','
            && facts.separated.count >= 2
            && facts.largest_plain.is_some_and(|largest| largest < 1000);
        let by_default = !facts.comma && conventions.delimiter != b';' && !conventions.comma;
        let chosen = if point || by_default || (grouped_by_size && !conventions.comma) {
            find(true)
        } else if comma {
            find(false)
        } else {
            None
        };
        if chosen.is_none() {
            let (cell, line) = example(&facts.separated);
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

    /// Whether what is beside the numbers can be left out; if not, the note says why.
    fn marks_have_one_reading(&mut self) -> bool {
        let facts = &self.column.facts;
        if facts.negative.count > 0 {
            let (cell, line) = example(&facts.negative);
            self.doubt(
                "negative",
                format!(
                    "text, since {} on line {line} may be a negative number: write it with a minus in the file, then run \
                     `builder init` again",
                    quoted(&cell)
                ),
            );
            return false;
        }
        let (cell, line) = example(&facts.marked);
        let shown = quoted(&cell);
        let bare = "`\"type\": \"number\", \"bareNumber\": false`";
        match &facts.mark {
            None => true,
            Some(Mark::Unit(_)) if facts.marks_differ || facts.unmarked > 0 => {
                self.nearly();
                false
            }
            Some(Mark::Unit(_)) => {
                self.doubt(
                    "unit",
                    format!("text, since {shown} on line {line} has a unit; to leave it out and have numbers, set {bare}"),
                );
                false
            }
            Some(_) if facts.marks_differ => {
                self.doubt(
                    "marks",
                    format!(
                        "text, since its numbers have different signs or units, such as {shown} on line {line}; to leave \
                         them out, set {bare}"
                    ),
                );
                false
            }
            Some(Mark::Percent(_)) if facts.unmarked > 0 => {
                self.doubt(
                    "percent",
                    format!(
                        "text, since some numbers have a percent sign, such as {shown} on line {line}, and some have \
                         none; write all alike in the file, or set {bare}"
                    ),
                );
                false
            }
            Some(_) => true,
        }
    }

    /// What a person should know of numbers that are numbers.
    fn doubt_numbers(&mut self, field_type: ColumnType) {
        let facts = &self.column.facts;
        if facts.mark.is_some() {
            let (cell, line) = example(&facts.marked);
            let number: String =
                cell.chars().filter(|c| c.is_ascii_digit() || ".,'- ".contains(*c)).collect();
            self.doubt(
                "bare",
                format!(
                    "what is beside the numbers is left out (`bareNumber`): {} on line {line} is {}",
                    quoted(&cell),
                    number.trim()
                ),
            );
        }
        if facts.inexact.count > 0 && field_type == ColumnType::Number {
            let (cell, line) = example(&facts.inexact);
            let have = if facts.inexact.count == 1 { "has" } else { "have" };
            let text = format!(
                "{} of {} {have} more digits than a 64-bit float keeps, such as {} on line {line}; type `string` keeps them",
                grouped(facts.inexact.count),
                count(self.column.values, "value"),
                quoted(&cell)
            );
            self.doubt("inexact", text);
        }
        if facts.sentinel.count > 0 {
            let (cell, line) = example(&facts.sentinel);
            let value: i64 = cell.parse().unwrap_or(0);
            if facts.smallest.is_some_and(|smallest| smallest > value / 2) {
                self.doubt(
                    "sentinel",
                    format!(
                        "{cell} occurs {}, first on line {line}, and may mean that there is no value; if it does, set \
                         `\"missingValues\": [\"\", \"{cell}\"]`",
                        count(facts.sentinel.count, "time")
                    ),
                );
            }
        }
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

    /// A text column of which all but a few values are of a type.
    fn nearly(&mut self) {
        let facts = &self.column.facts;
        let values = self.column.values;
        let is_near = |misfits: &Misfits| {
            let others = values - misfits.count;
            !misfits.none()
                && !misfits.is_given_up()
                && (misfits.count * 10 <= values
                    || misfits.count == 1 && others >= 3
                    || !misfits.differ && others >= 3 && others >= misfits.count)
        };
        let mut best: Option<(&Misfits, String)> = None;
        if facts.leading_zero.count == 0 && facts.too_long.count == 0 && facts.negative.count == 0 {
            for misfits in self.column.numbers.iter().filter(|misfits| is_near(misfits)) {
                if best.as_ref().is_none_or(|(other, _)| misfits.count < other.count) {
                    best = Some((misfits, "a number".to_owned()));
                }
            }
        }
        for (temporal, misfits) in self.known.temporals.iter().zip(&self.column.temporals) {
            if is_near(misfits) && best.as_ref().is_none_or(|(other, _)| misfits.count < other.count) {
                best = Some((misfits, temporal.described()));
            }
        }
        let Some((misfits, kind)) = best else { return };
        let Some(first) = &misfits.first else { return };
        let (cell, others) = (quoted(&first.cell), grouped(values - misfits.count));
        let all_others = if values - misfits.count == 1 {
            "the other value is".into()
        } else {
            format!("all {others} others are")
        };
        let text = if misfits.count == 1 {
            format!(
                "text, since {cell} on line {} is not {kind}, and {all_others}; correct it, or list it in `missingValues`, \
                 and run `builder init` again",
                first.line
            )
        } else if misfits.differ {
            format!(
                "text, since {} are not {kind}, such as {cell} on line {}, and {all_others}; correct them and run \
                 `builder init` again",
                count(misfits.count, "value"),
                first.line
            )
        } else {
            format!(
                "text, since {cell}, {} from line {} on, is not {kind}, and {all_others}; if it means no value, set the type and \
                 `\"missingValues\": [\"\", {cell}]`",
                count(misfits.count, "time"),
                first.line
            )
        };
        let kind = if misfits.differ || misfits.count == 1 {
            format!("nearly {}", self.name)
        } else {
            format!("nearly {}", first.cell)
        };
        self.doubt(&kind, text);
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

    /// Why the guess is what it is.
    fn detail(&mut self, guess: &Guess) {
        let column = self.column;
        let facts = &column.facts;
        let name = guess.field_type.name();
        let mut reason = if column.values == 0 {
            format!("{name}, since it has no values to guess from")
        } else if guess.field_type == ColumnType::String {
            let of = |counted: &Counted, why: &str| {
                let (cell, line) = example(counted);
                (counted.count > 0).then(|| format!("{} on line {line} {why}", quoted(&cell)))
            };
            let misfit = column.numbers[0].first.as_ref().or(column.first.as_ref());
            let other = misfit.map(|first| {
                format!(
                    "{} on line {} is not a number, date, time, boolean or JSON",
                    quoted(&first.cell),
                    first.line
                )
            });
            let many = facts.inexact.count * 2 >= column.values && facts.inexact.count > 0;
            let why = of(&facts.leading_zero, "has a leading zero, which a number would lose")
                .or_else(|| of(&facts.too_long, "has more digits than an integer can"))
                .or_else(|| {
                    many.then(|| of(&facts.inexact, "has more digits than a 64-bit float keeps")).flatten()
                })
                .or_else(|| of(&facts.plus, "has a plus, which a number would lose"))
                .or_else(|| is_code(self.name).then(|| "its name is that of a code".to_owned()))
                .or(other);
            format!("{name}, since {}", why.unwrap_or_default())
        } else if column.values == 1 {
            format!("{name}, as is its only value")
        } else {
            format!("{name}, as are all {}", count(column.values, "value"))
        };
        for (property, value) in [
            ("format", guess.format.clone()),
            ("decimalChar", guess.decimal_char.map(String::from)),
            ("groupChar", guess.group_char.map(String::from)),
        ] {
            if let Some(value) = value {
                reason.push_str(&format!("; `{property}` is {}", quoted(&value)));
            }
        }
        if !guess.missing.is_empty() {
            let words: Vec<String> = guess.missing.iter().map(|word| quoted(word)).collect();
            reason.push_str(&format!("; {} treated as no value (`missingValues`)", words.join(", ")));
        }
        self.notes.detail(format!("column `{}`: {reason}", self.name));
    }
}

/// Whether a name is that of digits which are no number.
fn is_code(name: &str) -> bool {
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

fn example(counted: &Counted) -> (String, u64) {
    counted.first.as_ref().map_or((String::new(), 0), |first| (first.cell.clone(), first.line))
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
