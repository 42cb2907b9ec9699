//! A large file, uploaded in parts.
//!
//! The last request, which carries `If-None-Match: *`, creates the object; nothing is visible before
//! it. Parts that a killed upload leaves behind cost money until the bucket's lifecycle rule removes
//! them (terraform/bootstrap/buckets.tf, two days).

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};

use super::aws_error::AwsErrorKind;
use super::bucket::Bucket;
use super::digest;
use super::failure::Failure;
use super::object::Object;
use builder::count::grouped;
use builder::progress::Progress;

/// A part's size in bytes, and the largest object that is sent in one request: a minute over a slow
/// line, and 16 parts for the largest release that Lambda accepts. S3 requires at least 5 MiB.
pub(super) const PART: u64 = 16 * 1024 * 1024;

/// The digests of a file's parts.
pub(super) fn parts(path: &Path) -> Result<Vec<String>, Failure> {
    let mut file = File::open(path).map_err(Failure::io("read", path))?;
    let mut digests = vec![];
    loop {
        let part = next(&mut file, path)?;
        if part.is_empty() {
            return Ok(digests);
        }
        digests.push(digest::of(&part));
    }
}

fn next(file: &mut File, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut part = vec![];
    file.take(PART).read_to_end(&mut part).map_err(Failure::io("read", path))?;
    Ok(part)
}

/// Writes the object from the file at `path`. Errors: nothing was written.
pub(super) async fn put(
    bucket: &Bucket,
    object: &Object<'_>,
    path: &Path,
    progress: &Progress,
) -> Result<(), Failure> {
    let tried = format!("write {}", bucket.url(&object.key));
    let created = bucket
        .s3
        .create_multipart_upload()
        .bucket(&bucket.name)
        .key(&object.key)
        .checksum_algorithm(ChecksumAlgorithm::Sha256)
        .send()
        .await
        .map_err(|error| Failure::aws(&tried, error))?;
    let upload = created.upload_id().unwrap_or_default();
    let outcome = send(bucket, object, path, upload, progress).await;
    if outcome.is_err() {
        // Where this fails too, the lifecycle rule cleans up; the first failure is the one to report.
        let abort =
            bucket.s3.abort_multipart_upload().bucket(&bucket.name).key(&object.key).upload_id(upload);
        let _ = abort.send().await;
    }
    outcome
}

async fn send(
    bucket: &Bucket,
    object: &Object<'_>,
    path: &Path,
    upload: &str,
    progress: &Progress,
) -> Result<(), Failure> {
    let tried = format!("write {}", bucket.url(&object.key));
    let mut file = File::open(path).map_err(Failure::io("read", path))?;
    let mut completed = vec![];
    let mut whole = catalog::FileDigest::default();
    for number in 1.. {
        let part = next(&mut file, path)?;
        if part.is_empty() {
            break;
        }
        whole.update(&part);
        let checksum = digest::base64(&digest::of(&part));
        let sent = bucket
            .s3
            .upload_part()
            .bucket(&bucket.name)
            .key(&object.key)
            .upload_id(upload)
            .part_number(number)
            .checksum_sha256(&checksum)
            .body(ByteStream::from(part))
            .send()
            .await
            .map_err(|error| Failure::aws(&tried, error))?;
        completed.push(
            CompletedPart::builder()
                .part_number(number)
                .set_e_tag(sent.e_tag().map(ToOwned::to_owned))
                .checksum_sha256(checksum)
                .build(),
        );
        let done = file.stream_position().map_err(Failure::io("read", path))?;
        progress.long_step(&format!(
            "writing {}, {} of {} bytes",
            bucket.url(&object.key),
            grouped(done),
            grouped(object.bytes)
        ));
    }
    // S3 knows the parts' digests, but not the whole file's: it is compared here, before an object
    // of that name exists.
    if whole.finish() != (object.sha256.clone(), object.bytes) {
        return Err(Failure::refused(
            format!("`{}` changed during the upload", path.display()),
            "make sure that nothing writes to it, and run the same command again",
        ));
    }
    let parts = CompletedMultipartUpload::builder().set_parts(Some(completed)).build();
    let complete = bucket
        .s3
        .complete_multipart_upload()
        .bucket(&bucket.name)
        .key(&object.key)
        .upload_id(upload)
        .multipart_upload(parts)
        .if_none_match("*")
        .send()
        .await;
    match complete.map_err(|error| Failure::aws(&tried, error)) {
        Ok(_) => Ok(()),
        // The upload is gone: a retry of a completion that had worked. The caller checks again.
        Err(Failure::Aws { kind: AwsErrorKind::Missing, detail, .. }) => {
            Err(Failure::Aws { tried, kind: AwsErrorKind::Changed, detail })
        }
        Err(failure) => Err(failure),
    }
}
