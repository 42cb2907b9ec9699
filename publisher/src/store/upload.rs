//! A release uploaded to every bucket of a target.

use serde::Serialize;

use super::bucket::Bucket;
use super::failure::Failure;
use super::local_release::LocalRelease;
use super::object::{Object, PutOutcome};
use super::record::{Artifact, ReleaseRecord};
use super::session::Session;
use super::target::Target;
use builder::progress::Progress;

/// The release that was uploaded.
#[derive(Debug, Serialize)]
pub struct Uploaded {
    /// The release's id.
    pub release: String,
    /// The processor that its package runs on, as Lambda names it.
    pub architecture: String,
    /// The package.
    pub reader: Artifact,
    /// The database.
    pub database: Artifact,
    /// Whether the record is stored too; false with `artifacts_only`.
    pub recorded: bool,
    /// The objects that were missing before, as `s3://BUCKET/KEY`.
    pub written: Vec<String>,
    /// The objects that existed with the same bytes.
    pub unchanged: Vec<String>,
}

/// Uploads a release to every bucket of `target`: first all files to all buckets, then the records,
/// the first bucket's last, since the channel is there. It can be run again after any interruption.
/// `artifacts_only` leaves the record to a later run, for a role that may not write it.
pub async fn upload(
    session: &Session,
    target: &Target,
    local: &LocalRelease,
    artifacts_only: bool,
    progress: &Progress,
) -> Result<Uploaded, Failure> {
    let LocalRelease { record, database, package } = local;
    let buckets =
        target.locations.iter().map(|location| session.bucket(location)).collect::<Result<Vec<_>, _>>()?;
    let id = record.id();
    let mut uploaded = Uploaded {
        release: id.clone(),
        architecture: record.architecture.clone(),
        reader: record.reader.clone(),
        database: record.database.clone(),
        recorded: !artifacts_only,
        written: vec![],
        unchanged: vec![],
    };
    for bucket in &buckets {
        for (key, artifact, path) in [
            (record.database_key(), &record.database, database),
            (record.reader_key(), &record.reader, package),
        ] {
            let object = Object::file(key, artifact, path);
            uploaded.add(bucket, &object.key, bucket.put_once(&object, progress).await?);
        }
    }
    if !artifacts_only {
        let bytes = record.to_bytes();
        for bucket in buckets.iter().rev() {
            let object = Object::bytes(ReleaseRecord::key(&id), &bytes);
            uploaded.add(bucket, &object.key, bucket.put_once(&object, progress).await?);
        }
    }
    Ok(uploaded)
}

impl Uploaded {
    fn add(&mut self, bucket: &Bucket, key: &str, outcome: PutOutcome) {
        let list = match outcome {
            PutOutcome::Written => &mut self.written,
            PutOutcome::Unchanged => &mut self.unchanged,
        };
        list.push(bucket.url(key));
    }
}
