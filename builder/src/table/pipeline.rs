//! Two threads: one reads and checks the tables, one after the other; the other stores their rows. Where digests are
//! wanted, two more hash and count the same rows (`content`).

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use catalog::Schema;

use super::batch::{Batch, Batches, Returns};
use super::rows::{self, Ended, Summary, Wanted};
use crate::failure::Failure;
use crate::progress::Progress;
use datapackage::finding::Findings;
use datapackage::schema::Table;

/// How many batches may wait. More would only hold memory: a huge row makes a huge batch.
const WAITING: usize = 2;

/// A JSON Schema is validated by recursion, some hundred calls deep; what is not used takes no memory.
const READER_STACK: usize = 16 << 20;

/// What to do with a table.
pub(crate) struct ReadPlan<'a> {
    /// The table.
    pub(crate) table: &'a Table,
    /// The fields that the store gets, as long as `ascending` does.
    pub(crate) kept: Vec<usize>,
    /// The field that is expected to ascend strictly, which proves it unique.
    pub(crate) ascending: Option<usize>,
    /// The fields that the store gets where it turns out not to ascend.
    pub(crate) kept_otherwise: Vec<usize>,
    /// The schema, where digests are wanted.
    pub(crate) schema: Option<Schema>,
}

/// Takes the rows of all tables, in order. Any error ends the run.
pub(crate) trait Store {
    /// Why it wants no more.
    type Error: From<Failure>;
    /// The rows of the table at this index follow, with NaN in no other fields than `nan` where
    /// the plan has a schema. A table whose key does not ascend as hoped, or that has NaN, begins
    /// again: what came of it before does not count.
    fn begin(&mut self, table: usize, ascends: bool, nan: &[usize]) -> Result<(), Self::Error>;
    /// Some rows.
    fn batch(&mut self, batch: &Batch) -> Result<(), Self::Error>;
    /// There are no more rows.
    fn end(&mut self, table: usize, summary: Summary) -> Result<(), Self::Error>;
}

/// How the run is made.
pub(crate) struct Run<'a> {
    /// The datasets directory as the user gave it.
    pub(crate) datasets: &'a str,
    /// Whether to stop at the first error in the data.
    pub(crate) stop_at_error: bool,
    /// Where progress goes.
    pub(crate) progress: &'a Progress,
}

enum Message {
    Begin { table: usize, ascends: bool, nan: Vec<usize> },
    Batch(Arc<Batch>),
    End { table: usize, summary: Box<Summary> },
}

/// Reads all tables into `store`, and returns what was found. Errors: those of `store`, or there
/// is no second thread.
pub(crate) fn run<S: Store>(
    run: &Run<'_>,
    plans: &[ReadPlan<'_>],
    store: &mut S,
) -> Result<Findings, S::Error> {
    let (send, receive) = sync_channel(WAITING);
    let (returns, empty) = Returns::new();
    thread::scope(|scope| {
        let reading = thread::Builder::new().stack_size(READER_STACK);
        let of_reader = returns.clone();
        let reader = reading.spawn_scoped(scope, move || read_all(run, plans, &send, &of_reader, &empty));
        let reader = reader.map_err(|error| Failure::Io {
            tried: "can't start a thread that reads tables".to_owned(),
            error,
        })?;
        let stored = store_all(store, &receive, &returns);
        drop(receive); // the reader stops at its next message
        let findings = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        stored.map(|()| findings)
    })
}

fn store_all<S: Store>(
    store: &mut S,
    messages: &Receiver<Message>,
    returns: &Returns,
) -> Result<(), S::Error> {
    for message in messages {
        match message {
            Message::Begin { table, ascends, nan } => store.begin(table, ascends, &nan)?,
            Message::Batch(batch) => {
                store.batch(&batch)?;
                returns.give(batch);
            }
            Message::End { table, summary } => store.end(table, *summary)?,
        }
    }
    Ok(())
}

fn read_all(
    run: &Run<'_>,
    plans: &[ReadPlan<'_>],
    messages: &SyncSender<Message>,
    returns: &Returns,
    empty: &Receiver<Batch>,
) -> Findings {
    let mut findings = Findings::default();
    for (table, plan) in plans.iter().enumerate() {
        run.progress.table(&plan.table.name);
        let mut read = |ascends: bool, nan: &[usize]| {
            if messages.send(Message::Begin { table, ascends, nan: nan.to_vec() }).is_err() {
                return Ended::Stopped;
            }
            let mut found = Findings::default();
            let wanted = Wanted {
                table: plan.table,
                datasets: run.datasets,
                kept: if ascends { &plan.kept } else { &plan.kept_otherwise },
                digest: plan.schema.as_ref(),
                ascending: plan.ascending.filter(|_| ascends),
                nan,
                stop_at_error: run.stop_at_error,
            };
            let give = &mut |batch: &Arc<Batch>| messages.send(Message::Batch(Arc::clone(batch))).is_ok();
            let mut batches = Batches { give, returns, empty };
            let ended = rows::read(&wanted, &mut found, run.progress, &mut batches);
            if !matches!(ended, Ended::NotAscending | Ended::NaN(_)) {
                findings.append(found);
            }
            ended
        };
        let (mut ascends, mut nan) = (plan.ascending.is_some(), vec![]);
        let ended = loop {
            match read(ascends, &nan) {
                Ended::NotAscending => ascends = false,
                Ended::NaN(fields) => nan.extend(fields),
                ended => break ended,
            }
        };
        run.progress.table_done();
        let Ended::Complete(summary) = ended else { break };
        if messages.send(Message::End { table, summary }).is_err() {
            break;
        }
    }
    findings
}
