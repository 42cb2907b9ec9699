//! The variables of Terraform's applies: a release's first, its second, and a rollback's.

use std::path::Path;

use serde::Serialize;

use futures_util::future::try_join_all;

use super::function::Function;
use super::release::Release;
use crate::store::channel::Channel;
use crate::store::{Bucket, Failure, ReleaseRecord};
use crate::terraform::{Versions, write_live, write_release};

/// The variables that `prepare` wrote.
#[derive(Debug, Serialize)]
pub struct Prepared {
    /// The release's id.
    pub release: String,
    /// What is live, and stays live in the apply that follows.
    pub live_version: Versions,
}

/// The variables that `promote` wrote.
#[derive(Debug, Serialize)]
pub struct Promoted {
    /// The release's id.
    pub release: String,
    /// What the apply that follows makes live.
    pub live_version: Versions,
    /// What is live before it; without regions where nothing is.
    pub before: Versions,
}

/// The variables that `roll_back` wrote.
#[derive(Debug, Serialize)]
pub struct RolledBack {
    /// The release to go back to.
    pub release: String,
    /// `live`: Lambda still has its versions, and the second apply makes them live. `candidate`: its
    /// package has to be published as a new version first, from the first apply on.
    pub apply: &'static str,
    /// What is live after the apply that follows.
    pub live_version: Versions,
    /// What is live before it.
    pub before: Versions,
}

/// Writes the variables of the first apply: the new release, and the live versions unchanged.
pub async fn prepare(
    functions: &[Function],
    release: &Release,
    directory: &Path,
) -> Result<Prepared, Failure> {
    let live_version = live_versions(functions).await?;
    write_live(directory, &live_version)?;
    write_release(directory, &release.id, &release.record)?;
    Ok(Prepared { release: release.id.clone(), live_version })
}

/// Writes the variables of the second apply: the candidate, which must run that release, goes live.
pub async fn promote(
    functions: &[Function],
    release: &Release,
    directory: &Path,
) -> Result<Promoted, Failure> {
    let candidates = functions.iter().map(|function| async {
        Ok::<_, Failure>((function.region.clone(), function.candidate(&release.id, &release.record).await?))
    });
    let candidates = try_join_all(candidates).await?.into_iter().collect();
    promote_versions(functions, release, candidates, directory).await
}

/// The same for versions that are known to run the release.
pub(super) async fn promote_versions(
    functions: &[Function],
    release: &Release,
    live_version: Versions,
    directory: &Path,
) -> Result<Promoted, Failure> {
    let before = live_versions(functions).await?;
    write_live(directory, &live_version)?;
    Ok(Promoted { release: release.id.clone(), live_version, before })
}

/// Writes the variables of a rollback to a release.
pub async fn roll_back(
    bucket: &Bucket,
    functions: &[Function],
    name: &str,
    directory: &Path,
) -> Result<RolledBack, Failure> {
    let Release { id, record } = Release::find(bucket, name).await?;
    let before = live_versions(functions).await?;
    let recorded = Channel::load(bucket).await?.map(|(channel, _)| channel);
    let recorded = recorded.as_ref().and_then(|channel| channel.entry(&id)).map(|entry| &entry.versions);
    if let Some(running) = versions_running(functions, &record, recorded).await? {
        write_live(directory, &running)?;
        return Ok(RolledBack { release: id, apply: "live", live_version: running, before });
    }
    write_live(directory, &before)?;
    write_release(directory, &id, &record)?;
    Ok(RolledBack { release: id, apply: "candidate", live_version: before.clone(), before })
}

/// The versions that run a release, by region, preferably those that were `recorded` as its own: others may have
/// other settings. `None` if a region has none.
pub(super) async fn versions_running(
    functions: &[Function],
    record: &ReleaseRecord,
    recorded: Option<&Versions>,
) -> Result<Option<Versions>, Failure> {
    let mut versions = Versions::new();
    for function in functions {
        let preferred = recorded.and_then(|versions| versions.get(&function.region)).copied();
        let Some(version) = function.version_of(record, preferred).await? else { return Ok(None) };
        versions.insert(function.region.clone(), version);
    }
    Ok(Some(versions))
}

/// The version that alias `live` points to, by region.
pub(super) async fn live_versions(functions: &[Function]) -> Result<Versions, Failure> {
    let aliases = try_join_all(functions.iter().map(|function| function.alias("live"))).await?;
    let regions = functions.iter().map(|function| function.region.clone());
    Ok(regions.zip(aliases).filter_map(|(region, version)| Some((region, version?))).collect())
}
