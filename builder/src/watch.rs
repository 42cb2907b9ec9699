//! Something again whenever a file below a directory changes, or is committed.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecursiveMode, Watcher};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::Failure;
use crate::git::Repository;

/// Editors and Git write a file in several steps, and a commit touches several files: so long
/// must nothing happen before it counts as one change.
const SETTLED: Duration = Duration::from_millis(100);

enum Event {
    Changed,
    Stop,
}

/// Calls `work` now and after each change below `directory`, until SIGINT or SIGTERM. A commit
/// is a change too: the manifest names it, and the change feed has it. What happens in `output`
/// and beside it under the names of a build is no change. Errors: the directory can't be watched.
pub fn watch(directory: &Path, output: &Path, mut work: impl FnMut()) -> Result<(), Failure> {
    let (send, events) = mpsc::channel();
    stop_on_signals(send.clone())?;
    let own = Own::new(output);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // An error means that events were lost: one of them may have been a change.
        if event.map_or(true, |event| is_change(&event.kind) && !own.covers(&event.paths)) {
            let _ = send.send(Event::Changed); // nobody listens any more: the loop has ended
        }
    })
    .map_err(|error| cannot_watch(directory, &error))?;
    watcher.watch(directory, RecursiveMode::Recursive).map_err(|error| cannot_watch(directory, &error))?;
    if let Ok(Some(log)) = Repository::of(directory).and_then(|repository| repository.log_of_head()) {
        watcher.watch(&log, RecursiveMode::NonRecursive).map_err(|error| cannot_watch(&log, &error))?;
    }
    work();
    while settled_change(&events) {
        work();
    }
    Ok(())
}

/// Waits for a change and for quiet after it. False where the loop is to end.
fn settled_change(events: &Receiver<Event>) -> bool {
    if !matches!(events.recv(), Ok(Event::Changed)) {
        return false;
    }
    loop {
        match events.recv_timeout(SETTLED) {
            Ok(Event::Changed) => {}
            Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => return true,
        }
    }
}

/// Reading a file is no change.
fn is_change(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if *access != AccessKind::Close(AccessMode::Write))
}

/// The first signal ends the loop when the work at hand is done; the second ends the process.
fn stop_on_signals(send: mpsc::Sender<Event>) -> Result<(), Failure> {
    let fail = |error| Failure::Io { tried: "can't listen for signals".into(), error };
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(fail)?;
    std::thread::spawn(move || {
        let mut signals = signals.forever();
        if signals.next().is_some()
            && send.send(Event::Stop).is_ok()
            && let Some(again) = signals.next()
        {
            std::process::exit(128 + again);
        }
    });
    Ok(())
}

fn cannot_watch(directory: &Path, error: &notify::Error) -> Failure {
    Failure::Refused(format!("can't watch `{}`: {error}", directory.display()))
}

/// The paths that a build itself writes, which may lie below the datasets.
struct Own {
    output: Option<PathBuf>,
}

impl Own {
    fn new(output: &Path) -> Self {
        Self { output: std::path::absolute(output).ok() }
    }

    fn covers(&self, paths: &[PathBuf]) -> bool {
        let Some(output) = &self.output else { return false };
        !paths.is_empty()
            && paths
                .iter()
                .all(|path| path.ancestors().any(|part| part == output || crate::release::is_temporary(part)))
    }
}
