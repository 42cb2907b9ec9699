//! Verifies over HTTP what clients get; the channel moves only after that.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;

use super::function::{Function, Version};
use super::http::Http;
use super::variables::{find_release, live_versions};
use crate::store::channel::{Channel, ChannelEntry};
use crate::store::{Bucket, Failure, ReleaseRecord, Settings, base64};
use crate::terraform::Versions;

/// How many answers in a row must come from the release.
pub const ANSWERS: u32 = 20;

/// How long a wrong answer may take on average, with the pause after it, unless the pause is longer. An
/// address that hangs is given up after about as long as one that answers wrongly at once, not after as many
/// answers: until then clients get no answer.
const WRONG_ANSWER: Duration = Duration::from_millis(500);

/// How often to query an address.
#[derive(Debug, Clone, Copy)]
pub struct Retries {
    /// How many requests to send at most.
    pub tries: u32,
    /// How long to wait after a wrong answer: Lambda takes seconds until an alias has moved everywhere.
    pub pause: Duration,
}

/// The result of a verification.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// The release's id.
    pub release: String,
    /// How many answers in a row were right at the end, by address.
    pub answers: BTreeMap<String, u32>,
    /// The last wrong answer, if there were not enough right ones; empty if there were.
    pub problems: Vec<String>,
}

/// The result of moving the channel.
#[derive(Debug, Serialize)]
pub struct ChannelMove {
    /// The verification before the move.
    #[serde(flatten)]
    pub verification: Verification,
    /// Whether the channel moved; false if it named the release already, or the verification failed.
    pub moved: bool,
    /// The release before this one.
    pub previous: Option<String>,
    /// The versions that serve the release.
    pub versions: Versions,
}

/// Queries each address until [`ANSWERS`] answers in a row have the release's digest, or `retries` is
/// exhausted.
pub async fn verify(
    bucket: &Bucket,
    name: &str,
    urls: &[String],
    retries: Retries,
) -> Result<Verification, Failure> {
    let (id, record) = find_release(bucket, name).await?;
    Ok(query(id, &record, urls, retries).await)
}

async fn query(id: String, record: &ReleaseRecord, urls: &[String], retries: Retries) -> Verification {
    let http = Http::new();
    let mut verified = Verification { release: id, answers: BTreeMap::new(), problems: vec![] };
    for url in urls {
        let (mut right, mut problem) = (0, String::new());
        let started = Instant::now();
        let longest = retries.pause.max(WRONG_ANSWER).saturating_mul(retries.tries);
        for attempt in 1..=retries.tries {
            match mismatch(&http, url, record).await {
                None => right += 1,
                Some(what) => {
                    (right, problem) = (0, what);
                    if attempt == retries.tries || started.elapsed() > longest {
                        break;
                    }
                    tokio::time::sleep(retries.pause).await;
                }
            }
            if right == ANSWERS {
                break;
            }
        }
        verified.answers.insert(url.clone(), right);
        if right < ANSWERS {
            verified.problems.push(format!("{url}: {problem}"));
        }
    }
    verified
}

async fn mismatch(http: &Http, url: &str, record: &ReleaseRecord) -> Option<String> {
    let expected = &record.database.sha256;
    match http.get(&format!("{}/", url.trim_end_matches('/'))).await {
        Err(error) => Some(format!("no answer: {error}")),
        Ok((200, body)) => {
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            match body.pointer("/database/sha256").and_then(Value::as_str) {
                Some(found) if found == expected => None,
                Some(found) => Some(format!("it serves the database {found}, not {expected}")),
                None => Some("its answer is not a release's".into()),
            }
        }
        Ok((status, _)) => Some(format!("it answers with status {status}")),
    }
}

/// Verifies the release over HTTP and in Lambda, and moves the channel to it unless another run moved
/// it in the meantime.
pub async fn set_channel(
    bucket: &Bucket,
    functions: &[Function],
    name: &str,
    urls: &[String],
    retries: Retries,
) -> Result<ChannelMove, Failure> {
    // Read before the verification: a move meanwhile makes the verification obsolete.
    let seen = Channel::load(bucket).await?;
    let (id, record) = find_release(bucket, name).await?;
    let mut verification = query(id.clone(), &record, urls, retries).await;
    let versions = live_versions(functions).await?;
    let mut settings: Option<Settings> = None;
    for function in functions {
        let published = function.versions().await?;
        let live = versions.get(&function.region);
        verification.problems.extend(version_mismatch(&function.region, live, &published, &record));
        let live = published.into_iter().find(|version| Some(&version.number) == live);
        settings = settings.or(live.map(|version| version.settings));
    }
    let previous = |channel: &Channel| channel.previous.clone();
    if !verification.problems.is_empty() {
        let previous = seen.as_ref().and_then(|(channel, _)| previous(channel));
        return Ok(ChannelMove { verification, moved: false, previous, versions });
    }
    let entry = ChannelEntry { release: id, versions: versions.clone(), settings };
    let after = Channel::moved(seen.as_ref().map(|(channel, _)| channel), entry.clone());
    let moved = Channel::swap(bucket, seen.as_ref(), entry).await?;
    Ok(ChannelMove { verification, moved, previous: previous(&after), versions })
}

/// How the version that alias `live` points to differs from the release, if it does.
pub(super) async fn live_mismatch(
    function: &Function,
    live: &Versions,
    record: &ReleaseRecord,
) -> Result<Option<String>, Failure> {
    let region = &function.region;
    let Some(number) = live.get(region) else { return Ok(Some(nothing_is_live(region))) };
    Ok(version_mismatch(region, Some(number), &function.versions().await?, record))
}

fn version_mismatch(
    region: &str,
    live: Option<&u64>,
    published: &[Version],
    record: &ReleaseRecord,
) -> Option<String> {
    let Some(number) = live else { return Some(nothing_is_live(region)) };
    let expected = base64(&record.reader.sha256);
    match published.iter().find(|version| version.number == *number) {
        Some(version) if version.code_sha256 == expected => None,
        Some(version) => Some(format!(
            "{region}: version {number} is live, and its package has SHA-256 {} (base64), not {expected}",
            version.code_sha256
        )),
        None => Some(format!("{region}: version {number} is live, but does not exist")),
    }
}

fn nothing_is_live(region: &str) -> String {
    format!("{region}: nothing is live")
}

/// How the versions that are live differ from those that the channel recorded, which may have other settings.
pub(super) fn recorded_mismatch(live: &Versions, recorded: &Versions) -> Vec<String> {
    let differs =
        |(region, version): &(&String, &u64)| recorded.get(*region).is_some_and(|it| it != *version);
    live.iter()
        .filter(differs)
        .map(|(region, version)| {
            format!("{region}: version {version} is live, but version {} was verified", recorded[region])
        })
        .collect()
}
