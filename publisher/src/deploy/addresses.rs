//! The addresses that a run queries.

use std::path::PathBuf;

use crate::store::{Bucket, Failure, SERVICE_ROOT, ServiceRecord};

/// The API's addresses: those that were given, otherwise those of the service's record in S3, read once.
pub struct Addresses {
    given: Vec<String>,
    roots: PathBuf,
    record: Option<ServiceRecord>,
}

impl Addresses {
    /// `given` takes precedence; `roots` is the directory of Terraform's roots, for messages.
    pub fn new(given: Vec<String>, roots: PathBuf) -> Self {
        Self { given, roots, record: None }
    }

    /// The directory of Terraform's roots.
    pub fn roots(&self) -> &std::path::Path {
        &self.roots
    }

    /// The addresses. Errors: none were given, and the service has no record.
    pub async fn urls(&mut self, bucket: &Bucket) -> Result<Vec<String>, Failure> {
        if !self.given.is_empty() {
            return Ok(self.given.clone());
        }
        if let Some(record) = &self.record {
            return Ok(record.urls());
        }
        let apply = format!("run `terraform -chdir={}/{SERVICE_ROOT} apply`", self.roots.display());
        let record = ServiceRecord::load(bucket, &apply).await?;
        Ok(self.record.insert(record).urls())
    }

    /// The CloudFront distribution in front of them, if the record was read and has one.
    pub fn distribution(&self) -> Option<&str> {
        self.record.as_ref()?.distribution_id.as_deref()
    }
}
