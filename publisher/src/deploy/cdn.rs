//! CloudFront's cache, which is emptied when another release is live: it keeps answers for as long as the
//! reader's Cache-Control says.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cloudfront::Client;
use aws_sdk_cloudfront::types::{InvalidationBatch, Paths};
use serde::Serialize;

use super::driver::Driver;
use crate::store::{Failure, Session};

/// CloudFront.
pub struct Cdn(Client);

/// A cache that was emptied, or not.
#[derive(Debug, Serialize)]
struct Invalidated {
    /// The distribution.
    distribution: String,
    /// Why it was not.
    problems: Vec<String>,
}

impl Cdn {
    /// CloudFront with the session's credentials.
    pub fn new(session: &Session) -> Self {
        Self(session.cloudfront())
    }

    /// Asks for all paths of a distribution to be dropped from its cache, which takes CloudFront some minutes at
    /// most.
    async fn invalidate(&self, distribution: &str, release: &str) -> Result<(), Failure> {
        // A reference that was used before means that request again, and does nothing.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let paths = Paths::builder().quantity(1).items("/*").build();
        let batch = paths.and_then(|paths| {
            InvalidationBatch::builder().paths(paths).caller_reference(format!("{release}-{now}")).build()
        });
        let batch =
            batch.map_err(|error| Failure::refused(error.to_string(), "this is a fault of publisher"))?;
        let request = self.0.create_invalidation().distribution_id(distribution).invalidation_batch(batch);
        let tried = format!("empty the cache of CloudFront distribution {distribution}");
        request.send().await.map(drop).map_err(|error| Failure::aws(tried, error))
    }
}

impl Driver<'_> {
    /// Empties the cache of the CDN, if there is one. The release is live and verified, so a failure undoes nothing.
    pub(super) async fn empty_cache(&mut self, release: &str) {
        let distribution = match self.addresses.distribution(&self.bucket).await {
            Ok(Some(distribution)) => distribution.to_owned(),
            Ok(None) => return,
            // Only with `--url`: without it, the release would have ended where the addresses were needed.
            Err(failure) => {
                let why = failure.with_causes();
                self.reporter.note(&format!("note: if there is a CDN, its cache was not emptied: {why}"));
                return;
            }
        };
        let failure = self.cdn.invalidate(&distribution, release).await.err();
        let problems = failure.iter().map(Failure::with_causes).collect();
        let invalidated = Invalidated { distribution, problems };
        if self.step_ended("invalidate", &invalidated, &invalidated.problems).is_err() {
            self.reporter.note(&format!(
                "note: CloudFront may serve the release before for as long as Cache-Control says\n  help: aws \
                 cloudfront create-invalidation --distribution-id {} --paths '/*'",
                invalidated.distribution
            ));
        }
    }
}
