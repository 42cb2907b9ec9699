//! What was read of the history, kept between runs.
//!
//! An entry is named after everything that it was computed from: the program's sources and the
//! names of Git's trees, which name every blob. It ends in its own digest, so that one that was
//! damaged is computed again. The directory may be deleted at any time.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use catalog::FileDigest;
use tempfile::NamedTempFile;

/// How an entry's last line begins; 64 hex digits and a line feed follow.
const TRAILER: &[u8] = b"sha256 ";
const TRAILER_BYTES: u64 = TRAILER.len() as u64 + 65;

/// A directory of entries, or none.
#[derive(Debug)]
pub(crate) struct Cache {
    directory: Option<PathBuf>,
    /// Why an entry could not be written, the first time.
    complaint: RefCell<Option<String>>,
}

/// An entry in the making: lines.
#[derive(Debug)]
pub(crate) struct NewEntry {
    file: BufWriter<NamedTempFile>,
    digest: FileDigest,
    path: PathBuf,
}

impl Cache {
    /// The cache in `directory`, which is made when the first entry is written.
    pub(crate) fn open(directory: Option<&Path>) -> Self {
        let directory = directory.map(|directory| directory.join(env!("COLDPRESS_SOURCES")));
        Self { directory, complaint: RefCell::new(None) }
    }

    /// The lines of the entry that was computed from `source`, if it exists and is complete.
    pub(crate) fn read(&self, source: &[&str]) -> Option<impl Iterator<Item = io::Result<String>> + use<>> {
        let path = self.path(source)?;
        let mut file = File::open(path).ok()?;
        let length = file.metadata().ok()?.len().checked_sub(TRAILER_BYTES)?;
        let mut digest = FileDigest::default();
        let mut buffer = [0; 16 * 1024];
        let mut content = (&mut file).take(length);
        loop {
            match content.read(&mut buffer).ok()? {
                0 => break,
                read => digest.update(&buffer[..read]),
            }
        }
        let mut trailer = Vec::new();
        file.read_to_end(&mut trailer).ok()?;
        if trailer != trailer_of(&digest.finish().0) {
            return None;
        }
        io::Seek::rewind(&mut file).ok()?;
        Some(BufReader::new(file.take(length)).lines())
    }

    /// A new entry; `None` where nothing is kept.
    pub(crate) fn create(&self, source: &[&str]) -> Option<NewEntry> {
        let path = self.path(source)?;
        let made = path.parent().map_or_else(
            || Err(io::ErrorKind::NotFound.into()),
            |directory| fs::create_dir_all(directory).and_then(|()| NamedTempFile::new_in(directory)),
        );
        match made {
            Ok(file) => Some(NewEntry { file: BufWriter::new(file), digest: FileDigest::default(), path }),
            Err(error) => {
                self.complain(&error);
                None
            }
        }
    }

    /// Puts an entry into its place.
    pub(crate) fn put(&self, entry: Option<NewEntry>) {
        if let Some(entry) = entry
            && let Err(error) = entry.finish()
        {
            self.complain(&error);
        }
    }

    /// A note for people where entries could not be written.
    pub(crate) fn complaint(&self) -> Option<String> {
        self.complaint.borrow_mut().take()
    }

    fn complain(&self, error: &io::Error) {
        let directory = self.directory.as_deref().unwrap_or(Path::new("")).display().to_string();
        let mut complaint = self.complaint.borrow_mut();
        complaint.get_or_insert_with(|| {
            format!("the next build reads the history again, since `{directory}` can't be written: {error}")
        });
    }

    fn path(&self, source: &[&str]) -> Option<PathBuf> {
        let mut digest = FileDigest::default();
        for part in source {
            digest.update(&(part.len() as u64).to_le_bytes());
            digest.update(part.as_bytes());
        }
        let (name, _) = digest.finish();
        Some(self.directory.as_ref()?.join(&name[..2]).join(&name[2..]))
    }
}

impl NewEntry {
    /// Adds a line, which has no line feed in it. Errors: those of writing.
    pub(crate) fn line(&mut self, line: &str) -> io::Result<()> {
        for part in [line.as_bytes(), b"\n"] {
            self.digest.update(part);
            self.file.write_all(part)?;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.file.write_all(&trailer_of(&self.digest.finish().0))?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.persist(&self.path)?;
        Ok(())
    }
}

fn trailer_of(digest: &str) -> Vec<u8> {
    [TRAILER, digest.as_bytes(), b"\n"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_found_until_it_is_damaged() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(Some(&directory.path().join("not yet")));
        let read =
            || -> Option<Vec<String>> { Some(cache.read(&["a", "b"])?.collect::<io::Result<_>>().unwrap()) };
        assert_eq!(read(), None);
        let mut entry = cache.create(&["a", "b"]).unwrap();
        entry.line("one").unwrap();
        entry.line("").unwrap();
        cache.put(Some(entry));
        assert_eq!(read().unwrap(), ["one", ""]);
        assert!(cache.read(&["ab", ""]).is_none() && cache.read(&["a"]).is_none());
        let path = cache.path(&["a", "b"]).unwrap();
        let whole = fs::read(&path).unwrap();
        for damage in [&whole[..whole.len() - 1], &whole[1..], b"", &[whole.as_slice(), b"x"].concat()] {
            fs::write(&path, damage).unwrap();
            assert_eq!(read(), None);
        }
        assert_eq!(cache.complaint(), None);
    }

    #[test]
    fn a_cache_that_can_not_be_written_says_so() {
        let file = NamedTempFile::new().unwrap();
        let cache = Cache::open(Some(file.path()));
        assert!(cache.create(&["a"]).is_none());
        let complaint = cache.complaint().unwrap();
        assert!(complaint.starts_with("the next build reads the history again, since `"), "{complaint}");
    }
}
