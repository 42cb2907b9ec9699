//! What is served, what the alias, Terraform's state and the channel say, compared; and the way back
//! to the release that was proven last.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::release::{RolledBack, live, roll_back};
use super::verify::{ANSWERS, not_live, verify};
use super::{Function, Patience};
use crate::store::channel::{Channel, LIVE};
use crate::store::{Bucket, Failure, record};
use crate::terraform::Versions;

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
/// back there. `urls` may be empty: then nothing is asked over HTTP. `state` is what is live by
/// Terraform's state, where that is known.
pub async fn reconcile(
    bucket: &Bucket,
    functions: &[Function],
    urls: &[String],
    patience: Patience,
    state: Option<&Versions>,
    repair: Option<&Path>,
) -> Result<Reconciled, Failure> {
    let live_version = live(functions).await?;
    let mut problems = vec![];
    for function in functions {
        problems.extend(state.and_then(|state| other_state(&function.region, state, &live_version)));
    }
    let Some((channel, _)) = Channel::load(bucket).await? else {
        if !live_version.is_empty() {
            problems.push("something is live, but no release was ever proven: there is no channel".into());
        }
        return Ok(Reconciled { release: None, live_version, problems, repair: None });
    };
    let record = record(bucket, &channel.current).await?;
    for function in functions {
        problems.extend(not_live(function, &live_version, &record).await?);
    }
    // What Lambda says is wrong does not become right by waiting for it to spread.
    let patience =
        if problems.is_empty() { patience } else { Patience { tries: ANSWERS, pause: Duration::ZERO } };
    problems.extend(verify(bucket, &channel.current, urls, patience).await?.problems);
    let repair = match repair {
        Some(directory) if !problems.is_empty() => Some(roll_back(bucket, functions, LIVE, directory).await?),
        _ => None,
    };
    Ok(Reconciled { release: Some(channel.current), live_version, problems, repair })
}

/// Says where Terraform's state has another version live than Lambda.
fn other_state(region: &str, state: &Versions, live: &Versions) -> Option<String> {
    let (noted, found) = (state.get(region), live.get(region));
    let say =
        |version: Option<&u64>| version.map_or("nothing".into(), |version| format!("version {version}"));
    (noted != found)
        .then(|| format!("{region}: {} is live, where Terraform's state has {}", say(found), say(noted)))
}
