//! One bucket: objects read whole, listed, replaced by compare-and-swap. `put` writes objects once.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumAlgorithm;
use catalog::FileDigest;

use super::aws_error::{AwsErrorKind, causes};
use super::digest;
use super::failure::Failure;
use super::object::StoredObject;

/// How often an object is read again when its body breaks off, or written again when it changes
/// meanwhile. The SDK's own retries cover requests, not these.
pub(super) const ATTEMPTS: u32 = 4;

/// A bucket.
pub struct Bucket {
    pub(super) s3: Client,
    /// Its name.
    pub name: String,
}

impl Bucket {
    pub(super) fn new(s3: Client, name: String) -> Self {
        Self { s3, name }
    }

    /// `s3://BUCKET/KEY`
    pub fn url(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.name)
    }

    /// Whether there is such a bucket, and the caller may use it.
    pub(crate) async fn exists(&self) -> Result<bool, Failure> {
        match self.s3.head_bucket().bucket(&self.name).send().await {
            Ok(_) => Ok(true),
            Err(error) => match Failure::aws(format!("look at s3://{}", self.name), error) {
                Failure::Aws { kind: AwsErrorKind::Missing | AwsErrorKind::NoBucket, .. } => Ok(false),
                failure => Err(failure),
            },
        }
    }

    /// An object's bytes, or `None` where there is no such object.
    pub async fn get(&self, key: &str) -> Result<Option<StoredObject>, Failure> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let Some(response) = self.open(key).await? else { return Ok(None) };
            let etag = response.e_tag().unwrap_or_default().to_owned();
            match response.body.collect().await {
                Ok(body) => return Ok(Some(StoredObject { bytes: body.to_vec(), etag })),
                Err(_) if attempt < ATTEMPTS => {}
                Err(error) => return Err(self.broken_off(key, &error)),
            }
        }
    }

    /// Reads an object into a file, from its beginning. The digest and size of what was read, or
    /// `None` where there is no such object.
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

    /// Reads an object into `out`, which `restart` empties when the body breaks off.
    pub(super) async fn read<W: Write>(
        &self,
        key: &str,
        out: &mut W,
        restart: impl Fn(&mut W) -> std::io::Result<()>,
    ) -> Result<Option<(String, u64)>, Failure> {
        let io = |error| Failure::Io { tried: format!("can't store {}", self.url(key)), error };
        let mut attempt = 0;
        'again: loop {
            attempt += 1;
            restart(out).map_err(io)?;
            let Some(mut response) = self.open(key).await? else { return Ok(None) };
            let mut digest = FileDigest::default();
            while let Some(chunk) = response.body.next().await {
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

    async fn open(&self, key: &str) -> Result<Option<GetObjectOutput>, Failure> {
        match self.s3.get_object().bucket(&self.name).key(key).send().await {
            Ok(response) => Ok(Some(response)),
            Err(error) => match Failure::aws(format!("read {}", self.url(key)), error) {
                Failure::Aws { kind: AwsErrorKind::Missing, .. } => Ok(None),
                failure => Err(failure),
            },
        }
    }

    fn broken_off(&self, key: &str, error: &(dyn std::error::Error + 'static)) -> Failure {
        Failure::Aws {
            tried: format!("read {}", self.url(key)),
            kind: AwsErrorKind::NoResponse,
            detail: format!("the body broke off: {}", causes(error)),
        }
    }

    /// Replaces the object that has this tag; with `None`, writes it if it is missing. Errors:
    /// [`AwsErrorKind::Changed`] where the object has another tag.
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

    /// Deletes an object. The bucket keeps what it was as an old version, for a time.
    pub(crate) async fn delete(&self, key: &str) -> Result<(), Failure> {
        let sent = self.s3.delete_object().bucket(&self.name).key(key).send().await;
        sent.map(drop).map_err(|error| Failure::aws(format!("delete {}", self.url(key)), error))
    }

    /// The keys with a prefix, each with the time it was written, in seconds since 1970.
    pub(crate) async fn keys(&self, prefix: &str) -> Result<Vec<(String, i64)>, Failure> {
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
