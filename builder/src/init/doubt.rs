//! What is said about a column: what a person must decide, and why the guess is what it is.

use catalog::ColumnType;

use super::column::{Counted, Misfits};
use super::guess::{Described, Guess, is_code};
use super::number::{FORMS, Mark};
use super::reading::NumberReading;
use crate::count::{count, grouped};
use datapackage::cell::quoted;

impl Described<'_> {
    /// Whether what is beside the numbers can be left out; if not, the note says why.
    pub(super) fn marks_have_one_reading(&mut self, reading: NumberReading) -> bool {
        let facts = &self.column.facts;
        let is_bare = facts.mark.is_some() || facts.padded.count > 0;
        if facts.negative.count > 0 {
            let (cell, line) = example(&facts.negative);
            self.doubt(
                "negative",
                format!(
                    "text, since {} on line {line} may be a negative number: write it with a minus in the file, and \
                     set {}",
                    quoted(&cell),
                    set_number(reading, is_bare)
                ),
            );
            return false;
        }
        if facts.grouped.count > 0 {
            let (cell, line) = example(&facts.grouped);
            self.doubt(
                "grouped",
                format!(
                    "text, since {} on line {line} has groups that are not of three digits; write it without separators in the \
                     file to have numbers",
                    quoted(&cell)
                ),
            );
            return false;
        }
        let (cell, line) = example(&facts.marked);
        let shown = quoted(&cell);
        let bare = set_number(reading, true);
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

    /// Texts that most likely have spaces by mistake.
    pub(super) fn doubt_spaces(&mut self) {
        if self.column.spaced.count * 2 > self.column.values {
            let (cell, line) = example(&self.column.spaced);
            let text = format!(
                "the spaces at the ends of its values are kept, as in {} on line {line}; remove them from the file if they mean \
                 nothing",
                quoted(&cell)
            );
            self.doubt("spaces", text);
        }
    }

    /// What a person should know of numbers that are numbers.
    pub(super) fn doubt_numbers(&mut self, field_type: ColumnType) {
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

    /// A text column of which all but a few values are of a type.
    pub(super) fn nearly(&mut self) {
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
        // With what a value is, and how the field says it.
        let mut best: Option<(&Misfits, String, String)> = None;
        let decided = [&facts.leading_zero, &facts.too_long, &facts.negative, &facts.grouped];
        if decided.iter().all(|counted| counted.count == 0) {
            for (form, misfits) in FORMS.iter().zip(&self.column.numbers) {
                if is_near(misfits) && best.as_ref().is_none_or(|(other, ..)| misfits.count < other.count) {
                    let has_comma = form.decimal == ',' && facts.comma;
                    let decimal = if has_comma { ", \"decimalChar\": \",\"" } else { "" };
                    best = Some((misfits, "a number".to_owned(), format!("`\"type\": \"number\"{decimal}`")));
                }
            }
        }
        for (temporal, misfits) in self.known.temporals.iter().zip(&self.column.temporals) {
            if is_near(misfits) && best.as_ref().is_none_or(|(other, ..)| misfits.count < other.count) {
                let format = temporal
                    .format
                    .as_ref()
                    .map_or(String::new(), |format| format!(", \"format\": \"{format}\""));
                let set = format!("`\"type\": \"{}\"{format}`", temporal.field_type.name());
                best = Some((misfits, temporal.described(), set));
            }
        }
        let Some((misfits, kind, set)) = best else { return };
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
                 and set {set}",
                first.line
            )
        } else if misfits.differ {
            format!(
                "text, since {} are not {kind}, such as {cell} on line {}, and {all_others}; correct them and set {set}",
                count(misfits.count, "value"),
                first.line
            )
        } else {
            format!(
                "text, since {cell}, {} from line {} on, is not {kind}, and {all_others}; if it means no value, set {set} and \
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

    /// Why the guess is what it is.
    pub(super) fn detail(&mut self, guess: &Guess) {
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

/// What a field of numbers says.
fn set_number(reading: NumberReading, is_bare: bool) -> String {
    let mut set = "`\"type\": \"number\"".to_owned();
    if let Some(decimal) = reading.decimal.filter(|decimal| *decimal != '.') {
        set.push_str(&format!(", \"decimalChar\": \"{decimal}\""));
    }
    if let Some(group) = reading.group {
        set.push_str(&format!(", \"groupChar\": \"{group}\""));
    }
    if is_bare {
        set.push_str(", \"bareNumber\": false");
    }
    set + "`"
}

/// The first of some cells, and its line.
pub(super) fn example(counted: &Counted) -> (String, u64) {
    counted.first.as_ref().map_or((String::new(), 0), |first| (first.cell.clone(), first.line))
}
