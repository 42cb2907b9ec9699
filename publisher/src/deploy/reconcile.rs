//! Compares what is served with the alias, Terraform's state and the channel, and prepares the
//! rollback to the release that was verified last.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::addresses::Addresses;
use super::function::Function;
use super::release::Release;
use super::variables::{RolledBack, live_versions, roll_back};
use super::verify::{ANSWERS, Retries, live_mismatch, recorded_mismatch, verify};
use crate::store::channel::{Channel, LIVE};
use crate::store::{Bucket, Failure};
use crate::terraform::Versions;

/// The result of a comparison.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The release that was verified last, which the channel names; `None` before the first.
    pub release: Option<String>,
    /// What is live.
    pub live_version: Versions,
    /// The differences; empty if there are none.
    pub problems: Vec<String>,
    /// The variables that were written to go back to that release, if requested and needed.
    pub repair: Option<RolledBack>,
}

/// Compares; on a difference, if `repair` names the root that a release applies, writes the variables that lead
/// back to the verified release there. `state` is what is live according to Terraform's state, if known.
pub async fn compare(
    bucket: &Bucket,
    functions: &[Function],
    addresses: &mut Addresses,
    retries: Retries,
    state: Option<&Versions>,
    repair: Option<&Path>,
) -> Result<Comparison, Failure> {
    let live_version = live_versions(functions).await?;
    let mut problems = vec![];
    for function in functions {
        problems.extend(state.and_then(|state| state_mismatch(&function.region, state, &live_version)));
    }
    let Some((channel, _)) = Channel::load(bucket).await? else {
        if !live_version.is_empty() {
            problems.push("a version is live, but no release was ever verified: there is no channel".into());
        }
        return Ok(Comparison { release: None, live_version, problems, repair: None });
    };
    let urls = addresses.urls(bucket).await?;
    let release = Release::find(bucket, &channel.current).await?;
    let mut other_packages = vec![];
    for function in functions {
        other_packages.extend(live_mismatch(function, &live_version, &release).await?);
    }
    if let (true, Some(entry)) = (other_packages.is_empty(), channel.history.first()) {
        problems.extend(recorded_mismatch(&live_version, &entry.versions));
    }
    problems.extend(other_packages);
    // A difference that Lambda itself reports does not go away while an alias's move spreads.
    let retries =
        if problems.is_empty() { retries } else { Retries { tries: ANSWERS, pause: Duration::ZERO } };
    problems.extend(verify(&release, &urls, retries).await.problems);
    let repair = match repair {
        Some(directory) if !problems.is_empty() => Some(roll_back(bucket, functions, LIVE, directory).await?),
        _ => None,
    };
    Ok(Comparison { release: Some(channel.current), live_version, problems, repair })
}

/// How Terraform's state and Lambda differ about the live version, if they do.
fn state_mismatch(region: &str, state: &Versions, live: &Versions) -> Option<String> {
    let (recorded, found) = (state.get(region), live.get(region));
    let describe =
        |version: Option<&u64>| version.map_or("nothing".into(), |version| format!("version {version}"));
    (recorded != found).then(|| {
        format!("{region}: {} is live, but Terraform's state has {}", describe(found), describe(recorded))
    })
}
