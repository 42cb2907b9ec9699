//! One bucket: objects written once, read whole, listed, moved by compare-and-swap.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode};
use catalog::FileDigest;

use super::digest;
use super::failure::{Failure, Why, causes};
use super::record::Artifact;
use super::upload::{self, PART};
use builder::count::grouped;
use builder::progress::Progress;

/// How often an object is looked at anew when it changes while it is written, or a body breaks off.
/// The SDK's own retries cover requests, not these.
const ATTEMPTS: u32 = 4;

/// A bucket.
pub struct Bucket {
    pub(super) s3: Client,
    /// Its name.
    pub name: String,
}

/// What is to be written under a key.
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

/// What writing once came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was not there.
    Written,
    /// It was there, with the same bytes.
    Unchanged,
}

/// An object's bytes, and the tag that changes with them.
#[derive(Debug, Clone)]
pub struct Fetched {
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

impl Bucket {
    pub(super) fn new(s3: Client, name: String) -> Self {
        Self { s3, name }
    }

    /// `s3://BUCKET/KEY`
    pub fn url(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.name)
    }

    /// Writes an object that must not be there, or must be the same. S3 computes the digest itself
    /// and takes nothing else than what it was computed from.
    pub(super) async fn put_once(&self, object: &Object<'_>, progress: &Progress) -> Result<Put, Failure> {
        let url = self.url(&object.key);
        let mut attempt = 0;
        loop {
            attempt += 1;
            if self.holds(object, progress).await? {
                return Ok(Put::Unchanged);
            }
            progress.say(&format!("writing {url}, {} bytes", grouped(object.bytes)));
            let written = match object.body {
                Body::File(path) if object.bytes > PART => upload::put(self, object, path, progress).await,
                _ => self.put(object).await,
            };
            match written {
                Ok(()) => return Ok(Put::Written),
                // Somebody was faster, or this is a retry of what had worked: look again.
                Err(Failure::Aws { why: Why::Changed, .. }) if attempt < ATTEMPTS => {}
                Err(failure) => return Err(failure),
            }
        }
    }

    async fn put(&self, object: &Object<'_>) -> Result<(), Failure> {
        let body = match object.body {
            Body::Bytes(bytes) => ByteStream::from(bytes.to_vec()),
            Body::File(path) => ByteStream::from(std::fs::read(path).map_err(Failure::io("read", path))?),
        };
        self.s3
            .put_object()
            .bucket(&self.name)
            .key(&object.key)
            .if_none_match("*")
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .checksum_sha256(digest::base64(&object.sha256))
            .body(body)
            .send()
            .await
            .map(drop)
            .map_err(|error| Failure::aws(format!("write {}", self.url(&object.key)), error))
    }

    /// Whether the object is there. Errors: something else is there under its key.
    async fn holds(&self, object: &Object<'_>, progress: &Progress) -> Result<bool, Failure> {
        let Object { key, sha256, bytes, .. } = object;
        let url = self.url(key);
        let head = self
            .s3
            .head_object()
            .bucket(&self.name)
            .key(key)
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await;
        let head = match head {
            Ok(head) => head,
            Err(error) => match Failure::aws(format!("look at {url}"), error) {
                Failure::Aws { why: Why::Missing, .. } => return Ok(false),
                failure => return Err(failure),
            },
        };
        let other = |found: String| {
            Err(Failure::refused(
                format!(
                    "{url} holds other bytes than its name says: {found}, not {bytes} bytes, sha256 {sha256}"
                ),
                "nobody but builder may write there; look at the object's versions, remove what is wrong, and run \
                 the same command again",
            ))
        };
        let length = head.content_length().unwrap_or_default();
        if length != i64::try_from(*bytes).unwrap_or(i64::MAX) {
            return other(format!("{length} bytes"));
        }
        if let Some(checksum) = head.checksum_sha256() {
            let expected = match object.body {
                Body::File(path) if checksum.contains('-') => digest::composite(&upload::parts(path)?),
                _ => digest::base64(sha256),
            };
            if checksum == expected {
                return Ok(true);
            }
        }
        // S3 says nothing that could be compared, or parts were cut in another way: read it.
        progress.say(&format!("reading {url}, to compare it"));
        let mut nowhere = std::io::sink();
        let (found, length) = self.read(key, &mut nowhere, |_| Ok(())).await?.unwrap_or_default();
        if found == *sha256 { Ok(true) } else { other(format!("{length} bytes, sha256 {found}")) }
    }

