//! The addresses that a run queries.

use std::path::PathBuf;

use crate::store::{Bucket, Failure, SERVICE_ROOT, ServiceRecord};

/// The API's addresses: those that were given, otherwise those of the service's record in S3, which is read once.
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
        Ok(self.record(bucket).await?.urls())
    }

    /// The CloudFront distribution in front of the API, if there is one. Errors: the service has no record.
    pub async fn distribution(&mut self, bucket: &Bucket) -> Result<Option<&str>, Failure> {
        Ok(self.record(bucket).await?.distribution_id.as_deref())
    }

    async fn record(&mut self, bucket: &Bucket) -> Result<&ServiceRecord, Failure> {
        let apply = format!("run `terraform -chdir={}/{SERVICE_ROOT} apply`", self.roots.display());
        match &mut self.record {
            Some(record) => Ok(record),
            absent => Ok(absent.insert(ServiceRecord::load(bucket, &apply).await?)),
        }
    }
}
