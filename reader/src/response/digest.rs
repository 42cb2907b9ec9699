//! The digest of a representation (RFC 9530, section 3), so that a client knows that all of it came, and the same
//! that others get.
//!
//! It is made of what GET's body is: in its coding, before Lambda's base64. A part has the digest of the whole, and
//! 304 has none (RFC 9110, section 15.4.5). No header `Vary` names `Want-Repr-Digest`: an answer from a cache, with
//! the digest or without, is right for everybody.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::Response;

const NAME: &str = "repr-digest";

/// A SHA-256.
pub(crate) type Sum = [u8; 32];

/// Takes the bytes of a representation, piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Summing(Sha256);

impl Summing {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> Sum {
        self.0.finalize().into()
    }
}

impl Response {
    /// With the digest of its body, where that is the whole representation. A page of rows with the status 206 is not:
    /// nobody made the whole.
    pub(crate) fn digested(self) -> Self {
        let has = |name: &str| self.headers.iter().any(|(known, _)| *known == name);
        if self.status == 206 || self.body.len() != self.length || !has("content-type") || has(NAME) {
            return self;
        }
        let sum = Sha256::digest(&self.body).into();
        self.with_digest(&sum)
    }

    /// With that digest of the whole representation.
    pub(crate) fn with_digest(self, sum: &Sum) -> Self {
        self.header(NAME, format!("sha-256=:{}:", BASE64_STANDARD.encode(sum)))
    }
}
