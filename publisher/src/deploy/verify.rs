//! What the public is given, asked over HTTP; and the channel, which moves on that proof alone.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;

use super::Function;
use super::http::Http;
use super::release::{find, live};
use crate::store::channel::{Channel, Entry};
use crate::store::{Bucket, Failure, Record, base64};
use crate::terraform::Versions;

/// How many answers in a row must be the release's.
pub const ANSWERS: u32 = 20;

/// How long a wrong answer may take on the average, with the pause after it, where the pause is not longer. An
/// address that hangs is given up after about as long as one that answers wrongly at once, not after as many
/// answers: until then `live` is what does not answer.
const WRONG_ANSWER: Duration = Duration::from_millis(500);

/// How patiently an address is asked.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// How many answers to ask for at the most.
    pub tries: u32,
    /// How long to wait after a wrong one: Lambda takes seconds until an alias has moved everywhere.
    pub pause: Duration,
}

/// What a verification came to.
#[derive(Debug, Serialize)]
pub struct Verified {
    /// The release's id.
    pub release: String,
    /// How many answers in a row were right at last, by address.
    pub answers: BTreeMap<String, u32>,
    /// What was wrong last, where there were not enough; empty where all is well.
    pub problems: Vec<String>,
}

/// What moving the channel came to.
#[derive(Debug, Serialize)]
pub struct Moved {
    /// The verification before the move.
    #[serde(flatten)]
    pub verified: Verified,
    /// Whether the channel moved; false where it was there already, or nothing was proven.
    pub moved: bool,
    /// The release before this one.
    pub previous: Option<String>,
    /// The versions that serve the release.
    pub versions: Versions,
}

/// Asks each address until [`ANSWERS`] answers in a row have the release's digest, or as many answers
/// were had as `patience` allows.
pub async fn verify(
    bucket: &Bucket,
    name: &str,
    urls: &[String],
    patience: Patience,
) -> Result<Verified, Failure> {
    let (id, record) = find(bucket, name).await?;
    Ok(ask(id, &record, urls, patience).await)
}

async fn ask(id: String, record: &Record, urls: &[String], patience: Patience) -> Verified {
    let http = Http::new();
    let mut verified = Verified { release: id, answers: BTreeMap::new(), problems: vec![] };
    for url in urls {
        let (mut right, mut problem) = (0, String::new());
        let started = Instant::now();
        let longest = patience.pause.max(WRONG_ANSWER).saturating_mul(patience.tries);
        for attempt in 1..=patience.tries {
            match wrong(&http, url, record).await {
                None => right += 1,
                Some(what) => {
                    (right, problem) = (0, what);
                    if attempt == patience.tries || started.elapsed() > longest {
                        break;
                    }
                    tokio::time::sleep(patience.pause).await;
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

async fn wrong(http: &Http, url: &str, record: &Record) -> Option<String> {
    let expected = &record.database.sha256;
    match http.get(&format!("{}/", url.trim_end_matches('/'))).await {
        Err(why) => Some(format!("no answer: {why}")),
        Ok((200, body)) => {
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            match body.pointer("/database/sha256").and_then(Value::as_str) {
                Some(found) if found == expected => None,
                Some(found) => Some(format!("it serves the database {found}, not {expected}")),
                None => Some("it answers something else than a release".into()),
            }
        }
        Ok((status, _)) => Some(format!("it answers with status {status}")),
    }
}

/// Verifies the release over HTTP and in Lambda, and moves the channel to it if nobody else moved it
/// in the meantime.
pub async fn move_channel(
    bucket: &Bucket,
    functions: &[Function],
    name: &str,
    urls: &[String],
    patience: Patience,
) -> Result<Moved, Failure> {
    // Seen before the proof: whoever moves it while we prove makes our proof old.
    let seen = Channel::load(bucket).await?;
    let (id, record) = find(bucket, name).await?;
    let mut verified = ask(id.clone(), &record, urls, patience).await;
    let versions = live(functions).await?;
    for function in functions {
        if let Some(problem) = not_live(function, &versions, &record).await? {
            verified.problems.push(problem);
        }
    }
    let previous = |channel: &Channel| channel.previous.clone();
    if !verified.problems.is_empty() {
        let previous = seen.as_ref().and_then(|(channel, _)| previous(channel));
        return Ok(Moved { verified, moved: false, previous, versions });
    }
    let entry = Entry { release: id, versions: versions.clone() };
    let after = Channel::moved(seen.as_ref().map(|(channel, _)| channel), entry.clone());
    let moved = Channel::swap(bucket, seen.as_ref(), entry).await?;
    Ok(Moved { verified, moved, previous: previous(&after), versions })
}

/// Says where alias `live` of a function is not that release.
pub(super) async fn not_live(
    function: &Function,
    live: &Versions,
    record: &Record,
) -> Result<Option<String>, Failure> {
    let region = &function.region;
    let Some(number) = live.get(region) else { return Ok(Some(format!("{region}: nothing is live"))) };
    let versions = function.versions().await?;
    let expected = base64(&record.reader.sha256);
    Ok(match versions.iter().find(|version| version.number == *number) {
        Some(version) if version.code_sha256 == expected => None,
        Some(version) => Some(format!(
            "{region}: version {number} is live, whose package has SHA-256 {} (base64), not {expected}",
            version.code_sha256
        )),
        None => Some(format!("{region}: version {number} is live and does not exist")),
    })
}
