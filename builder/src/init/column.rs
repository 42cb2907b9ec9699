//! What is known of a column's cells: of which types and forms they are, and how many are not.

use catalog::ColumnType;

use super::number::{ALL, FORMS, Forms, Mark, NotNumber, scan};
use super::temporal::{Temporal, punctuation};
use super::words::MISSING;
use datapackage::cell::Parser;
use datapackage::schema::Field;

/// So many different values are kept of a column that could be a boolean.
const DISTINCT: usize = 6;

/// The types and forms that cells are compared with.
pub(super) struct Known {
    pub(super) temporals: Vec<Temporal>,
    json: [(ColumnType, Parser); 2],
    number: Parser,
}

impl Known {
    pub(super) fn new() -> Self {
        let parser = |known| Parser::new(&Field::new("", known));
        let json = [ColumnType::Object, ColumnType::Array].map(|known| (known, parser(known)));
        Self { temporals: super::temporal::all(), json, number: parser(ColumnType::Number) }
    }
}

/// A cell and its line; 0 until the line is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Example {
    pub(super) cell: String,
    pub(super) line: u64,
}

/// The cells that do not fit a type.
#[derive(Debug, Default)]
pub(super) struct Misfits {
    pub(super) count: u64,
    pub(super) first: Option<Box<Example>>,
    /// They are not all the same text.
    pub(super) differ: bool,
    /// There are too many to count on.
    given_up: bool,
}

impl Misfits {
    /// Adds a cell. True if its line is needed.
    fn add(&mut self, cell: &str, values: u64) -> bool {
        self.count += 1;
        let Some(first) = &self.first else {
            self.first = Some(Box::new(Example { cell: cell.to_owned(), line: 0 }));
            return true;
        };
        self.differ = self.differ || first.cell != cell;
        self.given_up = self.count >= 20 && self.differ && self.count * 10 > values;
        false
    }

    pub(super) fn none(&self) -> bool {
        self.count == 0
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.given_up
    }
}

/// A number of cells and the first of them.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) count: u64,
    pub(super) first: Option<Box<Example>>,
}

impl Counted {
    fn add(&mut self, cell: &str) -> bool {
        self.count += 1;
        let is_first = self.first.is_none();
        if is_first {
            self.first = Some(Box::new(Example { cell: cell.to_owned(), line: 0 }));
        }
        is_first
    }
}

/// What is known of a column's cells.
pub(super) struct Column {
    /// Cells that are neither empty nor a word for "no value".
    pub(super) values: u64,
    pub(super) empty: u64,
    /// The longest cell, in bytes.
    pub(super) longest: usize,
    pub(super) missing: [u64; MISSING.len()],
    pub(super) numbers: [Misfits; FORMS.len()],
    numbers_given_up: bool,
    pub(super) facts: Numbers,
    pub(super) temporals: Vec<Misfits>,
    temporals_given_up: bool,
    json: [Misfits; 2],
    /// Different values, as long as there are few and they are short.
    distinct: Option<Vec<String>>,
    /// The first value.
    pub(super) first: Option<Box<Example>>,
    /// Values with spaces at their ends.
    pub(super) spaced: Counted,
}

/// What is known of the cells that are numbers.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    pub(super) point: bool,
    pub(super) comma: bool,
    pub(super) exponent: bool,
    /// Cells with a comma or point.
    pub(super) separated: Counted,
    /// How many groups the numbers with spaces or apostrophes have, where all have as many.
    pub(super) same_groups: Option<usize>,
    pub(super) groups_differ: bool,
    /// Integers without any separator: the largest, regardless of its sign.
    pub(super) largest_plain: Option<u64>,
    pub(super) mark: Option<Mark>,
    pub(super) marks_differ: bool,
    pub(super) marked: Counted,
    /// Numbers other than 0 that lack the mark.
    pub(super) unmarked: u64,
    pub(super) padded: Counted,
    pub(super) plus: Counted,
    pub(super) minus: u64,
    pub(super) leading_zero: Counted,
    pub(super) too_long: Counted,
    /// `(5.00)`
    pub(super) negative: Counted,
    /// `12,34,567`
    pub(super) grouped: Counted,
    /// With more digits than a 64-bit float keeps.
    pub(super) inexact: Counted,
    /// Cells that are -999 or similar, and the smallest number beside them.
    pub(super) sentinel: Counted,
    pub(super) smallest: Option<i64>,
    /// The last value; whether values descend; and whether they do both, or are not all integers.
    last: Option<i64>,
    descending: Option<bool>,
    pub(super) unordered: bool,
}

