//! A data file -> CSV in UTF-8: its bytes as they lie on disk, then what was done to them undone.
//!
//! Each step is a reader over the one before; the usual file takes none.

use std::fs::File;
use std::io::{self, Read};

use catalog::Source;
use encoding_rs::{Encoding, UTF_8};
use flate2::read::MultiGzDecoder;

use super::ahead::Ahead;
use super::canonical::Canonical;
use super::decoded::Decoded;
use super::digests::{Digests, Mismatch};
use super::lines::Shifts;
use datapackage::schema::{DataFile, Dialect};

/// The content of a data file, ready for the CSV parser.
pub(crate) struct Input {
    step: Box<dyn Step>,
}

/// What the bytes of a file, all of them, turned out to be.
pub(crate) struct Finished {
    /// The file's record for the manifest, where it was asked for.
    pub(crate) source: Option<Source>,
    /// What the descriptor says otherwise.
    pub(crate) mismatches: Vec<Mismatch>,
}

/// A reader over the file's bytes.
pub(super) trait Step: Read {
    /// The file's bytes, at whatever place the steps have come to.
    fn into_bytes(self: Box<Self>) -> Bytes;
}

impl Input {
    /// Opens a file; with `digest`, [`Input::finish`] says what its bytes were. Also gives the
    /// dialect that the parser has to read, and where its lines are not the file's, if any can be so.
    /// Errors: those of opening.
    pub(crate) fn open(
        file: &DataFile,
        encoding: &'static Encoding,
        dialect: &Dialect,
        digest: bool,
    ) -> io::Result<(Self, Dialect, Option<Shifts>)> {
        let digests = Digests::new(file, digest);
        let mut step: Box<dyn Step> = Box::new(Bytes { file: Ahead::new(File::open(&file.file)?)?, digests });
        if file.gzip {
            step = Box::new(MultiGzDecoder::new(step));
        }
        if encoding != UTF_8 {
            step = Box::new(Decoded::new(step, encoding));
        }
        if !Canonical::is_needed(dialect) {
            return Ok((Self { step }, dialect.clone(), None));
        }
        let shifts = Shifts::default();
        step = Box::new(Canonical::new(step, dialect, shifts.clone()));
        Ok((Self { step }, Canonical::dialect(dialect), Some(shifts)))
    }

    /// Reads what is left, and says what the bytes were. Errors: those of reading.
    pub(crate) fn finish(self, file: &DataFile) -> io::Result<Finished> {
        let mut bytes = self.step.into_bytes();
        if bytes.digests.are_wanted() {
            io::copy(&mut bytes, &mut io::sink())?;
        }
        Ok(bytes.digests.finish(file))
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.step.read(buffer)
    }
}

/// The bytes as they lie on disk.
pub(super) struct Bytes {
    file: Ahead,
    digests: Digests,
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.digests.update(&buffer[..read]);
        Ok(read)
    }
}

impl Step for Bytes {
    fn into_bytes(self: Box<Self>) -> Bytes {
        *self
    }
}

impl Step for MultiGzDecoder<Box<dyn Step>> {
    fn into_bytes(self: Box<Self>) -> Bytes {
        self.into_inner().into_bytes()
    }
}
