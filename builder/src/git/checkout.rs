//! The files of a revision in a temporary directory, which goes from revision to revision by
//! writing only what differs.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::objects::{Entry, EntryKind, Objects};
use crate::failure::Failure;
use crate::temporary::Temporary;

/// How a Git LFS pointer file begins (git-lfs, "Specification").
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

/// Linux's limit (PATH_MAX).
const MAX_LINK: u64 = 4096;

/// A directory with the files of a revision.
#[derive(Debug)]
pub(crate) struct Checkout {
    directory: Temporary,
    /// The present files; a file without a blob is empty.
    files: BTreeMap<PathBuf, Option<Entry>>,
}

impl Checkout {
    /// An empty directory.
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { directory: Temporary::new("revision")?, files: BTreeMap::new() })
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Makes the directory contain `files`. A file that is not `wanted` is empty.
    /// Returns those that are Git LFS pointer files. Errors: Git's, and those of writing.
    pub(crate) fn update(
        &mut self,
        objects: &mut Objects,
        files: &BTreeMap<PathBuf, Entry>,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<Vec<PathBuf>, Failure> {
        // Removals come first: a file may become a directory.
        let gone: Vec<PathBuf> =
            self.files.keys().filter(|path| !files.contains_key(*path)).cloned().collect();
        for path in gone {
            self.remove(&path)?;
        }
        let mut pointers = Vec::new();
        for (path, entry) in files {
            let entry = Some(entry).filter(|entry| entry.kind == EntryKind::Link || wanted(path));
            if self.files.get(path).is_none_or(|there| there.as_ref() != entry) {
                self.write(objects, path, entry)?;
            }
            if entry.is_some_and(|entry| entry.kind == EntryKind::File) && self.is_pointer(path) {
                pointers.push(path.clone());
            }
        }
        Ok(pointers)
    }

    fn write(&mut self, objects: &mut Objects, path: &Path, entry: Option<&Entry>) -> Result<(), Failure> {
        if self.files.contains_key(path) {
            self.remove(path)?;
        }
        let file = self.path().join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(Failure::io("create", parent))?;
        }
        match entry {
            Some(Entry { kind: EntryKind::Link, id }) => {
                let target = objects.blob(id, MAX_LINK)?.ok_or_else(|| {
                    Failure::Refused(format!("the link `{}` has more than {MAX_LINK} bytes", path.display()))
                })?;
                let target = std::ffi::OsString::from_vec(target);
                std::os::unix::fs::symlink(target, &file).map_err(Failure::io("write", &file))?;
            }
            Some(Entry { id, .. }) => {
                let mut out = File::create(&file).map_err(Failure::io("write", &file))?;
                objects.copy(id, &mut out)?;
                out.flush().map_err(Failure::io("write", &file))?;
            }
            None => {
                File::create(&file).map_err(Failure::io("write", &file))?;
            }
        }
        self.files.insert(path.to_owned(), entry.cloned());
        Ok(())
    }

    /// Removes a file, and the directories that are empty without it.
    fn remove(&mut self, path: &Path) -> Result<(), Failure> {
        let file = self.path().join(path);
        fs::remove_file(&file).map_err(Failure::io("remove", &file))?;
        self.files.remove(path);
        for directory in path.ancestors().skip(1).filter(|directory| !directory.as_os_str().is_empty()) {
            if fs::remove_dir(self.path().join(directory)).is_err() {
                break; // something is left in it
            }
        }
        Ok(())
    }

    fn is_pointer(&self, path: &Path) -> bool {
        let mut start = [0; LFS_POINTER.len()];
        let file = File::open(self.path().join(path));
        file.and_then(|mut file| file.read_exact(&mut start)).is_ok_and(|()| start == LFS_POINTER)
    }
}
