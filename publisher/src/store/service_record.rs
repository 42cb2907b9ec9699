//! `service.json`: where the service is, as `terraform/service` writes it into the first bucket.
//!
//! Releases read no state of Terraform's but their own, so this is how they find the API.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::bucket::Bucket;
use super::failure::Failure;

/// Its key.
const KEY: &str = "service.json";

/// The version of the record's layout.
const FORMAT: u32 = 1;

/// Where the service is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRecord {
    /// The layout: 1.
    pub format: u32,
    /// Each region's own address, bypassing CDN and domain.
    pub api_urls: BTreeMap<String, String>,
    /// The public address.
    pub url: String,
    /// The CloudFront distribution, if there is one.
    pub distribution_id: Option<String>,
}

impl ServiceRecord {
    /// The record. `apply` is the command that writes it. Errors: it is absent or invalid.
    pub async fn load(bucket: &Bucket, apply: &str) -> Result<Self, Failure> {
        let url = bucket.url(KEY);
        let Some(fetched) = bucket.get(KEY).await? else {
            return Err(Failure::refused(
                format!("the API's address is unknown: {url} does not exist"),
                format!("{apply}, which creates the API and writes that object; or pass `--url URL`"),
            ));
        };
        let refused = |why: String| Failure::refused(format!("{url} can't be used: {why}"), apply);
        let record: Self =
            serde_json::from_slice(&fetched.bytes).map_err(|error| refused(error.to_string()))?;
        if record.format != FORMAT {
            return Err(refused(format!(
                "it has format {}, and this program reads format {FORMAT}",
                record.format
            )));
        }
        Ok(record)
    }

    /// The addresses to query: each region's own, then the public one where it differs.
    pub fn urls(&self) -> Vec<String> {
        let mut urls: Vec<String> = self.api_urls.values().cloned().collect();
        if !urls.contains(&self.url) {
            urls.push(self.url.clone());
        }
        urls
    }
}
