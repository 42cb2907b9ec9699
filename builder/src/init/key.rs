//! Which columns have a value in each row, and none twice.
//!
//! A column that ascends proves it without memory; of the others a hash of each value is kept, up
//! to a bound. Equal values have equal hashes, so what has no two equal hashes has no two equal
//! values; the reverse can only cost a guess.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many hashes are kept, over all columns: about 36 MB.
const MOST: usize = 2_000_000;

/// Longer values are not keys that a person would put into a URL, in bytes.
pub(super) const LONGEST: usize = 64;

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
    pub(super) fn new(names: &[&str], table: &str) -> Self {
        let new =
            |_| Some(Values { ascending: Some(i64::MIN), hashes: HashSet::new(), only_ascending: false });
        let usual = names.iter().map(|name| super::role::rank(name, table).is_some()).collect();
        Self { columns: names.iter().map(new).collect(), usual, kept: 0, rows: 0, given_up: false }
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
        let is_no_key = cell.is_empty() || cell.len() > LONGEST;
        if is_no_key || cell == "-0" || unproved || !values.hashes.insert(hasher.finish()) {
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

    /// The columns that have a different value in each row, as far as is known.
    pub(super) fn unique(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().enumerate().filter(|(_, values)| values.is_some()).map(|(column, _)| column)
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Whether the file is too long for all its values to be compared.
    pub(super) fn is_given_up(&self) -> bool {
        self.given_up
    }
}
