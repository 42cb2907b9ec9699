//! What is written under a key of a bucket, and what is read from it.

use std::path::Path;

use super::digest;
use super::record::Artifact;

/// An object to write.
pub(super) struct Object<'a> {
    pub(super) key: String,
    pub(super) sha256: String,
    pub(super) bytes: u64,
    pub(super) body: Body<'a>,
}

pub(super) enum Body<'a> {
    Bytes(&'a [u8]),
    File(&'a Path),
}

/// What [`super::Bucket::put_once`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutOutcome {
    /// The object was missing, and was written.
    Written,
    /// The object existed with the same bytes.
    Unchanged,
}

/// An object's bytes, and the tag that changes with them.
#[derive(Debug, Clone)]
pub struct StoredObject {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The tag, for `If-Match`.
    pub etag: String,
}

impl<'a> Object<'a> {
    pub(super) fn file(key: String, artifact: &Artifact, path: &'a Path) -> Self {
        Self { key, sha256: artifact.sha256.clone(), bytes: artifact.bytes, body: Body::File(path) }
    }

    pub(super) fn bytes(key: String, bytes: &'a [u8]) -> Self {
        Self { key, sha256: digest::of(bytes), bytes: bytes.len() as u64, body: Body::Bytes(bytes) }
    }
}
