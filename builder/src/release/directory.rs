//! The release directory, replaced as a whole or not at all.
//!
//! A release is made in a temporary sibling of the directory and takes its place by one rename;
//! anything that happens before leaves the directory as it was. A lock file beside both keeps two
//! builds apart. The next build removes what a killed build left behind.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use catalog::{ATTESTATION_FILE, DATABASE_FILE, MANIFEST_FILE, PACKAGE_FILE};
use rustix::fs::{CWD, FlockOperation, OFlags, RenameFlags, flock, renameat_with};
use rustix::io::Errno;

use crate::failure::Failure;
use crate::progress::Progress;
use crate::temporary;

/// What the names of the temporary siblings end in, after a dot and the directory's name.
const WORK: &str = ".coldpress-build";
const LOCK: &str = ".coldpress-lock";

/// Whether the last part of a path is the name of a temporary sibling.
pub(crate) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && (name.ends_with(WORK) || name.ends_with(LOCK))
}

/// A release directory that is about to be replaced. Dropped before [`Directory::replace`], it
/// leaves no trace.
pub struct Directory {
    /// The directory itself, which need not exist.
    target: PathBuf,
    /// Where the new release is made.
    work: PathBuf,
    lock: PathBuf,
    // Its drop releases the lock, after the work directory and the lock file are gone.
    _locked: File,
}

impl Directory {
    /// Makes room for a new release beside `target`, and waits for another build of the same
    /// directory to end. Errors: `target` is something else than a release directory, or nothing
    /// can be written beside it.
    pub fn prepare(target: &Path, progress: &Progress) -> Result<Self, Failure> {
        let target = resolve(target)?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(Failure::Refused(format!(
                "`{}` can't be replaced by a release; choose a separate directory",
                target.display()
            )));
        };
        refuse_foreign_entries(&target)?;
        if let (Ok(within), Ok(around)) = (fs::metadata(&target), fs::metadata(parent))
            && within.dev() != around.dev()
        {
            return Err(mount_point(&target));
        }
        fs::create_dir_all(parent).map_err(Failure::io("create", parent))?;
        let sibling = |what: &str| {
            let mut sibling = OsString::from(".");
            sibling.push(name);
            sibling.push(what);
            parent.join(sibling)
        };
        let (work, lock) = (sibling(WORK), sibling(LOCK));
        let locked = take_lock(&lock, &target, progress).map_err(Failure::io("lock", &lock))?;
        let directory = Self { target, work, lock, _locked: locked };
        temporary::register(&directory.work);
        remove(&directory.work).map_err(Failure::io("remove", &directory.work))?;
        fs::create_dir(&directory.work).map_err(Failure::io("create", &directory.work))?;
        Ok(directory)
    }

    /// Where the new release's file of that name is to be written.
    pub fn file(&self, name: &str) -> PathBuf {
        self.work.join(name)
    }

    /// The current release's file of that name.
    pub(crate) fn current(&self, name: &str) -> PathBuf {
        self.target.join(name)
    }

    /// Puts the new release in the place of the current one, by one rename, once it is safely
    /// on disk.
    pub fn replace(self, progress: &Progress) -> Result<(), Failure> {
        progress.step("replacing the release");
        sync(&self.work).map_err(Failure::io("write", &self.work))?;
        // A signal removes what is registered, and must not remove a part of what becomes the release.
        temporary::forget(&self.work);
        if self.target.exists() {
            renameat_with(CWD, &self.work, CWD, &self.target, RenameFlags::EXCHANGE).map_err(|error| {
                if error == Errno::BUSY {
                    return mount_point(&self.target);
                }
                Failure::Io {
                    tried: format!(
                        "can't replace `{}` with the new release in one step (remove it first, or \
                         choose a directory on another file system)",
                        self.target.display()
                    ),
                    error: error.into(),
                }
            })?;
        } else {
            fs::rename(&self.work, &self.target).map_err(Failure::io("write", &self.target))?;
        }
        progress.step("removing the previous release");
        let parent = self.target.parent().unwrap_or(Path::new("/"));
        sync(parent).map_err(Failure::io("write", parent))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // Where this fails, the next build does it again, or says why it can't.
        let _ = remove(&self.work);
        temporary::forget(&self.work);
        let _ = fs::remove_file(&self.lock);
    }
}

/// Gives a file the mode that every release has, independent of the umask, and has it written to disk.
pub fn settle(path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    file.set_permissions(Permissions::from_mode(0o644))?;
    file.sync_all()
}

/// A release replaces its directory, and what is mounted can't be replaced.
fn mount_point(target: &Path) -> Failure {
    let target = target.display();
    Failure::Refused(format!(
        "`{target}` is a mount point, which can't be replaced by a release; choose a directory in it, such as `{target}/dist`"
    ))
}

/// An absolute path without links, so that a link to a release directory stays a link.
fn resolve(target: &Path) -> Result<PathBuf, Failure> {
    match target.canonicalize() {
        Ok(target) => Ok(target),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if target.is_symlink() {
                return Err(Failure::Refused(format!("`{}` is a broken link", target.display())));
            }
            std::path::absolute(target).map_err(Failure::io("find", target))
        }
        Err(error) => Err(Failure::io("read", target)(error)),
    }
}

/// Only what belongs to a release may be replaced.
fn refuse_foreign_entries(target: &Path) -> Result<(), Failure> {
    let entries = match fs::read_dir(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return Err(Failure::Refused(format!("`{}` is not a directory", target.display())));
        }
        other => other.map_err(Failure::io("read", target))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(Failure::io("read", target))?.file_name());
    }
    names.sort();
    match names.iter().find(|name| !is_own(name)) {
        None => Ok(()),
        Some(name) => Err(Failure::Refused(format!(
            "`{}` contains `{}`, which is not part of a release and would be lost; choose another directory",
            target.display(),
            name.display()
        ))),
    }
}

/// The files of a release, and what a killed packaging left behind.
fn is_own(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let unfinished = || name.strip_prefix('.').and_then(|name| name.strip_suffix(".tmp"));
    [DATABASE_FILE, MANIFEST_FILE, PACKAGE_FILE, ATTESTATION_FILE].contains(&name.as_ref())
        || unfinished().is_some_and(|name| name.starts_with(PACKAGE_FILE))
}

/// Locks the file at `path`, which is made and removed with the lock: a lock on a file that is
/// no longer the one at `path` belongs to a build that has ended, and counts for nothing.
fn take_lock(path: &Path, target: &Path, progress: &Progress) -> io::Result<File> {
    loop {
        // Neither the target of a link nor a pipe is locked: another user of the directory could have made one.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let opened = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .custom_flags(flags.bits().cast_signed())
            .open(path);
        let file = match opened {
            Ok(file) if file.metadata()?.is_file() => file,
            Err(error) if fs::symlink_metadata(path).map_or(true, |found| found.is_file()) => {
                return Err(error);
            }
            _ => return Err(io::Error::other("it is not a regular file; remove it")),
        };
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            progress.say(&format!("waiting for another build of `{}`", target.display()));
            flock(&file, FlockOperation::LockExclusive)?;
        }
        let ours = file.metadata()?;
        match fs::metadata(path) {
            Ok(there) if (there.dev(), there.ino()) == (ours.dev(), ours.ino()) => return Ok(file),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

fn remove(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}
