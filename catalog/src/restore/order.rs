//! The order of a table's rows at a version: that of now, taken back version by version.

use std::collections::BTreeMap;

use super::RestoreError;
use crate::feed::{Version, row_order};

/// The rows of a table in the order of a version. Rows that are still there go by their places now; those that were
/// removed follow, in the order in which the feed lists their removals.
pub(super) struct Order {
    pub(super) numbers: Vec<u32>,
}

impl Order {
    /// Of the version before `later`, which are all behind it, the oldest first. `rows` is how many the table has
    /// now, `removals` the number of the first removal of each version, `orders` what the feed says of orders.
    /// Errors: the feed is not whole.
    pub(super) fn before(
        later: &[Version],
        table: &str,
        rows: u64,
        removals: &BTreeMap<u64, u32>,
        orders: &[(u64, String)],
    ) -> Result<Self, RestoreError> {
        let damaged = RestoreError::not_whole;
        let now = u32::try_from(rows).map_err(|_| damaged())?;
        let mut numbers: Vec<u32> = (0..now).collect();
        for version in later.iter().rev() {
            let Some(of) = version.tables.get(table) else { return Err(damaged()) };
            let places = numbers.len() as u64;
            let before = places.checked_sub(of.added).ok_or_else(damaged)? + of.removed;
            let before = usize::try_from(before).map_err(|_| damaged())?;
            let order = match orders.iter().find(|(ordinal, _)| *ordinal == version.ordinal) {
                Some((_, text)) => row_order(text, before).ok_or_else(damaged)?,
                // The first rows are the same, and either rows came behind them or rows behind them went.
                None if of.added > 0 && of.removed > 0 => return Err(damaged()),
                None if of.removed == 0 => {
                    numbers.truncate(before);
                    continue;
                }
                None => (0..u32::try_from(before).map_err(|_| damaged())?).collect(),
            };
            let first = removals.get(&version.ordinal).copied().unwrap_or_default();
            let number = |place: u32| match numbers.get(place as usize) {
                Some(number) => Some(*number),
                None => now.checked_add(first)?.checked_add(place - numbers.len() as u32),
            };
            numbers = order.into_iter().map(number).collect::<Option<_>>().ok_or_else(damaged)?;
        }
        Ok(Self { numbers })
    }
}
