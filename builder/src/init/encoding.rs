//! The encoding of a file: what its BOM says, else UTF-8. Other bytes can be read in many ways, so a person must choose;
//! the message has the line as it would read.

use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::failure::Failure;
use crate::table::lines::Lines;
use crate::table::source::Input;
use datapackage::cell::quoted;
use datapackage::schema::{DataFile, Dialect};

/// How much of a file is read at once.
const BUFFER: usize = 256 * 1024;

/// How much of a line is shown, in bytes.
const SHOWN: usize = 120;

/// An encoding, and its name for the descriptor unless it is the default.
#[derive(Clone, Copy)]
pub(super) struct FileEncoding {
    pub(super) encoding: &'static Encoding,
    pub(super) name: Option<&'static str>,
}

/// The encoding of a file; `given` is what its owner says. Errors: the file can't be read, or its bytes are not UTF-8.
pub(super) fn detect(file: &Path, given: Option<&'static Encoding>) -> Result<FileEncoding, Failure> {
    if let Some(encoding) = given {
        let name = match encoding {
            encoding if encoding == UTF_8 => None,
            encoding if encoding == UTF_16LE => Some("utf-16"),
            encoding => Some(encoding.name()),
        };
        return Ok(FileEncoding { encoding, name });
    }
    let mut input = bytes(file)?;
    let mut buffer = vec![0; BUFFER];
    let mut filled = fill(&mut input, &mut buffer, file)?;
    let start = &buffer[..filled];
    let found = |encoding, name| Ok(FileEncoding { encoding, name: Some(name) });
    match start {
        [0xFF, 0xFE, ..] => return found(UTF_16LE, "utf-16"),
        [0xFE, 0xFF, ..] => return found(UTF_16BE, "utf-16"),
        _ => {}
    }
    match zeros(&start[..start.len().min(1024)]) {
        Some(UTF_16LE_ZEROS) => return found(UTF_16LE, "utf-16le"),
        Some(_) => return found(UTF_16BE, "utf-16be"),
        None => {}
    }
    let mut lines = Lines::new();
    let mut has_utf8 = false;
    loop {
        let text = &buffer[..filled];
        let at_end = filled < buffer.len();
        let valid = match simdutf8::compat::from_utf8(text) {
            Ok(_) => filled,
            Err(error) if error.error_len().is_none() && !at_end => error.valid_up_to(),
            Err(error) => {
                let at = error.valid_up_to();
                has_utf8 |= !text[..at].is_ascii();
                let from = text[..at].iter().rposition(|byte| is_end(*byte)).map_or(0, |end| end + 1);
                lines.pass(&text[..from]);
                let rest = &text[from..];
                let to = rest.iter().position(|byte| is_end(*byte)).unwrap_or(rest.len());
                let problem =
                    Problem { line: lines.line(), bytes: rest[..to].to_vec(), byte: text[at], has_utf8 };
                return Err(problem.refused(file));
            }
        };
        has_utf8 |= !text[..valid].is_ascii();
        if at_end {
            return Ok(FileEncoding { encoding: UTF_8, name: None });
        }
        // The last line stays, so that it is whole where it turns out to be wrong.
        let kept = text[..valid].iter().rposition(|byte| is_end(*byte)).map_or(0, |end| end + 1);
        let kept = if kept == 0 { valid } else { kept };
        lines.pass(&text[..kept]);
        buffer.copy_within(kept..filled, 0);
        let left = filled - kept;
        filled = left + fill(&mut input, &mut buffer[left..], file)?;
    }
}

/// At which of every two bytes of UTF-16LE the zeros of ASCII are.
const UTF_16LE_ZEROS: usize = 1;

/// At which of every two bytes zeros are, where most of them are at one: UTF-16 without a BOM.
fn zeros(bytes: &[u8]) -> Option<usize> {
    let at = |which: usize| bytes.iter().skip(which).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (at(0), at(1));
    let most = |some: usize, others: usize| some * 4 > bytes.len() && others * 8 < some;
    if most(odd, even) {
        Some(UTF_16LE_ZEROS)
    } else if most(even, odd) {
        Some(0)
    } else {
        None
    }
}

fn is_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

fn bytes(file: &Path) -> Result<Input, Failure> {
    let opened = Input::open(&DataFile::plain(file), UTF_8, &Dialect::default(), false);
    opened.map(|(input, ..)| input).map_err(Failure::io("read", file))
}

/// Fills a buffer, unless the file ends.
fn fill(input: &mut Input, buffer: &mut [u8], file: &Path) -> Result<usize, Failure> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::io("read", file)(error)),
        }
    }
    Ok(filled)
}

/// A line that is not UTF-8.
struct Problem {
    line: u64,
    bytes: Vec<u8>,
    byte: u8,
    /// Lines before it have other letters than ASCII, in UTF-8.
    has_utf8: bool,
}

impl Problem {
    fn refused(&self, file: &Path) -> Failure {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(&self.bytes, true);
        // The usual one first: a single line is little to tell encodings from.
        let mut encodings = vec![WINDOWS_1252, detector.guess(None, Utf8Detection::Deny)];
        if self.bytes.iter().any(|byte| (0x80..0xA0).contains(byte)) {
            encodings.push(MACINTOSH);
        }
        let mut readings: Vec<String> = vec![];
        for (index, encoding) in encodings.iter().enumerate() {
            let (text, malformed) = encoding.decode_without_bom_handling(&self.bytes);
            if malformed
                || text.contains(|c: char| c.is_control() && c != '\t')
                || encodings[..index].contains(encoding)
            {
                continue;
            }
            let mut end = text.len().min(SHOWN);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            let name = if *encoding == WINDOWS_1252 { "windows-1252" } else { encoding.name() };
            readings.push(format!("{} with `--encoding {name}`", quoted(&text[..end])));
        }
        let shown = file.display();
        let damaged = if self.has_utf8 {
            ", although lines before it have UTF-8 beyond ASCII; it may be damaged"
        } else {
            ""
        };
        let line = self.line;
        let mut message = format!("{shown}:{line}: byte 0x{:02X} is not UTF-8{damaged}", self.byte);
        if !readings.is_empty() {
            message.push_str(&format!("; the line reads {}", readings.join(", and ")));
        }
        message.push_str("; choose the encoding in which it is right, or save the file as UTF-8");
        Failure::Refused(message)
    }
}
