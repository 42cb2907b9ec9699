//! The order of a table's rows at a version: that of now, taken back version by version.
//!
//! Orders are runs of rows that follow one another now, too: what a version costs goes by the rows that it moved, not by
//! those that there are.

use std::ops::Range;

use super::RestoreError;
use crate::feed::{Version, row_order};

/// The rows of a table in the order of a version.
#[derive(Debug)]
pub struct Order {
    /// In the order of their places; none is empty, and none goes on where the one before ends.
    runs: Vec<Run>,
    /// How many rows there are.
    rows: u32,
    /// How many rows the table has now.
    now: u32,
    /// The versions behind that one, each with the number of its first removal.
    removals: Vec<(u64, u32)>,
}

/// Rows by numbers that follow one another. Rows that are still there go by their places now; those that were removed
/// follow, in the order in which the feed lists their removals.
#[derive(Debug, Clone, Copy)]
struct Run {
    place: u32,
    first: u32,
}

/// Where a row of then is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is still there, in this place, from 0.
    Present(u32),
    /// A version removed it.
    Removed {
        /// The version's ordinal.
        version: u64,
        /// Which of the rows it is that the version removed, in the order of their keys' bytes, from 0.
        index: u32,
    },
}

impl Order {
    /// Of the version before `later`, which are all behind it, the oldest first. `rows` is how many the table has
    /// now, `orders` what the feed says of orders. Errors: the feed is not whole.
    pub(super) fn before(
        later: &[Version],
        table: &str,
        rows: u64,
        orders: &[(u64, String)],
    ) -> Result<Self, RestoreError> {
        let damaged = RestoreError::not_whole;
        let now = u32::try_from(rows).map_err(|_| damaged())?;
        let (mut removals, mut next) = (vec![], now);
        for version in later {
            let Some(of) = version.tables.get(table) else { return Err(damaged()) };
            removals.push((version.ordinal, next));
            next = u32::try_from(of.removed).ok().and_then(|of| next.checked_add(of)).ok_or_else(damaged)?;
        }
        let mut order = Self { runs: vec![], rows: 0, now, removals: vec![] };
        order.push(0, now);
        for (version, (_, first)) in later.iter().zip(&removals).rev() {
            let of = &version.tables[table];
            let kept = u64::from(order.rows).checked_sub(of.added).ok_or_else(damaged)?;
            let before = kept.checked_add(of.removed).and_then(|rows| u32::try_from(rows).ok());
            let before = before.ok_or_else(damaged)?;
            let runs = match orders.iter().find(|(ordinal, _)| *ordinal == version.ordinal) {
                Some((_, text)) => row_order(text, before as usize).ok_or_else(damaged)?,
                None if of.added > 0 && of.removed > 0 => return Err(damaged()),
                // The first rows are the same, and either rows came behind them or rows behind them went.
                None => std::iter::once(0..before).collect(),
            };
            order = order.taken_back(runs, *first, of.removed)?;
        }
        Ok(Self { removals, ..order })
    }

    /// The order before a version that removed that many rows, the first of which has the number `first`. `runs` says
    /// it by places in this order.
    fn taken_back(&self, runs: Vec<Range<u32>>, first: u32, removed: u64) -> Result<Self, RestoreError> {
        let mut before = Self { runs: vec![], rows: 0, now: self.now, removals: vec![] };
        for run in runs {
            before.copy(self, run.start.min(self.rows)..run.end.min(self.rows));
            if let Some(last) = run.end.checked_sub(self.rows).filter(|last| *last > 0) {
                if u64::from(last) > removed {
                    return Err(RestoreError::not_whole());
                }
                let from = run.start.saturating_sub(self.rows);
                before.push(first + from, last - from);
            }
        }
        Ok(before)
    }

    /// Appends the rows in those places of `other`.
    fn copy(&mut self, other: &Self, places: Range<u32>) {
        if places.is_empty() {
            return;
        }
        let at = other.runs.partition_point(|run| run.place <= places.start) - 1;
        let (run, end) = (other.runs[at], other.end(at).min(places.end));
        self.push(run.first + (places.start - run.place), end - places.start);
        // None of the runs behind it goes on where the one before ends: they are taken as they are.
        let behind = &other.runs[at + 1..];
        let behind = &behind[..behind.partition_point(|run| run.place < places.end)];
        let to = self.rows;
        self.runs.extend(behind.iter().map(|run| Run { place: run.place - end + to, ..*run }));
        self.rows += places.end - end;
    }

