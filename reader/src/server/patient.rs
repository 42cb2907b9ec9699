//! A thread for requests that take long, one after another.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::current::Current;
use super::queue::Queue;
use crate::error::Error;
use crate::response::Response;

/// How long to wait for a request before a new release is looked for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Answers what waits, for ever.
pub(super) fn run(mut current: Current, queue: &Queue) {
    loop {
        let next = queue.next(PATIENCE);
        // Also where nothing waits: the release before would be kept open, and on disk.
        let reader = current.reader();
        let Some(job) = next else { continue };
        // As in the other threads, one request that fails ends itself and no other.
        let answered = catch_unwind(AssertUnwindSafe(|| job.answered_by(reader)));
        let response = answered
            .unwrap_or_else(|_| Response::error(&Error::release("a request panicked"), &reader.config));
        queue.done(job.client);
        // Its client may have gone meanwhile.
        let _ = job.answer.send(response);
    }
}
