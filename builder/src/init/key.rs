//! Which column could be the primary key: no value absent, none twice.
//!
//! A column that ascends proves it without memory; of the others a hash of each value is kept, up
//! to a bound. Equal values have equal hashes, so what has no two equal hashes has no two equal
//! values; the reverse can only cost a guess.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::column::Column;
use crate::count::count;

/// How many hashes are kept, over all columns: about 36 MB.
const MOST: usize = 2_000_000;

/// Longer values are not keys that a person would put into a URL, in bytes.
const LONGEST: usize = 64;

/// The columns that could still be keys.
pub(super) struct Keys {
    columns: Vec<Option<Values>>,
    /// Whether a column has a name that keys have.
    usual: Vec<bool>,
    kept: usize,
    rows: u64,
    /// A column was given up for the memory.
    given_up: bool,
}

struct Values {
    /// The last value, as long as the values ascend.
    ascending: Option<i64>,
    hashes: HashSet<u64>,
    /// Hashes were thrown away while it ascended.
    only_ascending: bool,
}

impl Keys {
    /// Every column of the header could be one. Those with usual names are given up last.
    pub(super) fn new(header: &[String], table: &str) -> Self {
        let new =
            |_| Some(Values { ascending: Some(i64::MIN), hashes: HashSet::new(), only_ascending: false });
        let usual = header.iter().map(|name| is_usual(name, table)).collect();
        Self { columns: header.iter().map(new).collect(), usual, kept: 0, rows: 0, given_up: false }
    }

    /// Leaves a column out, which is not of a key's type.
    pub(super) fn leave_out(&mut self, column: usize) {
        if let Some(values) = self.columns[column].take() {
            self.kept -= values.hashes.len();
        }
    }

    pub(super) fn add(&mut self, column: usize, cell: &str) {
        let Some(values) = &mut self.columns[column] else { return };
        let mut hasher = DefaultHasher::new();
        cell.hash(&mut hasher);
        values.ascending = match (values.ascending, cell.parse::<i64>()) {
            (Some(last), Ok(value)) if last < value => Some(value),
            _ => None,
        };
        let unproved = values.only_ascending && values.ascending.is_none();
        // "-0" is the same integer as "0".
        if cell.is_empty() || cell == "-0" || unproved || !values.hashes.insert(hasher.finish()) {
            self.kept -= values.hashes.len();
            self.columns[column] = None;
            if unproved {
                self.given_up = true;
            }
            return;
        }
        self.kept += 1;
    }

    pub(super) fn end_row(&mut self) {
        self.rows += 1;
        while self.kept > MOST {
            // Keys are usually on the left: the rightmost is dropped first. One that ascends needs no hashes.
            let ascending = self.columns.iter_mut().flatten().filter(|values| values.ascending.is_some());
            let largest =
                ascending.max_by_key(|values| values.hashes.len()).filter(|values| !values.hashes.is_empty());
            if let Some(values) = largest {
                self.kept -= values.hashes.len();
                values.hashes = HashSet::new();
                values.only_ascending = true;
                continue;
            }
            let unusual = (0..self.columns.len())
                .rfind(|column| self.columns[*column].is_some() && !self.usual[*column]);
            let Some(last) = unusual.or_else(|| self.columns.iter().rposition(Option::is_some)) else {
                return;
            };
            if let Some(values) = self.columns[last].take() {
                self.kept -= values.hashes.len();
                self.given_up = true;
            }
        }
    }

    /// The column that is guessed, with a note.
    pub(super) fn guess(
        &self,
        names: &[String],
        columns: &[Column],
        notes: &mut Vec<String>,
    ) -> Option<usize> {
        let possible = |column: &usize| {
            self.columns[*column].is_some()
                && columns[*column].is_complete()
                && columns[*column].longest() <= LONGEST
                && columns[*column].could_be_key()
        };
        let possible: Vec<usize> = (0..names.len()).filter(possible).collect();
        let usual = |column: &usize| self.usual[*column];
        let best =
            possible.iter().copied().find(usual).or(possible.first().copied()).filter(|_| self.rows > 1);
        let Some(best) = best else {
            notes.push(match (self.rows, self.given_up) {
                (0 | 1, _) => "primaryKey: none, since there are fewer than two rows".to_owned(),
                (_, true) => {
                    "primaryKey: none, since the file is too long to compare all its values".to_owned()
                }
                _ => "primaryKey: none, since no integer or short text column has unique values".to_owned(),
            });
            return None;
        };
        let others: Vec<String> = possible
            .iter()
            .filter(|column| **column != best)
            .map(|column| format!("`{}`", names[*column]))
            .collect();
        let also = match others.as_slice() {
            [] => String::new(),
            others => format!("; also unique: {}", others.join(", ")),
        };
        notes.push(format!(
            "primaryKey: `{}`, which has a different value in each of {}{also}",
            names[best],
            count(self.rows, "row")
        ));
        Some(best)
    }
}

fn is_usual(name: &str, table: &str) -> bool {
    let name = name.to_lowercase();
    ["id", "key", "code"].contains(&name.as_str()) || name == format!("{}_id", table.to_lowercase())
}
