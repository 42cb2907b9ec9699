//! Verifies over HTTP what clients get; the channel moves only after that.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use futures_util::future::{join_all, try_join_all};
use serde::Serialize;
use serde_json::Value;

use super::function::Function;
use super::http::Http;
use super::release::Release;
use super::variables::live_versions;
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
/// exhausted: all addresses at the same time, so that many take no longer than one.
pub async fn verify(release: &Release, urls: &[String], retries: Retries) -> Verification {
    let http = Http::new();
    let queries = urls.iter().map(|url| query(&http, url, &release.record, retries));
    let mut verified =
        Verification { release: release.id.clone(), answers: BTreeMap::new(), problems: vec![] };
    for (url, (right, problem)) in urls.iter().zip(join_all(queries).await) {
        verified.answers.insert(url.clone(), right);
        if right < ANSWERS {
            verified.problems.push(format!("{url}: {problem}"));
        }
    }
    verified
}

/// How many answers in a row were right at the end, and the last wrong one.
async fn query(http: &Http, url: &str, record: &ReleaseRecord, retries: Retries) -> (u32, String) {
    let (mut right, mut problem) = (0, String::new());
    let started = Instant::now();
    let longest = retries.pause.max(WRONG_ANSWER).saturating_mul(retries.tries);
    for attempt in 1..=retries.tries {
        match mismatch(http, url, record).await {
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
    (right, problem)
}

/// Whether each address answers at all.
pub(super) async fn answers(urls: &[String]) -> bool {
    let http = Http::new();
    let status = urls.iter().map(|url| http.get(url));
    join_all(status).await.iter().all(|answer| matches!(answer, Ok((200, _))))
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

/// A channel, with its tag, as it was before a verification: a move meanwhile makes the verification obsolete.
pub type SeenChannel = Option<(Channel, String)>;

/// Compares what was verified over HTTP with Lambda, and moves the channel to it unless another run moved it since it was
/// `seen`.
pub async fn set_channel(
    bucket: &Bucket,
    functions: &[Function],
    release: &Release,
    seen: SeenChannel,
    mut verification: Verification,
) -> Result<ChannelMove, Failure> {
    let versions = live_versions(functions).await?;
    let found = functions.iter().map(|function| live_package(function, &versions, release));
    let mut settings: Option<Settings> = None;
    for (mismatch, of_version) in try_join_all(found).await? {
        verification.problems.extend(mismatch);
        settings = settings.or(of_version);
    }
    let previous = |channel: &Channel| channel.previous.clone();
    if !verification.problems.is_empty() {
        let previous = seen.as_ref().and_then(|(channel, _)| previous(channel));
        return Ok(ChannelMove { verification, moved: false, previous, versions });
    }
    let entry = ChannelEntry { release: release.id.clone(), versions: versions.clone(), settings };
    let after = Channel::moved(seen.as_ref().map(|(channel, _)| channel), entry.clone());
    let moved = Channel::swap(bucket, seen.as_ref(), entry).await?;
    Ok(ChannelMove { verification, moved, previous: previous(&after), versions })
}

/// How the version that alias `live` points to differs from the release, if it does.
pub(super) async fn live_mismatch(
    function: &Function,
    live: &Versions,
    release: &Release,
) -> Result<Option<String>, Failure> {
    Ok(live_package(function, live, release).await?.0)
}

/// The same, and the version's settings.
async fn live_package(
    function: &Function,
    live: &Versions,
    release: &Release,
) -> Result<(Option<String>, Option<Settings>), Failure> {
    let region = &function.region;
    let Some(number) = live.get(region) else {
        return Ok((Some(format!("{region}: nothing is live")), None));
    };
    let Some(version) = function.version(&number.to_string()).await? else {
        return Ok((Some(format!("{region}: version {number} is live, but does not exist")), None));
    };
    let expected = base64(&release.record.reader.sha256);
    let mismatch = (version.code_sha256 != expected).then(|| {
        format!(
            "{region}: version {number} is live, and its package has SHA-256 {} (base64), not {expected}",
            version.code_sha256
        )
    });
    Ok((mismatch, Some(version.settings)))
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
