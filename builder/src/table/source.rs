//! A data file as bytes: its digest on the way.

use std::fs::File;
use std::io::{self, Read};

use catalog::{FileDigest, Source};

use crate::descriptor::{DataFile, Table};

/// The bytes of a data file as CSV in UTF-8.
pub(crate) struct Input {
    bytes: Bytes,
}

impl Input {
    /// Opens a file of `table`; with `digest`, [`Input::finish`] says what its bytes were.
    pub(crate) fn open(file: &DataFile, _table: &Table, digest: bool) -> io::Result<Self> {
        Ok(Self { bytes: Bytes { file: File::open(&file.file)?, digest: digest.then(FileDigest::default) } })
    }

    /// Reads what is left, and gives the file's record for the manifest where it was asked for.
    pub(crate) fn finish(self, file: &DataFile) -> io::Result<Option<Source>> {
        let mut bytes = self.bytes;
        if bytes.digest.is_some() {
            io::copy(&mut bytes, &mut io::sink())?;
        }
        Ok(bytes.digest.map(|digest| {
            let (sha256, bytes) = digest.finish();
            Source { path: file.path.clone(), sha256, bytes }
        }))
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

/// The bytes as they lie on disk.
struct Bytes {
    file: File,
    digest: Option<FileDigest>,
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        if let Some(digest) = &mut self.digest {
            digest.update(&buffer[..read]);
        }
        Ok(read)
    }
}
