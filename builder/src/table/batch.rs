//! Rows on their way from the thread that checks to those that store, hash and count them.
//!
//! Values are written once, as the bytes that are hashed; who needs values reads them from there. Threads share a
//! batch, and the last one that is done with it gives it back to be filled again.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use catalog::{take_canonical, write_canonical};
use rusqlite::types::ValueRef;

/// A batch is handed over when it has this many bytes: enough that the hand-over costs little, little enough to stay
/// in the second-level cache.
const BYTES: usize = 128 * 1024;

/// What a row takes besides its values.
const ROW: usize = size_of::<(usize, i64)>();

/// A batch with more room than this is not used again, so that one huge row does not keep its
/// memory for the rest of the build.
const KEPT: usize = 1024 * 1024;

/// How many empty batches may wait.
const SPARE: usize = 8;

/// Some rows, in order.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The values, as [`write_canonical`] writes them.
    bytes: Vec<u8>,
    /// Where each row ends in `bytes`, and its row number.
    ends: Vec<(usize, i64)>,
}

impl Batch {
    /// Adds a value to the last row.
    #[inline]
    pub(crate) fn push(&mut self, value: ValueRef<'_>) {
        write_canonical(value, &mut self.bytes);
    }

    /// Ends the last row, which has that row number. True when the batch should be handed over.
    #[inline]
    pub(crate) fn end_row(&mut self, rowid: i64) -> bool {
        self.ends.push((self.bytes.len(), rowid));
        self.bytes.len() + self.ends.len() * ROW >= BYTES
    }

    /// Whether it has no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The bytes of all rows.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The row number and the bytes of each row.
    #[inline]
    pub(crate) fn rows(&self) -> impl Iterator<Item = (i64, &[u8])> {
        let mut start = 0;
        self.ends
            .iter()
            .map(move |(end, rowid)| (*rowid, &self.bytes[std::mem::replace(&mut start, *end)..*end]))
    }

    /// Whether it holds a row so large that copies of it should not be kept.
    pub(crate) fn is_large(&self) -> bool {
        self.bytes.len() > KEPT
    }

    /// The same batch without rows.
    pub(crate) fn cleared(mut self) -> Self {
        if self.bytes.capacity() > KEPT {
            return Self::default();
        }
        self.bytes.clear();
        self.ends.clear();
        self
    }
}

/// The values of a row of a batch.
#[inline]
pub(crate) fn values(row: &[u8]) -> impl Iterator<Item = ValueRef<'_>> {
    let mut rest = row;
    std::iter::from_fn(move || take_canonical(&mut rest))
}

/// Takes batches back.
#[derive(Debug, Clone)]
pub(crate) struct Returns(SyncSender<Batch>);

impl Returns {
    /// A place for batches, and where they come out empty.
    pub(crate) fn new() -> (Self, Receiver<Batch>) {
        let (send, receive) = sync_channel(SPARE);
        (Self(send), receive)
    }

    /// Takes a batch back from one of those that share it.
    pub(crate) fn give(&self, batch: Arc<Batch>) {
        if let Some(batch) = Arc::into_inner(batch) {
            let _ = self.0.try_send(batch.cleared()); // a spare one is dropped
        }
    }
}

/// Where batches go, and where empty ones come from.
pub(crate) struct Batches<'a> {
    /// Takes a share of a full one; false to stop.
    pub(crate) give: &'a mut dyn FnMut(&Arc<Batch>) -> bool,
    /// Takes shares back.
    pub(crate) returns: &'a Returns,
    /// Where they come out.
    pub(crate) empty: &'a Receiver<Batch>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_what_was_added() {
        let rows = [
            vec![ValueRef::Integer(1), ValueRef::Null, ValueRef::Text(b"a")],
            vec![],
            vec![ValueRef::Real(0.5), ValueRef::Text(b""), ValueRef::Null],
        ];
        let mut batch = Batch::default();
        for (number, row) in rows.iter().enumerate() {
            row.iter().for_each(|value| batch.push(*value));
            batch.end_row(number as i64);
        }
        let found: Vec<_> =
            batch.rows().map(|(number, row)| (number, values(row).collect::<Vec<_>>())).collect();
        let expected: Vec<_> =
            rows.into_iter().enumerate().map(|(number, row)| (number as i64, row)).collect();
        assert_eq!(found, expected);
        assert!(batch.cleared().is_empty());
    }

    #[test]
    fn the_last_one_gives_a_batch_back() {
        let (returns, empty) = Returns::new();
        let batch = Arc::new(Batch::default());
        returns.give(Arc::clone(&batch));
        assert!(empty.try_recv().is_err());
        returns.give(batch);
        assert!(empty.try_recv().is_ok());
    }

    #[test]
    fn rows_without_a_byte_fill_a_batch_too() {
        let mut batch = Batch::default();
        assert!((0..BYTES).any(|row| batch.end_row(row as i64)));
    }
}
