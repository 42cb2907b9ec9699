//! `channels/live.json`: the release that was verified last.
//!
//! `deploy` moves it by compare-and-swap, and only after it has verified the release over HTTP.
//! Lambda's alias `live` says what is served.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bucket::Bucket;
use super::failure::Failure;
use super::settings::Settings;

/// The one channel.
pub const LIVE: &str = "live";

/// How many moves are kept.
const HISTORY: usize = 200;

/// The version of the channel's layout.
const FORMAT: u32 = 1;

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// The layout: 1.
    pub format: u32,
    /// The release that was verified last.
    pub current: String,
    /// The release before it.
    pub previous: Option<String>,
    /// The releases that were live, newest first; the first is the current one.
    pub history: Vec<ChannelEntry>,
}

/// A release that was live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelEntry {
    /// Its id.
    pub release: String,
    /// The function's version that served it, by region.
    pub versions: BTreeMap<String, u64>,
    /// The settings that they have, the same in every region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
}

impl Channel {
    /// Its key.
    pub fn key() -> String {
        format!("channels/{LIVE}.json")
    }

    /// The channel and its tag, or `None` before the first release. Errors: it can't be read.
    pub async fn load(bucket: &Bucket) -> Result<Option<(Self, String)>, Failure> {
        let Some(fetched) = bucket.get(&Self::key()).await? else { return Ok(None) };
        let refused = |why: String| {
            Failure::refused(
                format!("{} can't be used: {why}", bucket.url(&Self::key())),
                "if its format is newer, use the version of `publisher` that wrote it; otherwise restore the object's previous version",
            )
        };
        let channel: Self =
            serde_json::from_slice(&fetched.bytes).map_err(|error| refused(error.to_string()))?;
        if channel.format != FORMAT {
            return Err(refused(format!(
                "it has format {}, and this program reads format {FORMAT}",
                channel.format
            )));
        }
        Ok(Some((channel, fetched.etag)))
    }

    /// The channel after a move to `entry`. The same release again, as after a rollback that
    /// published it as a new version, only updates its versions.
    pub fn moved(before: Option<&Self>, entry: ChannelEntry) -> Self {
        let mut history = before.map(|before| before.history.clone()).unwrap_or_default();
        if history.first().is_some_and(|first| first.release == entry.release) {
            history.remove(0);
        }
        let previous = history.first().map(|first| first.release.clone());
        history.insert(0, entry);
        history.truncate(HISTORY);
        Self { format: FORMAT, current: history[0].release.clone(), previous, history }
    }

    /// The last time that a release was live.
    pub fn entry(&self, release: &str) -> Option<&ChannelEntry> {
        self.history.iter().find(|entry| entry.release == release)
    }

    /// Moves the channel to `entry` if it is still as it was `seen`. False where it named `entry`
    /// already. Errors: another run moved it in the meantime.
    pub async fn swap(
        bucket: &Bucket,
        seen: Option<&(Self, String)>,
        entry: ChannelEntry,
    ) -> Result<bool, Failure> {
        let before = seen.map(|(channel, _)| channel);
        let after = Self::moved(before, entry);
        if before == Some(&after) {
            return Ok(false);
        }
        let mut bytes = serde_json::to_vec_pretty(&after).expect("a channel has string keys only");
        bytes.push(b'\n');
        match bucket.swap(&Self::key(), &bytes, seen.map(|(_, etag)| etag.as_str())).await {
            Ok(()) => Ok(true),
            // A retry of a request that had worked looks like another run's move, and a lost response says
            // nothing: compare what is stored now.
            Err(failure) if failure.may_have_succeeded() => match Self::load(bucket).await {
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

    fn entry(release: &str, version: u64) -> ChannelEntry {
        ChannelEntry {
            release: release.into(),
            versions: [("eu-central-1".into(), version)].into(),
            settings: None,
        }
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
