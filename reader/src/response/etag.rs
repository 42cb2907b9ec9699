//! Entity tags: from the content digests of what an answer shows and the request's meaning, so a
//! release that changes one table leaves the cached answers of all others valid.

use sha2::{Digest, Sha256};

use crate::plan::{Rows, Scope};

/// A strong entity tag (RFC 9110, section 8.8.3), quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ETag(String);

/// Raised when the same rows are written in another way than before.
const REPRESENTATION: &[u8] = b"coldpress representation 1\n";

impl ETag {
    /// Of an answer that shows rows.
    pub(crate) fn rows(rows: &Rows) -> Self {
        let mut hash = Sha256::new();
        hash.update(REPRESENTATION);
        hash.update(rows.table.digest.as_bytes());
        match &rows.scope {
            Scope::Page { limit, offset } => {
                hash.update(b"page");
                hash.update(limit.to_le_bytes());
                hash.update(offset.to_le_bytes());
            }
            // The URL tells one key from another; the tag only has to change with the rows.
            Scope::Key(_) => hash.update(b"key"),
        }
        Self::quoted(&hash.finalize())
    }

    /// Of an answer that shows the release itself.
    pub(crate) fn release(manifest: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(REPRESENTATION);
        hash.update(manifest);
        Self::quoted(&hash.finalize())
    }

    /// As it stands in the header.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// 96 bits: enough for the few representations that one URL ever has.
    fn quoted(hash: &[u8]) -> Self {
        let mut tag = String::with_capacity(26);
        tag.push('"');
        for byte in &hash[..12] {
            for digit in [byte >> 4, byte & 15] {
                tag.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
        }
        tag.push('"');
        Self(tag)
    }
}
