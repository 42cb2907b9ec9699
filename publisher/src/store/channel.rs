//! `channels/live.json`: which release the public is given.
//!
//! It is moved by compare-and-swap, and only by what has just verified the release over HTTP
//! (`deploy`). It says what was proven last; what is served, Lambda's alias says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bucket::Bucket;
use super::failure::Failure;

/// The one channel.
pub const LIVE: &str = "live";

/// How many moves are kept.
const HISTORY: usize = 200;

/// What the channel's layout is called.
const FORMAT: u32 = 1;

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// The layout: 1.
    pub format: u32,
    /// The release that was proven last.
    pub current: String,
    /// The release before it.
    pub previous: Option<String>,
    /// What was live, newest first; the first is the current one.
    pub history: Vec<Entry>,
}

/// A release that was live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its id.
    pub release: String,
    /// The version of the function that it was, by region.
    pub versions: BTreeMap<String, u64>,
}

impl Channel {
    /// Where it lies.
    pub fn key() -> String {
        format!("channels/{LIVE}.json")
    }

    /// The channel and its tag, or `None` before the first release. Errors: it is not one.
    pub async fn load(bucket: &Bucket) -> Result<Option<(Self, String)>, Failure> {
        let Some(fetched) = bucket.get(&Self::key()).await? else { return Ok(None) };
        let refused = |why: String| {
            Failure::refused(
                format!("{} can't be used: {why}", bucket.url(&Self::key())),
                "where its format is newer, use the builder that wrote it; else put the version before back",
            )
        };
        let channel: Self =
            serde_json::from_slice(&fetched.bytes).map_err(|error| refused(error.to_string()))?;
        if channel.format != FORMAT {
            return Err(refused(format!(
                "it has format {}, this program reads format {FORMAT}",
                channel.format
            )));
        }
        Ok(Some((channel, fetched.etag)))
    }

    /// The channel after a move to `entry`. The same release anew, as after a rollback's second
    /// upload, is no move: its versions are brought up to date.
    pub fn moved(before: Option<&Self>, entry: Entry) -> Self {
        let mut history = before.map(|before| before.history.clone()).unwrap_or_default();
        if history.first().is_some_and(|first| first.release == entry.release) {
            history.remove(0);
        }
        let previous = history.first().map(|first| first.release.clone());
        history.insert(0, entry);
        history.truncate(HISTORY);
        Self { format: FORMAT, current: history[0].release.clone(), previous, history }
    }

    /// Moves the channel to `entry` if it is still as it was `seen`. False where it was there
    /// already. Errors: somebody else moved it in the meantime.
    pub async fn swap(bucket: &Bucket, seen: Option<&(Self, String)>, entry: Entry) -> Result<bool, Failure> {
        let before = seen.map(|(channel, _)| channel);
        let after = Self::moved(before, entry);
        if before == Some(&after) {
            return Ok(false);
        }
        let mut bytes = serde_json::to_vec_pretty(&after).expect("a channel has string keys only");
        bytes.push(b'\n');
        match bucket.swap(&Self::key(), &bytes, seen.map(|(_, etag)| etag.as_str())).await {
            Ok(()) => Ok(true),
            // A retry of what had worked looks the same as somebody else's move, and an answer that got lost
            // says nothing: what is there now does.
            Err(failure) if failure.leaves_open() => match Self::load(bucket).await {
                Ok(Some((now, _))) if now == after => Ok(true),
                _ => Err(failure),
            },
            Err(failure) => Err(failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(release: &str, version: u64) -> Entry {
        Entry { release: release.into(), versions: [("eu-central-1".into(), version)].into() }
    }

    #[test]
    fn a_move_knows_what_was_before() {
        let first = Channel::moved(None, entry("a", 1));
        assert_eq!((first.current.as_str(), first.previous.as_deref()), ("a", None));
        let second = Channel::moved(Some(&first), entry("b", 2));
        assert_eq!((second.current.as_str(), second.previous.as_deref()), ("b", Some("a")));
        let back = Channel::moved(Some(&second), entry("a", 1));
        assert_eq!((back.current.as_str(), back.previous.as_deref()), ("a", Some("b")));
        assert_eq!(back.history, [entry("a", 1), entry("b", 2), entry("a", 1)]);
    }

    #[test]
    fn the_same_release_under_a_new_number_is_no_move() {
        let second = Channel::moved(Some(&Channel::moved(None, entry("a", 1))), entry("b", 2));
        let anew = Channel::moved(Some(&second), entry("b", 9));
        assert_eq!(anew.previous.as_deref(), Some("a"));
        assert_eq!(anew.history, [entry("b", 9), entry("a", 1)]);
    }
}
