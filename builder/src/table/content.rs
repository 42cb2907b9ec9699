//! What a table's rows amount to, found out while they pass by: by the build from the cells of files, by the
//! verification from the rows of a release, with the same result.
//!
//! Hashing takes as long as parsing, and counting a third of that, so each is done on a thread of its own. A table
//! that fits one batch is hashed and counted where it is read: threads would cost more.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use catalog::{Offsets, OffsetsWriter, Schema, Sha256Hex, Statistics};

use super::batch::{Batch, Returns, values};
use super::leaves::Leaves;
use super::row_hashes::RowHashes;
use super::statistics::StatisticsWriter;

/// How many batches may wait for a thread.
const WAITING: usize = 2;

/// What follows from a table's schema and rows.
#[derive(Debug)]
pub(crate) struct Content {
    /// The content digest.
    pub(crate) digest: Sha256Hex,
    /// The leaves of its tree.
    pub(crate) leaves: Leaves,
    /// Where rows begin in the table's files.
    pub(crate) offsets: Offsets,
    /// The columns in numbers.
    pub(crate) statistics: Statistics,
}

/// Takes rows.
pub(crate) struct ContentWriter {
    returns: Returns,
    state: State,
}

enum State {
    /// One batch, or none.
    Here { hashes: RowHashes, counts: RowCounts, only: Option<Arc<Batch>> },
    /// From the second batch on.
    Elsewhere { hashes: Worker<RowHashes>, counts: Worker<RowCounts> },
}

/// What is counted of rows.
struct RowCounts {
    offsets: OffsetsWriter,
    statistics: StatisticsWriter,
}

/// Something that takes batches on a thread of its own, or here where the system starts no more threads.
struct Worker<T> {
    add: fn(&mut T, &Batch),
    returns: Returns,
    place: Place<T>,
}

enum Place<T> {
    Here(T),
    Thread { batches: SyncSender<Arc<Batch>>, thread: JoinHandle<T> },
}

impl ContentWriter {
    /// A writer that has seen no row of a table with that schema. `row_number_is_key`: the key ascends through
    /// the file. Batches go to `returns`.
    pub(crate) fn new(schema: &Schema, row_number_is_key: bool, returns: Returns) -> Self {
        let hashes = RowHashes::new(schema, row_number_is_key || schema.primary_key.is_empty());
        let counts =
            RowCounts { offsets: OffsetsWriter::new(schema), statistics: StatisticsWriter::new(schema) };
        Self { returns, state: State::Here { hashes, counts, only: None } }
    }

    /// Adds the next rows, each with a value for every column of the schema.
    pub(crate) fn add(mut self, batch: Arc<Batch>) -> Self {
        self.state = match self.state {
            State::Here { hashes, counts, only: None } => State::Here { hashes, counts, only: Some(batch) },
            State::Here { hashes, counts, only: Some(first) } => {
                let mut hashes = Worker::start(hashes, RowHashes::add, &self.returns);
                let mut counts = Worker::start(counts, RowCounts::add, &self.returns);
                for batch in [first, batch] {
                    hashes.add(Arc::clone(&batch));
                    counts.add(batch);
                }
                State::Elsewhere { hashes, counts }
            }
            State::Elsewhere { mut hashes, mut counts } => {
                hashes.add(Arc::clone(&batch));
                counts.add(batch);
                State::Elsewhere { hashes, counts }
            }
        };
        self
    }

    /// What all of it amounts to.
    pub(crate) fn finish(self) -> Content {
        let (hashes, counts) = match self.state {
            State::Here { mut hashes, mut counts, only } => {
                if let Some(batch) = only {
                    hashes.add(&batch);
                    counts.add(&batch);
                    self.returns.give(batch);
                }
                (hashes, counts)
            }
            State::Elsewhere { hashes, counts } => (hashes.finish(), counts.finish()),
        };
        let RowCounts { offsets, statistics } = counts;
        let (digest, leaves) = hashes.finish();
        Content { digest, leaves, offsets: offsets.finish(), statistics: statistics.finish() }
    }
}

impl RowCounts {
    fn add(&mut self, batch: &Batch) {
        for (rowid, row) in batch.rows() {
            for (column, value) in values(row).enumerate() {
                self.offsets.value(column, value);
                self.statistics.value(column, value);
            }
            self.offsets.end_row(rowid);
            self.statistics.end_row();
        }
    }
}

impl<T: Send + 'static> Worker<T> {
    fn start(state: T, add: fn(&mut T, &Batch), returns: &Returns) -> Self {
        let (send, batches) = sync_channel::<Arc<Batch>>(WAITING);
        // Sent rather than moved: a thread that can't be started takes with it what was moved.
        let (hand_over, handed_over) = sync_channel::<T>(1);
        let of_thread = returns.clone();
        let working = move || {
            let mut state = handed_over.recv().expect("it is sent once the thread runs");
            for batch in batches {
                add(&mut state, &batch);
                of_thread.give(batch);
            }
            state
        };
        let place = match thread::Builder::new().spawn(working) {
            Ok(thread) => {
                hand_over.send(state).unwrap_or_else(|_| unreachable!("the thread waits for it"));
                Place::Thread { batches: send, thread }
            }
            Err(_) => Place::Here(state),
        };
        Self { add, returns: returns.clone(), place }
    }

    fn add(&mut self, batch: Arc<Batch>) {
        match &mut self.place {
            Place::Here(state) => {
                (self.add)(state, &batch);
                self.returns.give(batch);
            }
            Place::Thread { batches, .. } => {
                let _ = batches.send(batch); // a thread that is gone panicked, as `finish` finds out
            }
        }
    }

    fn finish(self) -> T {
        match self.place {
            Place::Here(state) => state,
            Place::Thread { batches, thread } => {
                drop(batches);
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_taken_without_a_thread_too() {
        let (returns, empty) = Returns::new();
        let add = |rows: &mut u64, batch: &Batch| *rows += batch.rows().count() as u64;
        for place in [Place::Here(7), Worker::start(7, add, &returns).place] {
            let mut worker = Worker { add, returns: returns.clone(), place };
            for rows in [1, 0, 2] {
                let mut batch = Batch::default();
                (0..rows).for_each(|row| _ = batch.end_row(row));
                worker.add(Arc::new(batch));
            }
            assert_eq!(worker.finish(), 10);
            assert_eq!(empty.try_iter().count(), 3);
        }
    }
}
