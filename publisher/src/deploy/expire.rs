//! Deletes stored releases that were never live, or so long ago that the channel's history ends after them. What the channel
//! names, what Lambda has a version of, and the newest stay at any age, so every release that can be gone back to is there.
//!
//! Buckets keep versions: what is deleted here can be restored for as long as bootstrap's lifecycle rules say.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::function::Function;
use super::prune::KEEP;
use crate::store::channel::Channel;
use crate::store::{ATTESTATIONS, Bucket, Failure, ReleaseRecord, base64, fetch_record, release_ids};

/// How many days a release stays that the channel does not name.
pub const RELEASE_DAYS: u32 = 180;

/// Where a release's files are.
const ARTIFACTS: [&str; 3] = ["db/", "readers/", ATTESTATIONS];

/// The releases that were deleted.
#[derive(Debug, Default, Serialize)]
pub struct Expired {
    /// The releases that were deleted, or would be, oldest first.
    pub deleted: Vec<String>,
    /// How many stay.
    pub kept: usize,
    /// The objects that were deleted, or would be, as `s3://BUCKET/KEY`.
    pub objects: Vec<String>,
}

/// Deletes releases that are older than `days` as of `now`, in seconds since 1970, from all buckets, the first of which has
/// the channel. With `dry_run`, lists them only. Errors: a record can't be read, or another run moved the channel.
pub async fn expire(
    buckets: &[Bucket],
    functions: &[Function],
    now: i64,
    days: u32,
    dry_run: bool,
) -> Result<Expired, Failure> {
    let Some(first) = buckets.first() else { return Ok(Expired::default()) };
    let seen = Channel::load(first).await?;
    let ids = release_ids(first).await?;
    let youngest = now - i64::from(days) * 24 * 60 * 60;
    let mut deleted = unnamed(&ids, seen.as_ref().map(|(channel, _)| channel), youngest);
    // Most runs end here, and read no record.
    if deleted.is_empty() {
        return Ok(Expired { kept: ids.len(), ..Expired::default() });
    }
    let records = records(first, &ids).await?;
    let packages = packages(functions).await?;
    deleted
        .retain(|id| records.get(id).is_none_or(|record| !packages.contains(&base64(&record.reader.sha256))));
    let kept = records.iter().filter(|(id, _)| !deleted.contains(id));
    let named: BTreeSet<String> = kept
        .flat_map(|(id, record)| {
            [ReleaseRecord::key(id), record.database_key(), record.reader_key(), record.attestation_key()]
        })
        .collect();
    let mut expired = Expired { kept: ids.len() - deleted.len(), deleted, objects: vec![] };
    if Channel::load(first).await?.map(|(_, etag)| etag) != seen.map(|(_, etag)| etag) {
        return Err(Failure::refused("another run moved the channel", "run the same command again"));
    }
    for bucket in buckets {
        let mut keys: Vec<String> = vec![];
        // Records first: without one there is no release, so none is left half.
        for prefix in ["releases/"].iter().chain(&ARTIFACTS) {
            let found = bucket.keys(prefix).await?;
            let old = found.into_iter().filter(|(key, time)| *time < youngest && !named.contains(key));
            keys.extend(old.map(|(key, _)| key));
        }
        for key in keys {
            if !dry_run {
                bucket.delete(&key).await?;
            }
            expired.objects.push(bucket.url(&key));
        }
    }
    Ok(expired)
}

/// The releases that are older than `youngest`, that the channel does not name and that are not among the newest, oldest
/// first. `ids` are newest first, each with the time it was recorded.
fn unnamed(ids: &[(i64, String)], channel: Option<&Channel>, youngest: i64) -> Vec<String> {
    // Without a channel nothing was ever live, or the channel is lost and nobody can tell what was.
    let Some(channel) = channel else { return vec![] };
    let old = ids.iter().skip(KEEP).filter(|(time, id)| *time < youngest && channel.entry(id).is_none());
    old.map(|(_, id)| id.clone()).rev().collect()
}

async fn records(bucket: &Bucket, ids: &[(i64, String)]) -> Result<BTreeMap<String, ReleaseRecord>, Failure> {
    let mut records = BTreeMap::new();
    for (_, id) in ids {
        records.insert(id.clone(), fetch_record(bucket, id).await?);
    }
    Ok(records)
}

/// The packages of all versions of the function, as Lambda writes their digests.
async fn packages(functions: &[Function]) -> Result<BTreeSet<String>, Failure> {
    let mut packages = BTreeSet::new();
    for function in functions {
        packages.extend(function.versions().await?.into_iter().map(|version| version.code_sha256));
    }
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::channel::ChannelEntry;

    fn ids(count: i64) -> Vec<(i64, String)> {
        (0..count).rev().map(|time| (time, time.to_string())).collect()
    }

    fn channel(releases: &[&str]) -> Channel {
        releases
            .iter()
            .fold(None, |before, release| {
                let entry =
                    ChannelEntry { release: (*release).into(), versions: BTreeMap::new(), settings: None };
                Some(Channel::moved(before.as_ref(), entry))
            })
            .expect("a release")
    }

    #[test]
    fn what_the_channel_names_and_the_newest_stay() {
        assert_eq!(unnamed(&ids(24), Some(&channel(&["1", "23"])), 100), ["0", "2", "3"]);
        assert_eq!(unnamed(&ids(20), Some(&channel(&["1"])), 100), Vec::<String>::new());
    }

    #[test]
    fn what_is_young_stays() {
        assert_eq!(unnamed(&ids(24), Some(&channel(&["23"])), 2), ["0", "1"]);
    }

    #[test]
    fn without_a_channel_everything_stays() {
        assert_eq!(unnamed(&ids(24), None, 100), Vec::<String>::new());
    }
}
