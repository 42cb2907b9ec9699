//! Where the one who invokes and the process meet: an event goes one way, an outcome comes back.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How an invocation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The function answered with these bytes.
    Response(Vec<u8>),
    /// The function reported an error: its JSON.
    Error(Vec<u8>),
    /// The function's answer was over Lambda's limit of 6 MB; its size in bytes.
    TooLarge(usize),
    /// No answer came in time, and the process was killed.
    TimedOut,
    /// The process ended without an answer: how, and the error it reported while it started.
    Exited {
        /// Such as `exit status: 1`.
        status: String,
        /// The body of its call to `/runtime/init/error`.
        init_error: Option<Vec<u8>>,
    },
}

/// An event on its way to the process.
#[derive(Debug, Clone)]
pub(crate) struct Invocation {
    pub(crate) request_id: String,
    pub(crate) trace_id: String,
    /// Milliseconds since 1970.
    pub(crate) deadline: u128,
    pub(crate) event: Vec<u8>,
}

/// What one process and the one who invokes it share.
#[derive(Default)]
pub(crate) struct Exchange {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) pending: Option<Invocation>,
    /// The invocation that the process works on, and when it got it.
    pub(crate) current: Option<(String, Instant)>,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) init_error: Option<Vec<u8>>,
    /// True once the process is gone or about to be.
    pub(crate) closed: bool,
    pub(crate) first_poll: Option<Instant>,
    pub(crate) first_response: Option<Instant>,
    /// How long each answered invocation took, from event to answer.
    pub(crate) invocations: Vec<Duration>,
}

impl Exchange {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere is that test's failure; the state itself is whole between its lines.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes whoever waits for that.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }

    /// Waits until `found` finds something, without end.
    pub(crate) fn wait<T>(&self, mut found: impl FnMut(&mut State) -> Option<T>) -> T {
        let mut state = self.lock();
        loop {
            if let Some(found) = found(&mut state) {
                return found;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until `found` finds something, at most until `deadline`.
    pub(crate) fn wait_until<T>(
        &self,
        deadline: Instant,
        mut found: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        let mut state = self.lock();
        loop {
            if let Some(found) = found(&mut state) {
                return Some(found);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            (state, _) = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
