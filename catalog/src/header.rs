//! The first hundred bytes of `data.db`: enough to distinguish a release from any other file, without
//! SQL and for the price of one read (SQLite, "Database File Format", section 1.3).

use std::io::{self, Read};

use crate::names::{APPLICATION_ID, FORMAT_VERSION};

/// What the header says, once it is known to be one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The whole file's size in bytes.
    pub bytes: u64,
    /// The size of a page in bytes.
    pub page_size: u32,
}

/// Why a file is not a `data.db` that this reader can serve.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// It could not be read.
    #[error("it can't be read: {0}")]
    Io(io::Error),
    /// It is not an SQLite database.
    #[error("it is not an SQLite database")]
    NotSqlite,
    /// It is an SQLite database, but not one that the builder wrote.
    #[error("it is an SQLite database that `builder build` did not write")]
    NotRelease,
    /// The builder wrote it in another format.
    #[error("it has format {found}, this program reads format {FORMAT_VERSION}; build the release again")]
    Format {
        /// The format it has.
        found: u32,
    },
    /// It is shorter or longer than its header says.
    #[error("it has {found} bytes where its header says {expected}; it was cut short or appended to")]
    Truncated {
        /// The size in bytes that the header gives.
        expected: u64,
        /// The size in bytes that the file has.
        found: u64,
    },
}

impl Header {
    /// Reads the header from the start of `file`, whose size is `size` bytes.
    pub fn read(mut file: impl Read, size: u64) -> Result<Self, HeaderError> {
        let mut bytes = [0; 100];
        match file.read_exact(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(HeaderError::NotSqlite);
            }
            other => other.map_err(HeaderError::Io)?,
        }
        if &bytes[..16] != b"SQLite format 3\0" {
            return Err(HeaderError::NotSqlite);
        }
        if big_endian(&bytes, 68) != APPLICATION_ID {
            return Err(HeaderError::NotRelease);
        }
        let found = big_endian(&bytes, 60);
        if found != FORMAT_VERSION {
            return Err(HeaderError::Format { found });
        }
        let page = match u16::from_be_bytes([bytes[16], bytes[17]]) {
            1 => 65_536, // section 1.3.2: the size that does not fit its two bytes
            size => u32::from(size),
        };
        let expected = u64::from(page) * u64::from(big_endian(&bytes, 28));
        if expected != size {
            return Err(HeaderError::Truncated { expected, found: size });
        }
        Ok(Self { bytes: size, page_size: page })
    }
}

fn big_endian(bytes: &[u8; 100], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> [u8; 100] {
        let mut bytes = [0; 100];
        bytes[..16].copy_from_slice(b"SQLite format 3\0");
        bytes[16..18].copy_from_slice(&4096_u16.to_be_bytes());
        bytes[28..32].copy_from_slice(&3_u32.to_be_bytes());
        bytes[60..64].copy_from_slice(&FORMAT_VERSION.to_be_bytes());
        bytes[68..72].copy_from_slice(&APPLICATION_ID.to_be_bytes());
        bytes
    }

    fn message(bytes: &[u8], size: u64) -> String {
        Header::read(bytes, size).unwrap_err().to_string()
    }

    #[test]
    fn a_release_is_accepted() {
        assert_eq!(
            Header::read(&header()[..], 3 * 4096).unwrap(),
            Header { bytes: 3 * 4096, page_size: 4096 }
        );
    }

    #[test]
    fn everything_else_says_what_it_is() {
        assert_eq!(message(b"", 0), "it is not an SQLite database");
        assert_eq!(message(&[b'x'; 100], 100), "it is not an SQLite database");
        let mut other = header();
        other[71] = 0;
        assert_eq!(message(&other, 3 * 4096), "it is an SQLite database that `builder build` did not write");
        let mut newer = header();
        newer[63] = 9;
        assert_eq!(
            message(&newer, 3 * 4096),
            "it has format 9, this program reads format 1; build the release again"
        );
        assert_eq!(
            message(&header(), 4096),
            "it has 4096 bytes where its header says 12288; it was cut short or appended to"
        );
    }
}
