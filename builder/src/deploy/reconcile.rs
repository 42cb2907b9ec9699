//! What is served, what the alias says and what the channel says, compared; and the way back to
//! the release that was proven last.

use std::path::Path;

use serde::Serialize;

use super::release::{RolledBack, live, roll_back};
use super::verify::{not_live, verify};
use super::{Function, Versions};
use crate::publish::channel::{Channel, LIVE};
use crate::publish::{Bucket, Failure, record};

/// What a comparison came to.
#[derive(Debug, Serialize)]
pub struct Reconciled {
    /// The release that was proven last, which the channel names; `None` before the first.
    pub release: Option<String>,
    /// What is live.
    pub live_version: Versions,
    /// What does not fit; empty where all is well.
    pub problems: Vec<String>,
    /// What was written to go back to that release, where it was asked for and is needed.
    pub repair: Option<RolledBack>,
}

/// Compares; where something does not fit and `repair` names Terraform's directory, writes what leads
/// back there. `urls` may be empty: then nothing is asked over HTTP.
pub async fn reconcile(
    bucket: &Bucket,
    functions: &[Function],
    urls: &[String],
    tries: u32,
    repair: Option<&Path>,
) -> Result<Reconciled, Failure> {
    let live_version = live(functions).await?;
    let Some((channel, _)) = Channel::load(bucket).await? else {
        let problems = match live_version.is_empty() {
            true => vec![],
            false => vec!["something is live, but no release was ever proven: there is no channel".into()],
        };
        return Ok(Reconciled { release: None, live_version, problems, repair: None });
    };
    let record = record(bucket, &channel.current).await?;
    let mut problems = vec![];
    for function in functions {
        problems.extend(not_live(function, &live_version, &record).await?);
    }
    problems.extend(verify(bucket, &channel.current, urls, tries).await?.problems);
    let repair = match repair {
        Some(directory) if !problems.is_empty() => Some(roll_back(bucket, functions, LIVE, directory).await?),
        _ => None,
    };
    Ok(Reconciled { release: Some(channel.current), live_version, problems, repair })
}
