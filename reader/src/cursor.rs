//! Where a page ends, as the opaque text that `Link` carries to the next request.
//!
//! A row number is all that it takes: as long as the tables are unchanged, rows keep theirs, and
//! what an order says of the row can be read again. So a cursor is as short for an order by long
//! texts as for none. It also holds what it is good for: the question, without the size of its
//! pages, and the content of the tables that the answer touches.
//!
//! ```text
//! base64url, without padding, of
//!   1 byte    version: 1
//!   8 bytes   SHA-256 over the content digests of the tables, cut
//!   8 bytes   SHA-256 over the table's name and the query, cut
//!   8 bytes   rows before the page, little-endian
//!   8 bytes   row number of the last one, little-endian
//!   6 bytes   SHA-256 over all before, cut
//! ```
//!
//! Deliberately absent: a secret. A forged cursor shows rows that everybody may read anyway.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{Code, Error};

/// Raised when bytes or row numbers get another meaning.
const VERSION: u8 = 1;

const LENGTH: usize = 39;

/// The first bytes of a SHA-256.
pub(crate) type Short = [u8; 8];

/// The place between two pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Of the content digests of the tables: [`tables`].
    pub(crate) tables: Short,
    /// Of what is asked: [`question`].
    pub(crate) question: Short,
    /// How many rows come before.
    pub(crate) offset: u64,
    /// The row number of the last of them.
    pub(crate) rowid: i64,
}

impl Cursor {
    /// Reads a cursor. Errors: [`Code::InvalidCursor`] for text that is not a cursor, whole and unchanged.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid("it is no cursor"))?;
        let bytes: [u8; LENGTH] = bytes.try_into().map_err(|_| invalid("it is no cursor"))?;
        let (record, check) = bytes.split_at(LENGTH - 6);
        if *check != Sha256::digest(record)[..6] {
            return Err(invalid("it is no cursor, or was changed"));
        }
        if record[0] != VERSION {
            return Err(invalid("it is of another version"));
        }
        let part = |at: usize| -> Short { std::array::from_fn(|index| record[at + index]) };
        Ok(Self {
            tables: part(1),
            question: part(9),
            offset: u64::from_le_bytes(part(17)),
            rowid: i64::from_le_bytes(part(25)),
        })
    }

    /// As it stands in a URL: 52 unreserved characters.
    pub(crate) fn to_text(self) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(VERSION);
        for part in [self.tables, self.question, self.offset.to_le_bytes(), self.rowid.to_le_bytes()] {
            bytes.extend(part);
        }
        let check = Sha256::digest(&bytes);
        bytes.extend(&check[..6]);
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// The error of a cursor that leads nowhere.
pub(crate) fn invalid(details: &str) -> Error {
    Error::new(Code::InvalidCursor, "the cursor can't be used")
        .details(details)
        .hint("use the cursor in the Link header of the previous page, or repeat the request without one")
}

/// What a cursor holds of the content digests that `visit` calls back with.
pub(crate) fn tables(visit: impl FnOnce(&mut dyn FnMut(&str))) -> Short {
    let mut hash = Sha256::new();
    visit(&mut |digest| hash.update(digest.as_bytes()));
    short(hash)
}

/// What a cursor holds of a question: the table, and the query without cursor and limit, in one
/// spelling.
pub(crate) fn question(table: &str, query: &str) -> Short {
    let mut hash = Sha256::new();
    hash.update(table.as_bytes());
    hash.update([0]);
    hash.update(query.as_bytes());
    short(hash)
}

fn short(hash: Sha256) -> Short {
    let hash = hash.finalize();
    std::array::from_fn(|index| hash[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURSOR: Cursor = Cursor { tables: [1; 8], question: [250; 8], offset: 20, rowid: -7 };

    #[test]
    fn what_is_written_is_read() {
        let text = CURSOR.to_text();
        assert_eq!(text.len(), 52);
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
        assert_eq!(Cursor::parse(&text).unwrap(), CURSOR);
    }

    #[test]
    fn no_character_can_be_changed() {
        let text = CURSOR.to_text();
        for at in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert!(Cursor::parse(std::str::from_utf8(&other).unwrap()).is_err(), "{at}");
        }
        assert!(Cursor::parse(&text[1..]).is_err());
        assert!(Cursor::parse("").is_err());
    }
}
