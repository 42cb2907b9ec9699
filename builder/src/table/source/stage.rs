//! The stages that bytes pass: each is a reader over the one before, the first over the file.

use std::fs::File;
use std::io::{self, Read};

use datapackage::schema::DataFile;
use flate2::read::MultiGzDecoder;

use super::digests::{Digests, Finished};
use super::read_ahead::ReadAhead;

/// A reader over the file's bytes.
pub(super) trait ByteStage: Read {
    /// The file's bytes, at the place the stages have reached.
    fn into_bytes(self: Box<Self>) -> FileBytes;
}

/// The bytes as stored on disk.
pub(super) struct FileBytes {
    file: ReadAhead,
    /// Whether all bytes have to be read for them.
    has_digests: bool,
}

impl FileBytes {
    /// The bytes of `file`, with `digests` of them. Errors: those of reading.
    pub(super) fn new(file: File, digests: Digests) -> io::Result<Self> {
        let has_digests = digests.are_wanted();
        Ok(Self { file: ReadAhead::new(file, digests)?, has_digests })
    }

    /// Reads the rest, and returns the facts about the bytes. Errors: those of reading.
    pub(super) fn finish(mut self, file: &DataFile) -> io::Result<Finished> {
        if self.has_digests {
            io::copy(&mut self, &mut io::sink())?;
        }
        Ok(self.file.into_digests().finish(file))
    }
}

impl Read for FileBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl ByteStage for FileBytes {
    fn into_bytes(self: Box<Self>) -> FileBytes {
        *self
    }
}

impl ByteStage for MultiGzDecoder<Box<dyn ByteStage>> {
    fn into_bytes(self: Box<Self>) -> FileBytes {
        self.into_inner().into_bytes()
    }
}
