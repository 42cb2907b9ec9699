//! How long a query may run. SQLite asks every some hundred steps whether to go on, and so does
//! every function of ours that may be long at its work: to SQLite one call of it is one step.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::error::{Code, Error};

/// Steps of SQLite's virtual machine between two looks at the clock. A step is some 10 ns as a rule
/// and a look some 25; but a step may parse a cell of JSON, which is a millisecond for 200 KB.
const STEPS: i32 = 100;

/// No limit.
const NEVER: u64 = u64::MAX;

/// The moment after which a connection's statements are interrupted.
#[derive(Debug)]
pub(crate) struct Deadline(Watch);

/// Knows whether the moment has passed. Shared with SQLite's handler and with SQL functions, which
/// must be `Send`.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    start: Instant,
    /// In nanoseconds since `start`.
    at: Arc<AtomicU64>,
}

/// A limit that holds until this is dropped.
#[derive(Debug)]
pub(crate) struct Limited<'a>(&'a Deadline);

impl Deadline {
    /// A deadline for the statements of `connection`; none is set yet. Errors: SQLite's.
    pub(crate) fn of(connection: &mut Connection) -> rusqlite::Result<Self> {
        let watch = Watch { start: Instant::now(), at: Arc::new(AtomicU64::new(NEVER)) };
        let asked = watch.clone();
        connection.progress_handler(STEPS, Some(move || asked.has_passed()))?;
        Ok(Self(watch))
    }

    /// Limits what runs from now on to that time.
    pub(crate) fn limit(&self, time: Duration) -> Limited<'_> {
        let Watch { start, at } = &self.0;
        at.store(nanoseconds(start.elapsed().saturating_add(time)), Ordering::Relaxed);
        Limited(self)
    }

    pub(crate) fn watch(&self) -> Watch {
        self.0.clone()
    }
}

impl Watch {
    /// Whether what runs has had its time.
    pub(crate) fn has_passed(&self) -> bool {
        match self.at.load(Ordering::Relaxed) {
            NEVER => false,
            at => nanoseconds(self.start.elapsed()) >= at,
        }
    }
}

impl Drop for Limited<'_> {
    fn drop(&mut self) {
        self.0.0.at.store(NEVER, Ordering::Relaxed);
    }
}

/// Less than [`NEVER`], and enough for 584 years.
fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(NEVER).min(NEVER - 1)
}

/// Work that is done in units and asks now and then whether it may go on: before the first unit, and
/// then at least once for every [`Work::UNITS`]. What a unit is, its owner says: some 100 ns or less.
pub(crate) struct Work<'a> {
    has_passed: &'a dyn Fn() -> bool,
    left: Cell<usize>,
    over: Cell<bool>,
}

/// The time is over.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Interrupted;

impl<'a> Work<'a> {
    /// Units between two looks: 5 ms of the slowest.
    pub(crate) const UNITS: usize = 50_000;

    pub(crate) fn new(has_passed: &'a dyn Fn() -> bool) -> Self {
        Self { has_passed, left: Cell::new(0), over: Cell::new(false) }
    }

    /// Does that many units.
    #[inline]
    pub(crate) fn spend(&self, units: usize) -> Result<(), Interrupted> {
        match self.left.get().checked_sub(units) {
            Some(left) if left > 0 => {
                self.left.set(left);
                Ok(())
            }
            _ => self.look(),
        }
    }

    /// Asks now. Once the time is over it stays so.
    pub(crate) fn look(&self) -> Result<(), Interrupted> {
        if self.over.get() || (self.has_passed)() {
            self.over.set(true);
            return Err(Interrupted);
        }
        self.left.set(Self::UNITS);
        Ok(())
    }

    /// Whether it was asked to stop, for work that can't return an error where it is done.
    pub(crate) fn finish(&self) -> Result<(), Interrupted> {
        if self.over.get() { Err(Interrupted) } else { Ok(()) }
    }
}

impl From<Interrupted> for Error {
    fn from(Interrupted: Interrupted) -> Self {
        Self::new(Code::TooSlow, "canceling statement due to statement timeout")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_asks_first_and_then_for_every_so_many_units() {
        let looks = Cell::new(0);
        let ask = || {
            looks.set(looks.get() + 1);
            false
        };
        let work = Work::new(&ask);
        work.spend(1).unwrap();
        assert_eq!(looks.get(), 1);
        (0..Work::UNITS * 3).for_each(|_| work.spend(1).unwrap());
        assert_eq!(looks.get(), 4);
        (0..10).for_each(|_| work.spend(Work::UNITS * 2).unwrap());
        assert_eq!(looks.get(), 14);
    }

    #[test]
    fn work_that_is_over_stays_so() {
        let looks = Cell::new(0);
        let ask = || {
            looks.set(looks.get() + 1);
            looks.get() == 1
        };
        let work = Work::new(&ask);
        assert_eq!(work.finish(), Ok(()));
        assert_eq!(work.spend(1), Err(Interrupted));
        assert_eq!(work.spend(1), Err(Interrupted));
        assert_eq!(work.finish(), Err(Interrupted));
    }
}