    /// An object's bytes, or `None` where it is not there.
    pub async fn get(&self, key: &str) -> Result<Option<Fetched>, Failure> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let Some(answer) = self.open(key).await? else { return Ok(None) };
            let etag = answer.e_tag().unwrap_or_default().to_owned();
            match answer.body.collect().await {
                Ok(body) => return Ok(Some(Fetched { bytes: body.to_vec(), etag })),
                Err(_) if attempt < ATTEMPTS => {}
                Err(error) => return Err(self.broken_off(key, &error)),
            }
        }
    }

    /// An object into a file, from its beginning. The digest and size of what was read, or `None`
    /// where it is not there.
    pub(super) async fn get_file(
        &self,
        key: &str,
        file: &mut File,
        path: &Path,
    ) -> Result<Option<(String, u64)>, Failure> {
        self.read(key, file, |file| file.rewind().and_then(|()| file.set_len(0))).await.map_err(|failure| {
            match failure {
                Failure::Io { error, .. } => Failure::io("write", path)(error),
                other => other,
            }
        })
    }

    async fn read<W: Write>(
        &self,
        key: &str,
        out: &mut W,
        restart: impl Fn(&mut W) -> std::io::Result<()>,
    ) -> Result<Option<(String, u64)>, Failure> {
        let io = |error| Failure::Io { tried: format!("can't keep {}", self.url(key)), error };
        let mut attempt = 0;
        'again: loop {
            attempt += 1;
            restart(out).map_err(io)?;
            let Some(mut answer) = self.open(key).await? else { return Ok(None) };
            let mut digest = FileDigest::default();
            while let Some(chunk) = answer.body.next().await {
                match chunk {
                    Ok(chunk) => {
                        digest.update(&chunk);
                        out.write_all(&chunk).map_err(io)?;
                    }
                    Err(_) if attempt < ATTEMPTS => continue 'again,
                    Err(error) => return Err(self.broken_off(key, &error)),
                }
            }
            return Ok(Some(digest.finish()));
        }
    }

    async fn open(
        &self,
        key: &str,
    ) -> Result<Option<aws_sdk_s3::operation::get_object::GetObjectOutput>, Failure> {
        match self.s3.get_object().bucket(&self.name).key(key).send().await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) => match Failure::aws(format!("read {}", self.url(key)), error) {
                Failure::Aws { why: Why::Missing, .. } => Ok(None),
                failure => Err(failure),
            },
        }
    }

    fn broken_off(&self, key: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
        Failure::Aws {
            tried: format!("read {}", self.url(key)),
            why: Why::NoAnswer,
            detail: format!("the body broke off: {}", causes(error)),
        }
    }

    /// Writes an object if it is still the one with that tag; with `None`, if there is none.
    /// Errors: [`Why::Changed`] where it is not.
    pub(super) async fn swap(&self, key: &str, bytes: &[u8], etag: Option<&str>) -> Result<(), Failure> {
        let request = self
            .s3
            .put_object()
            .bucket(&self.name)
            .key(key)
            .content_type("application/json")
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .checksum_sha256(digest::base64(&digest::of(bytes)))
            .body(ByteStream::from(bytes.to_vec()));
        let request = match etag {
            Some(etag) => request.if_match(etag),
            None => request.if_none_match("*"),
        };
        let sent = request.send().await;
        sent.map(drop).map_err(|error| Failure::aws(format!("write {}", self.url(key)), error))
    }

    /// The keys below a prefix, each with the time it was written, in seconds since 1970.
    pub(super) async fn keys(&self, prefix: &str) -> Result<Vec<(String, i64)>, Failure> {
        let mut keys = vec![];
        let mut pages = self.s3.list_objects_v2().bucket(&self.name).prefix(prefix).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Failure::aws(format!("list {}", self.url(prefix)), error))?;
            for object in page.contents() {
                let time = object.last_modified().map_or(0, aws_sdk_s3::primitives::DateTime::secs);
                keys.push((object.key().unwrap_or_default().to_owned(), time));
            }
        }
        Ok(keys)
    }
}
