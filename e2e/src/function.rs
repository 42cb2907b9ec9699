//! The Lambda function: at most one process, started when an invocation needs it.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tempfile::NamedTempFile;

use crate::exchange::{Invocation, Outcome};
use crate::options::{Options, StartError};
use crate::process::{Process, Run, Timings};
use crate::task_root::TaskRoot;

pub(crate) struct Function {
    // Fields drop in this order: the process before the files it has open.
    process: Mutex<Option<Process>>,
    task_root: TaskRoot,
    log: NamedTempFile,
    options: Options,
    invocations: AtomicU64,
}

impl Function {
    pub(crate) fn new(zip: &Path, options: Options) -> Result<Self, StartError> {
        Ok(Self {
            process: Mutex::new(None),
            task_root: TaskRoot::unpack(zip)?,
            log: NamedTempFile::new()?,
            options,
            invocations: AtomicU64::new(0),
        })
    }

    /// Hands the event to the process, starting one where none runs, and waits for the outcome.
    /// After anything but an answer the next invocation starts a new process, as in Lambda.
    pub(crate) fn invoke(&self, event: Vec<u8>, trace_id: &str) -> io::Result<Outcome> {
        let mut slot = self.process();
        if slot.as_ref().is_some_and(|process| process.exchange.lock().closed) {
            slot.take().map(Process::end).transpose()?;
        }
        let process = match &mut *slot {
            Some(process) => process,
            none => none.insert(Process::spawn(&self.task_root, &self.options, self.log.as_file())?),
        };
        let number = self.invocations.fetch_add(1, Ordering::Relaxed) + 1;
        let wall_clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let invocation = Invocation {
            request_id: format!("00000000-0000-4000-8000-{number:012x}"),
            trace_id: trace_id.into(),
            deadline: (wall_clock + self.options.timeout).as_millis(),
            event,
        };
        let deadline = Instant::now() + self.options.timeout;
        process.exchange.change(|state| state.pending = Some(invocation));
        let outcome = process.exchange.wait_until(deadline, |state| {
            // An answer counts even if the process has ended since.
            state.outcome.take().map(Some).or(state.closed.then_some(None))
        });
        match outcome {
            Some(Some(outcome)) => Ok(outcome),
            Some(None) => {
                let init_error = process.exchange.lock().init_error.take();
                let run = slot.take().map(Process::end).transpose()?;
                let status = run.map(|run| run.status).unwrap_or_default();
                Ok(Outcome::Exited { status, init_error })
            }
            None => {
                slot.take().map(Process::end).transpose()?;
                Ok(Outcome::TimedOut)
            }
        }
    }

    pub(crate) fn timings(&self) -> Option<Timings> {
        self.process().as_ref().map(Process::timings)
    }

    pub(crate) fn retire(&self) -> io::Result<Option<Run>> {
        self.process().take().map(Process::end).transpose()
    }

    pub(crate) fn task_root(&self) -> &Path {
        self.task_root.path()
    }

    pub(crate) fn remove_files(&self) {
        self.task_root.remove();
    }

    pub(crate) fn log(&self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(self.log.path())?).into_owned())
    }

    fn process(&self) -> MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
