//! The stages that bytes pass: each is a reader over the one before, the first over the file.

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
    digests: Digests,
}

impl FileBytes {
    pub(super) fn new(file: ReadAhead, digests: Digests) -> Self {
        Self { file, digests }
    }

    /// Reads the rest, and returns the facts about the bytes. Errors: those of reading.
    pub(super) fn finish(mut self, file: &DataFile) -> io::Result<Finished> {
        if self.digests.are_wanted() {
            io::copy(&mut self, &mut io::sink())?;
        }
        Ok(self.digests.finish(file))
    }
}

impl Read for FileBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digests.update(&buffer[..read]);
        Ok(read)
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
