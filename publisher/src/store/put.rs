//! Objects written once: S3 refuses to overwrite them, and what exists must have the same bytes.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode};

use super::aws_error::AwsErrorKind;
use super::bucket::{ATTEMPTS, Bucket};
use super::digest;
use super::failure::Failure;
use super::multipart::{self, PART};
use super::object::{Body, Object, PutOutcome};
use builder::count::grouped;
use builder::progress::Progress;

impl Bucket {
    /// Writes an object that must be missing, or have the same bytes. S3 computes the digest itself
    /// and accepts no other bytes.
    pub(super) async fn put_once(
        &self,
        object: &Object<'_>,
        progress: &Progress,
    ) -> Result<PutOutcome, Failure> {
        let url = self.url(&object.key);
        let mut attempt = 0;
        loop {
            attempt += 1;
            if self.holds(object, progress).await? {
                return Ok(PutOutcome::Unchanged);
            }
            progress.say(&format!("writing {url}, {} bytes", grouped(object.bytes)));
            let written = match object.body {
                Body::File(path) if object.bytes > PART => multipart::put(self, object, path, progress).await,
                _ => self.put(object).await,
            };
            match written {
                Ok(()) => return Ok(PutOutcome::Written),
                // Another run was faster, or this is a retry of a request that had worked: check again.
                Err(Failure::Aws { kind: AwsErrorKind::Changed, .. }) if attempt < ATTEMPTS => {}
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

    /// Whether the object exists. Errors: other bytes are stored under its key.
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
            Err(error) => match Failure::aws(format!("inspect {url}"), error) {
                Failure::Aws { kind: AwsErrorKind::Missing, .. } => return Ok(false),
                failure => return Err(failure),
            },
        };
        let other = |found: String| {
            Err(Failure::refused(
                format!(
                    "{url} does not hold the bytes that its name says: {found}, not {bytes} bytes, sha256 {sha256}"
                ),
                "only `publisher` may write there; look at the object's versions, remove the wrong ones, and run the \
                 same command again",
            ))
        };
        let length = head.content_length().unwrap_or_default();
        if length != i64::try_from(*bytes).unwrap_or(i64::MAX) {
            return other(format!("{length} bytes"));
        }
        if let Some(checksum) = head.checksum_sha256() {
            let expected = match object.body {
                Body::File(path) if checksum.contains('-') => digest::composite(&multipart::parts(path)?),
                _ => digest::base64(sha256),
            };
            if checksum == expected {
                return Ok(true);
            }
        }
        // S3 has no digest to compare, or one over parts of another size: read the object.
        progress.say(&format!("reading {url}, to compare it"));
        let (found, length) = self.read(key, &mut std::io::sink(), |_| Ok(())).await?.unwrap_or_default();
        if found == *sha256 { Ok(true) } else { other(format!("{length} bytes, sha256 {found}")) }
    }
}
