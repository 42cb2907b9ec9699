//! A data file -> CSV in UTF-8: its bytes as stored on disk, then what was done to them undone.
//!
//! Each step is a reader over the one before; the usual file takes none.

mod decode;
mod digests;
mod normalize;
mod read_ahead;
mod stage;

use std::fs::File;
use std::io::{self, Read};

use encoding_rs::{Encoding, UTF_8};
use flate2::read::MultiGzDecoder;

use decode::Decode;
pub(crate) use digests::Mismatch;
use digests::{Digests, Finished};
use normalize::DialectNormalizer;
pub(crate) use normalize::SourceFacts;
use stage::{ByteStage, FileBytes};

use datapackage::schema::{DataFile, Dialect};

/// The content of a data file, ready for the CSV parser.
pub(crate) struct Input {
    step: Box<dyn ByteStage>,
}

impl Input {
    /// Opens a file; with `digest`, [`Input::finish`] says what its bytes were. Also gives the
    /// dialect that the parser has to read, and what it can't see of the file in that.
    /// Errors: those of opening.
    pub(crate) fn open(
        file: &DataFile,
        encoding: &'static Encoding,
        dialect: &Dialect,
        digest: bool,
    ) -> io::Result<(Self, Dialect, Option<SourceFacts>)> {
        let digests = Digests::new(file, digest);
        let mut step: Box<dyn ByteStage> = Box::new(FileBytes::new(File::open(&file.file)?, digests)?);
        if file.gzip {
            step = Box::new(MultiGzDecoder::new(step));
        }
        if encoding != UTF_8 {
            step = Box::new(Decode::new(step, encoding));
        }
        if !DialectNormalizer::is_needed(dialect) {
            return Ok((Self { step }, dialect.clone(), None));
        }
        let facts = SourceFacts::default();
        step = Box::new(DialectNormalizer::new(step, dialect, facts.clone()));
        Ok((Self { step }, DialectNormalizer::dialect(dialect), Some(facts)))
    }

    /// Reads the rest, and returns the facts about the bytes. Errors: those of reading.
    pub(crate) fn finish(self, file: &DataFile) -> io::Result<Finished> {
        self.step.into_bytes().finish(file)
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.step.read(buffer)
    }
}
