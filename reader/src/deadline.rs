//! How long a query may run. SQLite asks every some thousand steps whether to go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

/// Steps of SQLite's virtual machine between two looks at the clock: some 0.1 ms of work, so the
/// looks cost nothing and the limit is kept closely.
const STEPS: i32 = 10_000;

/// No limit.
const NEVER: u64 = u64::MAX;

/// The moment after which a connection's statements are interrupted.
#[derive(Debug)]
pub(crate) struct Deadline {
    start: Instant,
    /// In nanoseconds since `start`. Shared with SQLite's handler, which must be `Send`.
    at: Arc<AtomicU64>,
}

/// A limit that holds until this is dropped.
#[derive(Debug)]
pub(crate) struct Limited<'a>(&'a Deadline);

impl Deadline {
    /// A deadline for the statements of `connection`; none is set yet. Errors: SQLite's.
    pub(crate) fn of(connection: &mut Connection) -> rusqlite::Result<Self> {
        let deadline = Self { start: Instant::now(), at: Arc::new(AtomicU64::new(NEVER)) };
        let (start, at) = (deadline.start, Arc::clone(&deadline.at));
        connection.progress_handler(
            STEPS,
            Some(move || match at.load(Ordering::Relaxed) {
                NEVER => false,
                at => nanoseconds(start.elapsed()) >= at,
            }),
        )?;
        Ok(deadline)
    }

    /// Limits what runs from now on to that time.
    pub(crate) fn limit(&self, time: Duration) -> Limited<'_> {
        self.at.store(nanoseconds(self.start.elapsed().saturating_add(time)), Ordering::Relaxed);
        Limited(self)
    }
}

impl Drop for Limited<'_> {
    fn drop(&mut self) {
        self.0.at.store(NEVER, Ordering::Relaxed);
    }
}

/// Less than [`NEVER`], and enough for 584 years.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(NEVER).min(NEVER - 1)
}
