//! The versions that were published before.

use std::path::{Path, PathBuf};

use crate::descriptor::Dataset;
use crate::diff::{Side, gate};
use crate::failure::Failure;
use crate::progress::Progress;

/// Knows what published versions held, from a release's own change feed.
pub struct Published<'s> {
    _datasets: PathBuf,
    release: &'s Side,
}

impl<'s> Published<'s> {
    /// What `release` knows.
    pub fn new(datasets: &Path, release: &'s Side) -> Self {
        Self { _datasets: datasets.to_owned(), release }
    }

    /// What is known of a version of a dataset: several entries where it held several things.
    pub fn find(
        &self,
        dataset: &Dataset,
        version: &str,
        _progress: &Progress,
    ) -> Result<Vec<gate::Published>, Failure> {
        let names = self.release.datasets.iter().map(|(name, _)| name);
        let of = names.zip(&self.release.versions).find(|(name, _)| **name == dataset.name);
        let recorded = of.into_iter().flat_map(|(_, versions)| versions);
        Ok(recorded
            .filter(|other| other.version.as_deref() == Some(version))
            .map(|other| gate::Published {
                version: version.to_owned(),
                digest: other.digest.clone(),
                commit: other.commit.clone(),
            })
            .collect())
    }
}