    fn push(&mut self, first: u32, rows: u32) {
        let goes_on = self.runs.last().is_some_and(|last| last.first + (self.rows - last.place) == first);
        if rows > 0 && !goes_on {
            self.runs.push(Run { place: self.rows, first });
        }
        self.rows += rows;
    }

    /// The place behind the run `at`.
    fn end(&self, at: usize) -> u32 {
        self.runs.get(at + 1).map_or(self.rows, |next| next.place)
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        u64::from(self.rows)
    }

    /// The row in a place, from 0; `None` behind the last one.
    pub fn row(&self, place: u64) -> Option<Origin> {
        let place = u32::try_from(place).ok().filter(|place| *place < self.rows)?;
        let run = self.runs[self.runs.partition_point(|run| run.place <= place).checked_sub(1)?];
        let number = run.first + (place - run.place);
        if number < self.now {
            return Some(Origin::Present(number));
        }
        // Versions that removed nothing have the same number as the next one.
        let at = self.removals.partition_point(|(_, first)| *first <= number).checked_sub(1)?;
        let (version, first) = self.removals[at];
        Some(Origin::Removed { version, index: number - first })
    }

    /// Rows by their numbers, as [`Run`] has them.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        (0..self.runs.len()).flat_map(|at| {
            let Run { place, first } = self.runs[at];
            first..first + (self.end(at) - place)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::feed::{TableVersion, row_order_text};

    fn version(ordinal: u64, added: u64, removed: u64) -> Version {
        Version {
            ordinal,
            version: None,
            digest: String::new(),
            commit: String::new(),
            date: String::new(),
            first: false,
            tables: BTreeMap::from([(
                "t".into(),
                TableVersion { added, removed, ..TableVersion::default() },
            )]),
        }
    }

    /// The numbers of the order before all, and where its rows are found.
    fn order(later: &[Version], orders: &[(u64, &[u32])]) -> Option<(Vec<u32>, Vec<Origin>)> {
        let text = |(ordinal, numbers): &(u64, &[u32])| (*ordinal, row_order_text(numbers).unwrap());
        let orders: Vec<_> = orders.iter().map(text).collect();
        let order = Order::before(later, "t", 4, &orders).ok()?;
        assert_eq!(order.row(order.rows()), None);
        Some((order.numbers().collect(), (0..order.rows()).map_while(|place| order.row(place)).collect()))
    }

    #[test]
    fn an_order_is_taken_back_version_by_version() {
        let here = Origin::Present;
        let gone = |version, index| Origin::Removed { version, index };
        // The last version appended a row, the one before removed the last two.
        let (numbers, rows) = order(&[version(1, 0, 2), version(2, 1, 0)], &[]).unwrap();
        assert_eq!(numbers, [0, 1, 2, 4, 5]);
        assert_eq!(rows, [here(0), here(1), here(2), gone(1, 0), gone(1, 1)]);
        // Before version 2 the rows were 2, one that it removed, 0 and 1; version 1 had only turned them round.
        let later = [version(1, 0, 0), version(2, 1, 1), version(3, 0, 0)];
        let (numbers, rows) = order(&later, &[(1, &[3, 2, 1, 0]), (2, &[2, 4, 0, 1])]).unwrap();
        assert_eq!(numbers, [1, 0, 4, 2]);
        assert_eq!(rows, [here(1), here(0), gone(2, 0), here(2)]);
    }

    /// Each version turns the first rows round and puts the last one to the front.
    #[test]
    fn many_runs_are_taken_back() {
        let moved: [u32; 4] = [3, 1, 0, 2];
        let mut expected: Vec<u32> = (0..4).collect();
        let later: Vec<_> = (1..8).map(|ordinal| version(ordinal, 0, 0)).collect();
        for versions in 1..8 {
            expected = moved.iter().map(|place| expected[*place as usize]).collect();
            let orders: Vec<_> = (1..=versions).map(|ordinal| (ordinal, moved.as_slice())).collect();
            let (numbers, _) = order(&later[..versions as usize], &orders).unwrap();
            assert_eq!(numbers, expected);
        }
    }

    #[test]
    fn an_invalid_order_is_damage() {
        for (later, orders) in [
            (version(1, 5, 0), None),
            (version(1, 1, 1), None),
            (version(1, 0, 1), Some([0, 1, 2, 3, 5].as_slice())),
            (version(1, 0, 1), Some([1, 0].as_slice())),
            (version(1, 0, u64::MAX), None),
            (version(1, 0, u64::from(u32::MAX)), None),
        ] {
            let orders: Vec<_> = orders.map(|order| (1, order)).into_iter().collect();
            assert_eq!(order(&[later], &orders), None);
        }
    }
}
