//! Temporary directories that leave nothing behind: a signal that ends the process removes them, and what a
//! kill left is removed by the next process that needs one.
//!
//! A directory is locked as long as its process lives. One that nobody has locked belongs to no process.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rustix::fs::{FlockOperation, OFlags, flock};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;
use tempfile::TempDir;

use crate::failure::Failure;

/// What the names of the directories begin with; their use follows, and six random characters.
const PREFIX: &str = "coldpress-";

/// What a signal removes.
static REGISTERED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn registered() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    REGISTERED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A temporary directory that ends with this value, and with the process however that ends.
#[derive(Debug)]
pub(crate) struct Temporary {
    directory: Option<TempDir>,
    path: PathBuf,
    // None on a file system without locks, where nobody takes it for an abandoned one either.
    _locked: Option<File>,
}

impl Temporary {
    /// An empty directory for a use such as `history`. Errors: there is no room for temporary files.
    pub(crate) fn new(used_for: &str) -> Result<Self, Failure> {
        static ONCE: Once = Once::new();
        let parent = std::env::temp_dir();
        ONCE.call_once(|| remove_abandoned(&parent));
        loop {
            let mut registered = registered();
            let made = tempfile::Builder::new().prefix(&format!("{PREFIX}{used_for}-")).tempdir_in(&parent);
            let directory = made.map_err(Failure::io("create a directory in", &parent))?;
            let path = directory.path().to_owned();
            // Another process may have taken it for an abandoned one before it was locked.
            let locked = match lock(&path) {
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::WouldBlock) => {
                    continue;
                }
                locked => locked.ok(),
            };
            registered.insert(path.clone());
            return Ok(Self { directory: Some(directory), path, _locked: locked });
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let mut registered = registered();
        self.directory = None;
        registered.remove(&self.path);
    }
}

/// Has a signal that ends the process remove what is at `path` too, until [`forget`].
pub(crate) fn register(path: &Path) {
    registered().insert(path.to_owned());
}

/// See [`register`]. While a signal removes it, this does not return.
pub(crate) fn forget(path: &Path) {
    registered().remove(path);
}

/// From now on SIGINT, SIGTERM and SIGHUP remove what is registered before they end the process.
pub(crate) fn remove_on_signals() -> io::Result<()> {
    let mut signals = Signals::new(ending_signals())?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            remove_all();
            let _ = emulate_default_handler(signal); // does not return
        }
    });
    Ok(())
}

/// Removes what is registered; the process is about to end, and nothing can be made any more.
pub(crate) fn remove_all() {
    let registered = registered();
    for path in registered.iter() {
        // Other threads may still write there: what is new is found the next time.
        for _ in 0..100 {
            if remove(path).is_ok() {
                break;
            }
        }
    }
    std::mem::forget(registered);
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// The signals that end a process, without those that it was started to ignore, as by `nohup`.
pub(crate) fn ending_signals() -> Vec<i32> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored & (1 << (signal - 1)) == 0).collect()
}

/// Removes the directories of processes that were killed. Those of other users, of running processes and
/// what is not as this module makes it stay.
fn remove_abandoned(parent: &Path) {
    let Ok(own) = tempfile::tempfile_in(parent).and_then(|file| file.metadata()) else { return };
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(is_name)
            && entry.metadata().is_ok_and(|found| found.is_dir() && found.uid() == own.uid());
        // Locked until it is gone, so that it is not taken by its maker in between.
        if is_ours && let Ok(_locked) = lock(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path()); // the next process tries again
        }
    }
}

/// Whether a name is one that [`Temporary::new`] gives.
fn is_name(name: &str) -> bool {
    let parts = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('-'));
    parts.is_some_and(|(used_for, random)| {
        ["history", "revision", "compare", "serve"].contains(&used_for)
            && random.len() == 6
            && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Locks a directory. Errors: another process has locked it, or it is gone.
fn lock(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::DIRECTORY | OFlags::NONBLOCK;
    let directory = File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
    flock(&directory, FlockOperation::NonBlockingLockExclusive)?;
    let (locked, found) = (directory.metadata()?, fs::symlink_metadata(path)?);
    if (locked.dev(), locked.ino()) == (found.dev(), found.ino()) {
        Ok(directory)
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}
