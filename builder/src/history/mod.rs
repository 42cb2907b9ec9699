//! Git -> change feed: which rows were added, removed and changed by which version of a dataset.
//!
//! `version_walk` finds the commits in which a dataset changed, `revision` builds the dataset as one of
//! them had it, `delta` compares two of those, `feed` decides which commits are versions and writes
//! the changes between them. The feed is a pure function of the repository's first-parent history:
//! `cache` spares reading, and changes nothing.
//!
//! Deliberately absent: what is not committed; a rename, of a column or of a directory, which is
//! never guessed; references to other datasets, which in the past are not followed.

mod cache;
mod consistent;
mod delta;
mod feed;
mod notes;
mod published;
mod revision;
mod row_changes;
mod row_order;
mod version_walk;
mod versions_restored;

use std::path::{Path, PathBuf};

use catalog::{HistoryTree, ManifestHistory};
use rusqlite::Connection;

pub(crate) use cache::Cache;
pub(crate) use consistent::mismatches;
pub use notes::{LeftOut, Notes};
pub use published::PublishedVersions;

use crate::failure::Failure;
use crate::git::{GitError, Repository};
use crate::progress::Progress;
use datapackage::schema::Dataset;

/// What the manifest says of the versions of these datasets. Errors: the feed can't be read.
pub(crate) fn summary<'n>(
    connection: &Connection,
    datasets: impl IntoIterator<Item = &'n str>,
) -> rusqlite::Result<Option<ManifestHistory>> {
    let versions = |name: &'n str| Ok((name, catalog::versions(connection, name)?));
    let datasets: Vec<_> = datasets.into_iter().map(versions).collect::<rusqlite::Result<_>>()?;
    let datasets = datasets.iter().map(|(name, versions)| (*name, versions.as_slice()));
    Ok(HistoryTree::read(connection, datasets)?.as_ref().and_then(HistoryTree::summary))
}

/// How many versions of a dataset a release covers by default.
pub const VERSIONS: usize = 50;

/// How the history is read.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many versions of each dataset have their changes in the feed, from 1.
    pub versions: usize,
    /// Where what was read is kept; `None` keeps nothing.
    pub cache: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { versions: VERSIONS, cache: default_cache() }
    }
}

/// `coldpress` in the user's cache directory (XDG Base Directory Specification).
pub fn default_cache() -> Option<PathBuf> {
    let directory = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = directory("XDG_CACHE_HOME").or_else(|| directory("HOME").map(|home| home.join(".cache")));
    base.map(|base| base.join("coldpress"))
}

/// Writes the feed of all `datasets`, in the directory `root`, into the database that
/// their tables are in. Returns why there is no feed, and what it leaves out.
/// Errors: the clone is shallow, or Git can't read the repository.
pub(crate) fn write(
    connection: &Connection,
    root: &Path,
    datasets: &[Dataset],
    options: &Options,
    progress: &Progress,
) -> Result<Notes, Failure> {
    let without = |reason: GitError| Ok(Notes { without_feed: Some(reason.to_string()), ..Notes::default() });
    let repository = match Repository::of(root) {
        Ok(repository) => repository,
        Err(error @ (GitError::Absent(_) | GitError::NoRepository(_))) => return without(error),
        Err(error) => return Err(error.into()),
    };
    match repository.commit("HEAD") {
        Ok(_) => {}
        Err(error @ GitError::NoCommit) => return without(error),
        Err(error) => return Err(error.into()),
    }
    if repository.is_shallow()? {
        return Err(Failure::Refused(
            "the clone is shallow, but the change feed needs the history; get it with `git fetch \
             --unshallow` (for actions/checkout: `fetch-depth: 0`), or build with `--no-history`"
                .into(),
        ));
    }
    let cache = Cache::open(options.cache.as_deref());
    let mut notes = Notes::default();
    let mut writer = feed::Writer::new(connection)?;
    let mut revisions = revision::Revisions::new(&repository, &cache)?;
    let commits = revisions.commits("HEAD")?;
    for dataset in datasets {
        progress.step(&format!("reading the history of {}", dataset.name));
        feed::dataset(
            dataset,
            &commits,
            options.versions,
            &mut revisions,
            &mut writer,
            &mut notes,
            progress,
        )?;
    }
    writer.finish()?;
    notes.uncached = cache.complaint();
    Ok(notes)
}
