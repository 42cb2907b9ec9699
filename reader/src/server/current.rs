//! Which release is being served, and going over to the next.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use catalog::MANIFEST_FILE;

use crate::config::Config;
use crate::reader::Reader;
use crate::release::{OpenError, Release};

/// How often the release directory is looked at. One `stat`: cheap, and unlike a file
/// notification it works on any file system and survives the directory's replacement.
const INTERVAL: Duration = Duration::from_millis(200);

/// Watches a release directory for all workers. It opens a new release once for each of them
/// before any gets it, so that they all go over to the same one, or none does.
pub(super) struct Watcher {
    directory: PathBuf,
    workers: Vec<Arc<Inbox>>,
    seen: Option<Identity>,
}

/// Where a worker finds its next release.
#[derive(Default)]
pub(super) struct Inbox(Mutex<Option<Release>>);

/// A worker's reader.
pub(super) struct Current {
    inbox: Arc<Inbox>,
    config: Config,
    reader: Reader,
}

/// What changes when a file is replaced: device, inode, time of change and size.
type Identity = (u64, u64, i64, i64, u64);

impl Watcher {
    /// A watcher of `directory` for that many workers, each with the release in its inbox.
    pub(super) fn new(directory: &Path, workers: usize) -> Result<Self, OpenError> {
        // Before the release is opened: a change in between is then seen as one.
        let seen = identity(&directory.join(MANIFEST_FILE));
        let workers = (0..workers).map(|_| Arc::default()).collect();
        let watcher = Self { directory: directory.to_owned(), workers, seen };
        watcher.deliver()?;
        Ok(watcher)
    }

    pub(super) fn inboxes(&self) -> Vec<Arc<Inbox>> {
        self.workers.clone()
    }

    /// Looks at the directory for ever.
    #[expect(clippy::print_stderr, reason = "the server's log")]
    pub(super) fn run(mut self) {
        let manifest = self.directory.join(MANIFEST_FILE);
        loop {
            thread::sleep(INTERVAL);
            let found = identity(&manifest);
            // A missing manifest is a directory between two states, or one that was removed: the
            // open release goes on being served.
            if found.is_none() || found == self.seen {
                continue;
            }
            self.seen = found;
            match self.deliver() {
                Ok(()) => eprintln!("serving the new release in {}", self.directory.display()),
                Err(error) => eprintln!("error: {error}\n  the old release goes on being served"),
            }
        }
    }

    fn deliver(&self) -> Result<(), OpenError> {
        let releases = self
            .workers
            .iter()
            .map(|_| {
                let release = Release::open(&self.directory)?;
                release.manifest()?;
                Ok(release)
            })
            .collect::<Result<Vec<_>, OpenError>>()?;
        for (inbox, release) in self.workers.iter().zip(releases) {
            *inbox.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(release);
        }
        Ok(())
    }
}

impl Inbox {
    fn take(&self) -> Option<Release> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Current {
    /// The reader of the release in the inbox, or `None` where there is none yet.
    pub(super) fn new(inbox: Arc<Inbox>, config: Config) -> Option<Self> {
        let reader = Reader::new(inbox.take()?, config.clone());
        Some(Self { inbox, config, reader })
    }

    /// The reader to answer the next request with.
    pub(super) fn reader(&mut self) -> &Reader {
        if let Some(release) = self.inbox.take() {
            self.reader = Reader::new(release, self.config.clone());
        }
        &self.reader
    }
}

fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let data = std::fs::metadata(path).ok()?;
    Some((data.dev(), data.ino(), data.ctime(), data.ctime_nsec(), data.len()))
}
