//! The versions that were published before, and what they held.

use std::path::{Path, PathBuf};

use super::revision::Revisions;
use super::version_walk::VersionWalk;
use super::{Cache, default_cache};
use crate::diff::{ReleaseRef, gate};
use crate::failure::Failure;
use crate::git::Repository;
use crate::progress::Progress;
use datapackage::schema::Dataset;

/// Knows what versions held: from a release's own change feed, from the first-parent history of
/// its commit, and from tags. The branch that is checked does not count: until it is merged, a
/// version may change there from commit to commit.
pub struct PublishedVersions<'s> {
    datasets: PathBuf,
    release: &'s ReleaseRef,
    cache: Cache,
}

impl<'s> PublishedVersions<'s> {
    /// What was published up to `release`, and what is tagged in the repository that holds the
    /// directory `datasets`.
    pub fn new(datasets: &Path, release: &'s ReleaseRef) -> Self {
        let cache = Cache::open(default_cache().as_deref());
        Self { datasets: datasets.to_owned(), release, cache }
    }

    /// What is known of a version of a dataset: several entries where it held several things.
    /// Without Git, or with a part of its history, the answer is what the release reports. Errors: Git
    /// can't read the repository.
    pub fn find(
        &self,
        dataset: &Dataset,
        version: &str,
        progress: &Progress,
    ) -> Result<Vec<gate::PublishedVersion>, Failure> {
        progress.step(&format!("looking for {version} of {}", dataset.name));
        let names = self.release.datasets.iter().map(|(name, _)| name);
        let of = names.zip(&self.release.versions).find(|(name, _)| **name == dataset.name);
        let recorded = of.into_iter().flat_map(|(_, versions)| versions);
        let mut known: Vec<gate::PublishedVersion> = recorded
            .filter(|other| other.version.as_deref() == Some(version))
            .map(|other| published(version, &other.digest, &other.commit))
            .collect();
        let Ok(repository) = Repository::of(&self.datasets) else { return Ok(known) };
        if repository.is_shallow()? {
            return Ok(known);
        }
        let directory = dataset.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let mut revisions = Revisions::new(&repository, &self.cache)?;
        // A release may come from a commit that this clone does not have.
        let commit = self.release.commit.as_deref().and_then(|commit| repository.commit(commit).ok());
        if let Some(commit) = commit {
            let commits = revisions.commits(&commit)?;
            let all =
                VersionWalk::new(directory, &commits, &mut revisions)?.all_of(version, &mut revisions)?;
            known
                .extend(all.iter().map(|found| published(version, &found.digest, &found.revision.commit.id)));
        }
        for tagged in repository.tagged()? {
            // A tag may name something else than a commit.
            let Ok(commit) = revisions.commit(&tagged) else { continue };
            let commit = [commit];
            let all =
                VersionWalk::new(directory, &commit, &mut revisions)?.all_of(version, &mut revisions)?;
            known.extend(all.iter().map(|found| published(version, &found.digest, &tagged)));
        }
        Ok(known)
    }
}

fn published(version: &str, digest: &str, commit: &str) -> gate::PublishedVersion {
    gate::PublishedVersion {
        version: version.to_owned(),
        digest: digest.to_owned(),
        commit: commit.to_owned(),
    }
}
