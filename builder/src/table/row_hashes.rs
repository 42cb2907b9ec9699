//! The rows of a table as bytes, and what is hashed of them: the content digest, and the leaves of the table's
//! Merkle tree.
//!
//! Hashing takes as long as parsing, so it is done on a thread of its own. A table that fits one buffer is hashed
//! where it is read: a thread would cost more.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use catalog::{ContentDigest, Schema, Sha256Hex, leaf_hash, write_canonical};
use rusqlite::types::ValueRef;

use super::leaves::Leaves;

/// A buffer is handed over when it has this many bytes: enough that the hand-over costs little, little enough to
/// stay in the second-level cache.
const BYTES: usize = 64 * 1024;

/// A buffer with more room than this is not used again, so that one huge row does not keep its memory.
const KEPT: usize = 1024 * 1024;

/// How many buffers may wait.
const WAITING: usize = 2;

/// Takes rows, value after value.
pub(crate) struct RowHasher {
    schema: Schema,
    ordered: bool,
    rows: Rows,
    /// From the first full buffer on.
    elsewhere: Option<Elsewhere>,
}

/// Some rows.
#[derive(Default)]
struct Rows {
    bytes: Vec<u8>,
    /// Where each row ends in `bytes`, and its row number.
    ends: Vec<(usize, i64)>,
}

struct Elsewhere {
    full: SyncSender<Rows>,
    empty: Receiver<Rows>,
    thread: JoinHandle<Hashes>,
}

impl RowHasher {
    /// A hasher that has seen no row. `ordered`: rows come in the order of the table's leaves.
    pub(crate) fn new(schema: &Schema, ordered: bool) -> Self {
        Self { schema: schema.clone(), ordered, rows: Rows::default(), elsewhere: None }
    }

    /// Adds a value of the row.
    #[inline]
    pub(crate) fn value(&mut self, value: ValueRef<'_>) {
        write_canonical(value, &mut self.rows.bytes);
    }

    /// Ends the row with that row number.
    #[inline]
    pub(crate) fn end_row(&mut self, rowid: i64) {
        self.rows.ends.push((self.rows.bytes.len(), rowid));
        if self.rows.bytes.len() >= BYTES {
            self.hand_over();
        }
    }

    /// The content digest and the leaves.
    pub(crate) fn finish(mut self) -> (Sha256Hex, Leaves) {
        let hashes = match self.elsewhere.take() {
            None => {
                let mut hashes = Hashes::new(&self.schema, self.ordered);
                hashes.add(&self.rows);
                hashes
            }
            Some(Elsewhere { full, thread, .. }) => {
                let _ = full.send(self.rows); // a thread that is gone panicked, as the next line finds out
                drop(full);
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
        };
        (hashes.digest.finish(), hashes.leaves)
    }

    #[inline(never)]
    fn hand_over(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let elsewhere =
            self.elsewhere.get_or_insert_with(|| Elsewhere::start(Hashes::new(&self.schema, self.ordered)));
        let _ = elsewhere.full.send(rows); // as above
        self.rows = elsewhere.empty.try_recv().unwrap_or_default();
    }
}

impl Elsewhere {
    fn start(mut hashes: Hashes) -> Self {
        let (full, receive) = sync_channel::<Rows>(WAITING);
        let (give, empty) = sync_channel(WAITING + 2);
        let hashing = move || {
            for rows in receive {
                hashes.add(&rows);
                let _ = give.try_send(rows.cleared()); // a spare one is dropped
            }
            hashes
        };
        let thread = thread::Builder::new().spawn(hashing);
        let thread = thread.unwrap_or_else(|error| panic!("no thread can be started: {error}"));
        Self { full, empty, thread }
    }
}

impl Rows {
    /// The same buffer without rows.
    fn cleared(mut self) -> Self {
        if self.bytes.capacity() > KEPT {
            return Self::default();
        }
        self.bytes.clear();
        self.ends.clear();
        self
    }
}

struct Hashes {
    digest: ContentDigest,
    leaves: Leaves,
}

impl Hashes {
    fn new(schema: &Schema, ordered: bool) -> Self {
        Self { digest: ContentDigest::new(schema), leaves: Leaves::new(ordered) }
    }

    fn add(&mut self, rows: &Rows) {
        self.digest.rows(&rows.bytes);
        let mut start = 0;
        for (end, rowid) in &rows.ends {
            self.leaves.add(leaf_hash(&rows.bytes[start..*end]), *rowid);
            start = *end;
        }
    }
}
