//! Going over to the next release: seen, opened for everybody, and tried again where that fails.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use catalog::{MANIFEST_FILE, Manifest};

use super::current::Inbox;
use crate::health::{Health, Named, Refused};
use crate::release::{OpenError, Release};

/// How often the release directory is looked at. One `stat`: cheap, and unlike a file
/// notification it works on any file system and survives the directory's replacement.
const INTERVAL: Duration = Duration::from_millis(200);

/// Looks between two attempts at a release that can't be opened: at most 25 seconds.
const LONGEST_PAUSE: u32 = 128;

/// Watches a release directory for all workers. It opens a new release once for each of them
/// before any gets it, so that they all go over to the same one, or none does.
pub(super) struct Watcher {
    directory: PathBuf,
    workers: Vec<Arc<Inbox>>,
    health: Arc<Health>,
    seen: Option<Identity>,
    failed: Option<Failed>,
}

/// The release that was seen last could not be opened. What kept it may pass, as when no file can be
/// opened for a while, so it is tried again after a pause that doubles.
struct Failed {
    attempts: u32,
    /// Looks until the next attempt.
    pause: u32,
}

/// What changes when a file is replaced: device, inode, time of change and size.
type Identity = (u64, u64, i64, i64, u64);

impl Watcher {
    /// A watcher of `directory` for that many workers, each with the release in its inbox.
    pub(super) fn new(directory: &Path, workers: usize, health: Arc<Health>) -> Result<Self, OpenError> {
        // Before the release is opened: a change in between is then seen as one.
        let seen = identity(&directory.join(MANIFEST_FILE));
        let workers = (0..workers).map(|_| Arc::default()).collect();
        let watcher = Self { directory: directory.to_owned(), workers, health, seen, failed: None };
        watcher.deliver()?;
        Ok(watcher)
    }

    pub(super) fn inboxes(&self) -> Vec<Arc<Inbox>> {
        self.workers.clone()
    }

    /// Looks at the directory for ever.
    #[expect(clippy::print_stderr, reason = "the server's log")]
    pub(super) fn run(mut self) {
        loop {
            thread::sleep(INTERVAL);
            if let Some(line) = self.look() {
                eprintln!("{line}");
            }
        }
    }

    /// Looks at the directory once. Returns what there is to say: once for each release that is
    /// refused, however often it is tried, and once for each that is taken up.
    fn look(&mut self) -> Option<String> {
        let manifest = self.directory.join(MANIFEST_FILE);
        let found = identity(&manifest);
        // A missing manifest is a directory between two states, or one that was removed: the open
        // release goes on being served.
        found?;
        if found != self.seen {
            (self.seen, self.failed) = (found, None);
        } else {
            let failed = self.failed.as_mut()?;
            failed.pause -= 1;
            if failed.pause > 0 {
                return None;
            }
        }
        let error = match self.deliver() {
            Ok(()) => {
                self.failed = None;
                self.health.refuse(None);
                return Some(format!("serving the new release in {}", self.directory.display()));
            }
            Err(error) => error,
        };
        let attempts = self.failed.as_ref().map_or(0, |failed| failed.attempts).saturating_add(1);
        let pause = 1 << (attempts - 1).min(LONGEST_PAUSE.ilog2());
        self.failed = Some(Failed { attempts, pause });
        let named = Manifest::load(&manifest).map(|manifest| Named::of(&manifest)).unwrap_or_default();
        self.health.refuse(Some(Refused { named, reason: error.for_everybody(), attempts }));
        (attempts == 1).then(|| {
            format!("error: {error}\n  the old release goes on being served, and the new one is tried again")
        })
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
            inbox.put(release);
        }
        Ok(())
    }
}

fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let data = std::fs::metadata(path).ok()?;
    Some((data.dev(), data.ino(), data.ctime(), data.ctime_nsec(), data.len()))
}
