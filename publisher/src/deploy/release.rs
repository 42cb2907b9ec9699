//! A release as it is stored in S3, read once for all steps of a run.

use crate::store::{Bucket, Failure, ReleaseRecord, fetch_record, resolve};

/// A release.
#[derive(Debug, Clone)]
pub struct Release {
    /// Its id.
    pub id: String,
    /// Its record.
    pub record: ReleaseRecord,
}

impl Release {
    /// The release with that name: an id, `live` or `previous`. Errors: there isn't one.
    pub async fn find(bucket: &Bucket, name: &str) -> Result<Self, Failure> {
        let id = resolve(bucket, name).await?;
        let record = fetch_record(bucket, &id).await?;
        Ok(Self { id, record })
    }
}
