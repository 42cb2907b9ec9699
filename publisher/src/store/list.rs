//! The stored releases.

use serde::Serialize;

use super::bucket::Bucket;
use super::channel::Channel;
use super::failure::Failure;
use super::lookup::fetch_record;
use super::record::is_id;

/// A stored release.
#[derive(Debug, Serialize)]
pub struct ReleaseSummary {
    /// Its id.
    pub release: String,
    /// When its record was written, RFC 3339 in UTC.
    pub published: String,
    /// The commit that it was built from, where it has one.
    pub commit: Option<String>,
    /// The processor that its package runs on.
    pub architecture: String,
    /// The database's SHA-256.
    pub database: String,
    /// How many tables it has.
    pub tables: usize,
    /// How many rows, total.
    pub rows: u64,
    /// Whether the channel names it as `live` or `previous`.
    pub channel: Option<&'static str>,
}

/// When each release's record was written, in seconds since 1970, and its id, newest first.
pub(crate) async fn release_ids(bucket: &Bucket) -> Result<Vec<(i64, String)>, Failure> {
    let prefix = "releases/";
    let mut ids: Vec<(i64, String)> = bucket
        .keys(prefix)
        .await?
        .into_iter()
        .filter_map(|(key, time)| {
            let id = key.strip_prefix(prefix)?.strip_suffix(".json")?;
            is_id(id).then(|| (time, id.to_owned()))
        })
        .collect();
    ids.sort_by(|a, b| b.cmp(a));
    Ok(ids)
}

/// The newest `limit` releases, newest first, and how many there are.
pub async fn list(bucket: &Bucket, limit: usize) -> Result<(Vec<ReleaseSummary>, usize), Failure> {
    let ids = release_ids(bucket).await?;
    let all = ids.len();
    let channel = Channel::load(bucket).await?.map(|(channel, _)| channel);
    let mut listed = vec![];
    for (time, id) in ids.into_iter().take(limit) {
        let record = fetch_record(bucket, &id).await?;
        let published =
            jiff::Timestamp::from_second(time).map_or_else(|_| String::new(), |time| time.to_string());
        let mark = channel.as_ref().and_then(|channel| match () {
            () if channel.current == id => Some("live"),
            () if channel.previous.as_ref() == Some(&id) => Some("previous"),
            () => None,
        });
        listed.push(ReleaseSummary {
            published,
            architecture: record.architecture,
            database: record.database.sha256,
            tables: record.manifest.tables.len(),
            rows: record.manifest.tables.iter().map(|table| table.rows).sum(),
            commit: record.manifest.commit,
            channel: mark,
            release: id,
        });
    }
    Ok((listed, all))
}
