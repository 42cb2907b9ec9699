//! Which release is being served, and going over to the next.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use catalog::MANIFEST_FILE;

use crate::config::Config;
use crate::reader::Reader;
use crate::release::{OpenError, Release};

/// How often the release directory is looked at. One `stat`: cheap, and unlike a file
/// notification it works on any file system and survives the directory's replacement.
const INTERVAL: Duration = Duration::from_millis(200);

/// The release directory and its generation: how often it was found replaced.
pub(super) struct Current {
    directory: PathBuf,
    config: Config,
    generation: AtomicU64,
}

/// A worker's own reader, and the generation that it was opened at.
pub(super) struct Local {
    reader: Reader,
    generation: u64,
}

impl Current {
    pub(super) fn open(directory: &Path, config: &Config) -> Result<Self, OpenError> {
        let current =
            Self { directory: directory.to_owned(), config: config.clone(), generation: AtomicU64::new(0) };
        current.reader()?;
        Ok(current)
    }

    /// A reader of what lies in the directory now, checked against its manifest.
    fn reader(&self) -> Result<Reader, OpenError> {
        let reader = Reader::new(Release::open(&self.directory)?, self.config.clone());
        reader.check()?;
        Ok(reader)
    }

    pub(super) fn local(&self) -> Result<Local, OpenError> {
        let generation = self.generation.load(Ordering::Acquire);
        Ok(Local { reader: self.reader()?, generation })
    }

    /// Looks at the directory for ever.
    #[expect(clippy::print_stderr, reason = "the server's log")]
    pub(super) fn watch(&self) {
        let manifest = self.directory.join(MANIFEST_FILE);
        let mut seen = identity(&manifest);
        loop {
            thread::sleep(INTERVAL);
            let found = identity(&manifest);
            // A missing manifest is a directory between two states, or one that was removed: the
            // open release goes on being served.
            if found.is_none() || found == seen {
                continue;
            }
            seen = found;
            match self.reader() {
                Ok(_) => {
                    self.generation.fetch_add(1, Ordering::Release);
                    eprintln!("serving the new release in {}", self.directory.display());
                }
                Err(error) => eprintln!("error: {error}\n  the old release goes on being served"),
            }
        }
    }
}

impl Local {
    /// The reader to answer the next request with.
    #[expect(clippy::print_stderr, reason = "the server's log")]
    pub(super) fn reader(&mut self, current: &Current) -> &Reader {
        if current.generation.load(Ordering::Acquire) != self.generation {
            match current.local() {
                Ok(local) => *self = local,
                // Replaced again while it was opened: the watcher will raise the generation.
                Err(error) => {
                    eprintln!("error: {error}\n  the old release goes on being served");
                    self.generation = current.generation.load(Ordering::Acquire);
                }
            }
        }
        &self.reader
    }
}

/// What changes when a file is replaced: device, inode, time of change and size.
fn identity(path: &Path) -> Option<(u64, u64, i64, i64, u64)> {
    use std::os::unix::fs::MetadataExt;
    let data = std::fs::metadata(path).ok()?;
    Some((data.dev(), data.ino(), data.ctime(), data.ctime_nsec(), data.len()))
}