/// Numbers that old programs write for "no value".
const SENTINELS: [&str; 5] = ["-99", "-999", "-9999", "-99999", "-999999"];

impl Column {
    pub(super) fn new(known: &Known) -> Self {
        Self {
            values: 0,
            empty: 0,
            longest: 0,
            missing: [0; MISSING.len()],
            numbers: Default::default(),
            numbers_given_up: false,
            facts: Numbers::default(),
            temporals: known.temporals.iter().map(|_| Misfits::default()).collect(),
            temporals_given_up: false,
            json: Default::default(),
            distinct: Some(vec![]),
            first: None,
            spaced: Counted::default(),
        }
    }

    /// Adds a cell. True where [`Column::on_line`] needs its line.
    pub(super) fn add(&mut self, cell: &str, known: &Known) -> bool {
        self.longest = self.longest.max(cell.len());
        if cell.is_empty() {
            self.empty += 1;
            return false;
        }
        if let Some(word) = MISSING.iter().position(|word| *word == cell) {
            self.missing[word] += 1;
            return false;
        }
        self.values += 1;
        let is_first = self.first.is_none();
        if is_first {
            self.first = Some(Box::new(Example { cell: cell.to_owned(), line: 0 }));
        }
        self.add_distinct(cell);
        let number = !self.numbers_given_up && self.add_number(cell, known);
        let temporal = !self.temporals_given_up && self.add_temporal(cell, known);
        let json = self.add_json(cell, known);
        let spaced = cell.trim_matches([' ', '\u{a0}']) != cell && self.spaced.add(cell);
        is_first || number || temporal || json || spaced
    }

    /// The line of the cell that was added last.
    pub(super) fn on_line(&mut self, line: u64) {
        let misfits = self.numbers.iter_mut().chain(&mut self.temporals).chain(&mut self.json);
        let facts = &mut self.facts;
        let counted = [
            &mut facts.separated,
            &mut facts.marked,
            &mut facts.padded,
            &mut facts.plus,
            &mut facts.leading_zero,
            &mut facts.too_long,
            &mut facts.negative,
            &mut facts.grouped,
            &mut facts.inexact,
            &mut facts.sentinel,
        ];
        let counted = counted.into_iter().chain([&mut self.spaced]);
        let firsts =
            misfits.map(|misfits| &mut misfits.first).chain(counted.map(|counted| &mut counted.first));
        for example in firsts.chain([&mut self.first]).flatten().filter(|example| example.line == 0) {
            example.line = line;
        }
    }

    fn add_distinct(&mut self, cell: &str) {
        let Some(distinct) = &mut self.distinct else { return };
        if distinct.iter().any(|other| other == cell) {
            return;
        }
        distinct.push(cell.to_owned());
        if distinct.len() > DISTINCT || cell.len() > 12 {
            self.distinct = None;
        }
    }

    /// All the different values, if they are few and short.
    pub(super) fn distinct(&self) -> Option<&[String]> {
        self.distinct.as_deref()
    }

    fn add_number(&mut self, cell: &str, known: &Known) -> bool {
        let forms = match scan(cell) {
            Ok(number) => {
                let line = self.facts.add(cell, &number, known);
                if number.forms == ALL {
                    return line;
                }
                return self.misfit_numbers(cell, ALL & !number.forms) || line;
            }
            Err(why) => {
                let counted = match why {
                    NotNumber::LeadingZero => Some(&mut self.facts.leading_zero),
                    NotNumber::TooLong => Some(&mut self.facts.too_long),
                    NotNumber::Negative => Some(&mut self.facts.negative),
                    NotNumber::Groups => Some(&mut self.facts.grouped),
                    NotNumber::Other => None,
                };
                if let Some(counted) = counted {
                    // These decide about the column regardless of what else is in it.
                    return counted.add(cell);
                }
                ALL
            }
        };
        self.misfit_numbers(cell, forms)
    }

    fn misfit_numbers(&mut self, cell: &str, forms: Forms) -> bool {
        let mut line = false;
        for (index, misfits) in self.numbers.iter_mut().enumerate() {
            if forms >> index & 1 == 1 && !misfits.given_up {
                line |= misfits.add(cell, self.values);
            }
        }
        self.numbers_given_up = self.numbers.iter().all(Misfits::is_given_up);
        line
    }

