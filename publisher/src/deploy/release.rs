//! What to apply: the release's first apply, its second, and the way back.

use std::path::Path;

use serde::Serialize;

use super::Function;
use crate::store::{Bucket, Failure, Record, record, resolve};
use crate::terraform::{Versions, write_live, write_release};

/// What `prepare` wrote.
#[derive(Debug, Serialize)]
pub struct Prepared {
    /// The release's id.
    pub release: String,
    /// What is live, and stays so in the apply that follows.
    pub live_version: Versions,
}

/// What `promote` wrote.
#[derive(Debug, Serialize)]
pub struct Promoted {
    /// The release's id.
    pub release: String,
    /// What the apply that follows makes live.
    pub live_version: Versions,
    /// What is live before it; a region where nothing is, is not in it.
    pub before: Versions,
}

/// What `roll_back` wrote.
#[derive(Debug, Serialize)]
pub struct RolledBack {
    /// The release to go back to.
    pub release: String,
    /// `live`: its versions are there, and one apply makes them live. `candidate`: its package has to
    /// be published as a new version first, and goes the way of a release.
    pub apply: &'static str,
    /// What the apply that follows makes or leaves live.
    pub live_version: Versions,
    /// What is live before it.
    pub before: Versions,
}

/// Writes the variables of the first apply: the new release, and what is live as it is.
pub async fn prepare(
    bucket: &Bucket,
    functions: &[Function],
    name: &str,
    directory: &Path,
) -> Result<Prepared, Failure> {
    let (id, record) = find(bucket, name).await?;
    let live_version = live(functions).await?;
    write_live(directory, &live_version)?;
    write_release(directory, &id, &record)?;
    Ok(Prepared { release: id, live_version })
}

/// Writes the variables of the second apply: the candidate, which must be that release, live.
pub async fn promote(
    bucket: &Bucket,
    functions: &[Function],
    name: &str,
    directory: &Path,
) -> Result<Promoted, Failure> {
    let (id, record) = find(bucket, name).await?;
    let mut live_version = Versions::new();
    for function in functions {
        live_version.insert(function.region.clone(), function.candidate(&id, &record).await?);
    }
    let before = live(functions).await?;
    write_live(directory, &live_version)?;
    Ok(Promoted { release: id, live_version, before })
}

/// Writes the variables that lead back to a release.
pub async fn roll_back(
    bucket: &Bucket,
    functions: &[Function],
    name: &str,
    directory: &Path,
) -> Result<RolledBack, Failure> {
    let (id, record) = find(bucket, name).await?;
    let before = live(functions).await?;
    if let Some(there) = there(functions, &record).await? {
        write_live(directory, &there)?;
        return Ok(RolledBack { release: id, apply: "live", live_version: there, before });
    }
    write_live(directory, &before)?;
    write_release(directory, &id, &record)?;
    Ok(RolledBack { release: id, apply: "candidate", live_version: before.clone(), before })
}

/// The versions that are a release; `None` where a region has none.
pub(super) async fn there(functions: &[Function], record: &Record) -> Result<Option<Versions>, Failure> {
    let mut there = Versions::new();
    for function in functions {
        let Some(version) = function.version_of(record).await? else { return Ok(None) };
        there.insert(function.region.clone(), version);
    }
    Ok(Some(there))
}

/// The release that a name stands for.
pub(super) async fn find(bucket: &Bucket, name: &str) -> Result<(String, Record), Failure> {
    let id = resolve(bucket, name).await?;
    let record = record(bucket, &id).await?;
    Ok((id, record))
}

/// The version that alias `live` points to, by region.
pub(super) async fn live(functions: &[Function]) -> Result<Versions, Failure> {
    let mut versions = Versions::new();
    for function in functions {
        if let Some(version) = function.alias("live").await? {
            versions.insert(function.region.clone(), version);
        }
    }
    Ok(versions)
}
