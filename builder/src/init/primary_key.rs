//! The primary key: a column that identifies, or the first columns together. Rather none than a measure, which is
//! different in each row by chance.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use catalog::ColumnType;

use super::column::Column;
use super::guess::Guess;
use super::key::Keys;
use super::role::{Role, is_measure, rank, role};

/// So many of the first columns that are no measures can be parts of a key.
const PARTS: usize = 6;

/// How many hashes are kept, over all possible keys: about 36 MB.
const MOST: usize = 2_000_000;

/// The names, columns and guesses of a table.
pub(super) struct Described<'a> {
    pub(super) table: &'a str,
    pub(super) names: &'a [String],
    pub(super) columns: &'a [Column],
    pub(super) guesses: &'a [Guess],
}

impl Described<'_> {
    fn role(&self, column: usize) -> Role {
        role(&self.names[column], self.table, &self.columns[column], &self.guesses[column])
    }

    /// The column that identifies the rows.
    pub(super) fn single(&self, keys: &Keys) -> Option<usize> {
        if keys.rows() < 2 {
            return None;
        }
        let likely = |column: &usize| match self.role(*column) {
            Role::Identifier => rank(&self.names[*column], self.table),
            Role::Name if *column == 0 => Some(4),
            Role::Period | Role::Time if *column == 0 => Some(4),
            // A number in the first column that counts up or down is no measure.
            Role::Measure if *column == 0 && self.counts(0) => Some(5),
            // A moment identifies a measurement, but not a thing that has a name before it.
            Role::Time if (0..*column).all(|before| self.role(before) == Role::Measure) => Some(6),
            _ => None,
        };
        let possible = keys.unique().filter_map(|column| Some((likely(&column)?, column)));
        possible.min().map(|(_, column)| column)
    }

    fn counts(&self, column: usize) -> bool {
        let (known, guess) = (&self.columns[column], &self.guesses[column]);
        guess.field_type == ColumnType::Integer
            && !guess.bare
            && known.empty == 0
            && known.missing_words().next().is_none()
            && !known.facts.unordered
            && !is_measure(&self.names[column])
    }

    /// The sets of columns that could be a key together, the most likely first.
    pub(super) fn sets(&self) -> Vec<Set> {
        let parts: Vec<(usize, Role)> = (0..self.names.len())
            .map(|column| (column, self.role(column)))
            .filter(|(_, role)| *role != Role::Measure)
            .take(PARTS)
            .collect();
        let mut sets = vec![];
        for bits in 1_u32..1 << parts.len() {
            let chosen: Vec<(usize, Role)> = parts
                .iter()
                .enumerate()
                .filter(|(at, _)| bits >> at & 1 == 1)
                .map(|(_, part)| *part)
                .collect();
            let has = |role: Role| chosen.iter().filter(|(_, other)| *other == role).count();
            let (times, names) = (has(Role::Period) + has(Role::Time), has(Role::Name));
            if !(2..=3).contains(&chosen.len()) || times == 0 && names > 0 {
                continue;
            }
            let is_certain = names == 0 && has(Role::Time) == 0;
            let columns: Vec<usize> = chosen.iter().map(|(column, _)| *column).collect();
            let order = (columns.len(), names, columns.clone());
            sets.push((order, Set { columns, is_certain, hashes: Some(HashSet::new()) }));
        }
        sets.sort_by(|(a, _), (b, _)| a.cmp(b));
        sets.into_iter().map(|(_, set)| set).collect()
    }
}

/// Columns that could be a key together.
pub(super) struct Set {
    pub(super) columns: Vec<usize>,
    /// What its columns are leaves no doubt; else the rows must be most of what is possible.
    is_certain: bool,
    /// Of the rows; `None` where two are equal.
    hashes: Option<HashSet<u64>>,
}

/// Which sets have no two equal rows.
pub(super) struct Sets {
    sets: Vec<Set>,
    /// Of each column's values.
    values: Vec<(usize, HashSet<u64>)>,
    rows: u64,
}

impl Sets {
    pub(super) fn new(sets: Vec<Set>) -> Self {
        let mut columns: Vec<usize> = sets.iter().flat_map(|set| set.columns.clone()).collect();
        columns.sort_unstable();
        columns.dedup();
        Self { sets, values: columns.into_iter().map(|column| (column, HashSet::new())).collect(), rows: 0 }
    }

    /// Adds a row. False where no set is left.
    pub(super) fn add<'a>(&mut self, cell: impl Fn(usize) -> &'a str) -> bool {
        self.rows += 1;
        for (column, values) in &mut self.values {
            values.insert(hash([cell(*column)]));
        }
        let mut kept: usize = self.values.iter().map(|(_, values)| values.len()).sum();
        for set in &mut self.sets {
            if let Some(hashes) = &mut set.hashes {
                let is_new = hashes.insert(hash(set.columns.iter().map(|column| cell(*column))));
                kept += hashes.len();
                // The less likely sets are given up first.
                if !is_new || kept > MOST {
                    set.hashes = None;
                }
            }
        }
        self.sets.iter().any(|set| set.hashes.is_some())
    }

    /// The most likely key.
    pub(super) fn best(self) -> Option<Vec<usize>> {
        let different = |column: &usize| {
            self.values.iter().find(|(other, _)| other == column).map_or(1, |(_, values)| values.len() as u64)
        };
        let is_dense = |set: &Set| {
            let possible = set.columns.iter().map(different).fold(1_u64, u64::saturating_mul);
            self.rows * 2 >= possible
        };
        let varies = |set: &Set| set.columns.iter().all(|column| different(column) > 1);
        let mut sets = self.sets.iter().filter(|set| set.hashes.is_some() && self.rows > 3 && varies(set));
        sets.find(|set| set.is_certain || is_dense(set)).map(|set| set.columns.clone())
    }
}

fn hash<'a>(cells: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    cells.into_iter().for_each(|cell| cell.hash(&mut hasher));
    hasher.finish()
}