    fn add_temporal(&mut self, cell: &str, known: &Known) -> bool {
        let shape = punctuation(cell);
        let mut line = false;
        let mut left = false;
        let mut fits_any = false;
        for (temporal, misfits) in known.temporals.iter().zip(&mut self.temporals) {
            if misfits.given_up {
                continue;
            }
            // `any` tries many forms, so it is spared cells that have one of its own.
            let fits = fits_any && temporal.is_any()
                || shape.as_ref().is_some_and(|shape| temporal.fits(cell, shape));
            fits_any |= fits && temporal.is_in_any();
            if !fits {
                line |= misfits.add(cell, self.values);
            }
            left |= !misfits.given_up;
        }
        self.temporals_given_up = !left;
        line
    }

    fn add_json(&mut self, cell: &str, known: &Known) -> bool {
        let mut line = false;
        for ((_, parser), misfits) in known.json.iter().zip(&mut self.json) {
            let fits = cell.starts_with(['{', '[']) && parser.parse(cell).is_ok();
            if !misfits.given_up && !fits {
                line |= misfits.add(cell, self.values);
            }
        }
        line
    }

    /// The type of JSON that every value has.
    pub(super) fn json(&self, known: &Known) -> Option<ColumnType> {
        known.json.iter().zip(&self.json).find(|(_, misfits)| misfits.none()).map(|((json, _), _)| *json)
    }

    /// The words for "no value" in it.
    pub(super) fn missing_words(&self) -> impl Iterator<Item = &'static str> {
        MISSING.iter().zip(self.missing).filter(|(_, count)| *count > 0).map(|(word, _)| *word)
    }
}

impl Numbers {
    /// Adds a number. True if its line is needed.
    fn add(&mut self, cell: &str, number: &super::number::Number, known: &Known) -> bool {
        let mut line = false;
        let digits = &number.digits;
        let (point, comma) = (digits.contains('.'), digits.contains(','));
        self.point |= point;
        self.comma |= comma;
        self.exponent |= digits.contains(['e', 'E']);
        if point || comma {
            line |= self.separated.add(cell);
        }
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        self.add_groups(digits, plain);
        match (&self.mark, &number.mark) {
            (_, None) => self.unmarked += u64::from(digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte))),
            (None, Some(mark)) => {
                self.mark = Some(mark.clone());
                line |= self.marked.add(cell);
            }
            (Some(known), Some(mark)) => {
                self.marks_differ |= known != mark;
                self.marked.add(cell);
            }
        }
        if number.padded {
            line |= self.padded.add(cell);
        }
        if number.plus {
            line |= self.plus.add(cell);
        }
        self.minus += u64::from(number.minus);
        if digits.len() > 15 {
            line |= self.add_long(cell, digits, known);
        }
        self.add_in_order(cell, plain) || line
    }

    fn add_groups(&mut self, digits: &str, plain: bool) {
        if plain {
            let value = digits.parse().unwrap_or(u64::MAX);
            self.largest_plain = self.largest_plain.max(Some(value));
        }
        let groups = digits.chars().filter(|c| !c.is_ascii() || matches!(c, ' ' | '\'')).count();
        self.groups_differ |= self.same_groups.is_some_and(|same| same != groups);
        self.same_groups.get_or_insert(groups);
    }

    /// A number whose digits a 64-bit float may not keep.
    fn add_long(&mut self, cell: &str, digits: &str, known: &Known) -> bool {
        let decimal = digits.rfind(['.', ',']);
        let is_digit = |c: char| c.is_ascii_digit() || matches!(c, 'e' | 'E' | '+' | '-');
        let plain: String = digits
            .char_indices()
            .filter_map(
                |(at, c)| if Some(at) == decimal { Some('.') } else { Some(c).filter(|c| is_digit(*c)) },
            )
            .collect();
        let is_inexact =
            known.number.parse(&plain).is_ok_and(|value| known.number.warning(&plain, &value).is_some());
        is_inexact && self.inexact.add(cell)
    }

    /// True if its line is needed.
    fn add_in_order(&mut self, cell: &str, plain: bool) -> bool {
        let value = if plain { cell.parse::<i64>().ok() } else { None };
        let Some(value) = value else {
            self.unordered = true;
            return false;
        };
        let mut line = false;
        if SENTINELS.contains(&cell) {
            line = self.sentinel.add(cell);
        } else {
            self.smallest = Some(self.smallest.map_or(value, |smallest| smallest.min(value)));
        }
        if let Some(last) = self.last {
            let descends = value < last;
            self.unordered |= value == last || self.descending.is_some_and(|before| before != descends);
            self.descending = Some(descends);
        }
        self.last = Some(value);
        line
    }
}
