//! The unpacked zip: what Lambda shows the function as `/var/task`, read-only.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;

use crate::options::StartError;

/// A directory with the zip's files, removed on drop.
pub(crate) struct TaskRoot {
    directory: TempDir,
}

impl TaskRoot {
    pub(crate) fn unpack(zip: &Path) -> Result<Self, StartError> {
        let zip_error = |error: zip::result::ZipError| StartError::Zip(error.to_string());
        let file = File::open(zip).map_err(|error| StartError::Zip(error.to_string()))?;
        let mut archive = ZipArchive::new(io::BufReader::new(file)).map_err(zip_error)?;
        let root = Self { directory: tempfile::Builder::new().prefix("lambda-double.").tempdir()? };
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(zip_error)?;
            let name = entry.name().map_err(zip_error)?.into_owned();
            let Some(relative) = entry.enclosed_name() else {
                return Err(StartError::Zip(format!("the name `{name}` leads out of the directory")));
            };
            let path = root.path().join(relative);
            if entry.is_dir() {
                fs::create_dir_all(&path)?;
                continue;
            }
            let mode = entry.unix_mode().unwrap_or(0) & 0o777;
            let needed = if name == "bootstrap" { 0o005 } else { 0o004 };
            if mode & needed != needed {
                return Err(StartError::Mode { name, mode });
            }
            fs::create_dir_all(path.parent().unwrap_or(root.path()))?;
            io::copy(&mut entry, &mut File::create(&path)?)?;
            fs::set_permissions(&path, Permissions::from_mode(mode & !0o222))?;
        }
        if !root.bootstrap().is_file() {
            return Err(StartError::NoBootstrap);
        }
        for directory in root.directories()? {
            fs::set_permissions(directory, Permissions::from_mode(0o555))?;
        }
        Ok(root)
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn bootstrap(&self) -> PathBuf {
        self.path().join("bootstrap")
    }

    /// Removes the files. What can't be made writable can't be removed either, and stays: this is
    /// for drops, which have no way to say so.
    pub(crate) fn remove(&self) {
        for directory in self.directories().unwrap_or_default() {
            let _ = fs::set_permissions(directory, Permissions::from_mode(0o755));
        }
        let _ = fs::remove_dir_all(self.path());
    }

    /// The directory and those below it.
    fn directories(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = vec![self.path().to_path_buf()];
        let mut next = 0;
        while let Some(directory) = found.get(next).cloned() {
            next += 1;
            for entry in fs::read_dir(directory)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    found.push(entry.path());
                }
            }
        }
        Ok(found)
    }
}

impl Drop for TaskRoot {
    fn drop(&mut self) {
        self.remove();
    }
}
