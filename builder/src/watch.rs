//! Waits until a file changes that a build reads, or is committed.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use signal_hook::iterator::Signals;

use crate::failure::Failure;
use crate::git::Repository;
use crate::temporary::{ending_signals, remove_all};

/// Editors and Git write a file in several steps, and a commit touches several files: so long
/// must nothing happen before it counts as one change.
const SETTLED: Duration = Duration::from_millis(100);

enum Event {
    Changed,
    Stop,
}

/// What is watched, from its construction to its drop: nothing that happens in between is missed.
pub struct Watch {
    events: Receiver<Event>,
    send: Sender<Event>,
    _watcher: RecommendedWatcher,
}

/// Ends the waiting of a [`Watch`] from another thread.
pub struct Stopper(Sender<Event>);

impl Watch {
    /// Watches the datasets directory and, where it is in a Git repository, its commits: the
    /// manifest names the commit, and the change feed has it. What happens in `output`, and beside
    /// it under the names of a build, is not a change. Errors: the directory can't be watched.
    pub fn datasets(directory: &Path, output: &Path) -> Result<Self, Failure> {
        let own = Own::new(output);
        let mut watch = Self::new(directory, RecursiveMode::Recursive, move |paths| !own.covers(paths))?;
        if let Ok(Some(log)) = Repository::of(directory).and_then(|repository| repository.log_of_head()) {
            let watched = watch._watcher.watch(&log, RecursiveMode::NonRecursive);
            watched.map_err(|error| cannot_watch(&log, &error))?;
        }
        Ok(watch)
    }

    /// Watches files of one directory, those that `are_read` says yes to: the directory is what is
    /// watched, since editors replace files. Errors: it can't be.
    pub fn files(
        directory: &Path,
        are_read: impl Fn(&Path) -> bool + Send + 'static,
    ) -> Result<Self, Failure> {
        Self::new(directory, RecursiveMode::NonRecursive, move |paths| {
            paths.is_empty() || paths.iter().any(|path| are_read(path))
        })
    }

    fn new(
        directory: &Path,
        mode: RecursiveMode,
        counts: impl Fn(&[PathBuf]) -> bool + Send + 'static,
    ) -> Result<Self, Failure> {
        let (send, events) = mpsc::channel();
        stop_on_signals(send.clone())?;
        let changed = send.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // An error means that events were lost: one of them may have been a change.
            if event.map_or(true, |event| is_change(&event.kind) && counts(&event.paths)) {
                let _ = changed.send(Event::Changed); // nobody listens any more: the loop has ended
            }
        })
        .map_err(|error| cannot_watch(directory, &error))?;
        watcher.watch(directory, mode).map_err(|error| cannot_watch(directory, &error))?;
        Ok(Self { events, send, _watcher: watcher })
    }

    /// Something that ends the waiting.
    pub fn stopper(&self) -> Stopper {
        Stopper(self.send.clone())
    }

    /// Waits for a change and for quiet after it. False after SIGINT, SIGTERM, SIGHUP or [`Stopper::stop`].
    pub fn next_change(&self) -> bool {
        if !matches!(self.events.recv(), Ok(Event::Changed)) {
            return false;
        }
        loop {
            match self.events.recv_timeout(SETTLED) {
                Ok(Event::Changed) => {}
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
                Err(RecvTimeoutError::Timeout) => return true,
            }
        }
    }
}

impl Stopper {
    /// Ends it; where it has ended, nothing happens.
    pub fn stop(&self) {
        let _ = self.0.send(Event::Stop);
    }
}

/// Reading a file is not a change.
fn is_change(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if *access != AccessKind::Close(AccessMode::Write))
}

/// The first signal ends the loop when the current work is done; the second ends the process.
fn stop_on_signals(send: Sender<Event>) -> Result<(), Failure> {
    let fail = |error| Failure::Io { tried: "can't listen for signals".into(), error };
    let mut signals = Signals::new(ending_signals()).map_err(fail)?;
    std::thread::spawn(move || {
        let mut signals = signals.forever();
        if signals.next().is_some()
            && send.send(Event::Stop).is_ok()
            && let Some(again) = signals.next()
        {
            remove_all();
            std::process::exit(128 + again);
        }
    });
    Ok(())
}

fn cannot_watch(directory: &Path, error: &notify::Error) -> Failure {
    Failure::Refused(format!("can't watch `{}`: {error}", directory.display()))
}

/// The paths that a build itself writes, which may be below the datasets.
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
