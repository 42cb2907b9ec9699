//! A release by its name: an id, `live` or `previous`.

use super::bucket::Bucket;
use super::channel::{self, Channel};
use super::failure::Failure;
use super::record::{ReleaseRecord, is_id};

/// The id of the release with that name: an id itself, `live`, or `previous` (the release before the
/// live one). Errors: there isn't one.
pub async fn resolve(bucket: &Bucket, name: &str) -> Result<String, Failure> {
    if is_id(name) {
        return Ok(name.to_owned());
    }
    let (channel, previous) = if name == "previous" { (channel::LIVE, true) } else { (name, false) };
    let none = |what: String| {
        Failure::refused(what, "pass an id that `publisher list` shows, or `live` or `previous`")
    };
    if channel != channel::LIVE {
        return Err(none(format!(
            "`{name}` is not a release: not an id (16 hex digits), `live` or `previous`"
        )));
    }
    let Some((found, _)) = Channel::load(bucket).await? else {
        return Err(none(format!("no release is live yet: {} does not exist", bucket.url(&Channel::key()))));
    };
    if previous {
        return found.previous.ok_or_else(|| none("there is no release before the live one".into()));
    }
    Ok(found.current)
}

/// The record of a release. Errors: it is missing or invalid.
pub async fn fetch_record(bucket: &Bucket, id: &str) -> Result<ReleaseRecord, Failure> {
    let url = bucket.url(&ReleaseRecord::key(id));
    let Some(object) = bucket.get(&ReleaseRecord::key(id)).await? else {
        return Err(Failure::refused(
            format!("there is no release {id}: {url} does not exist"),
            "`publisher list` shows the releases in S3",
        ));
    };
    ReleaseRecord::parse(&object.bytes, id).map_err(|problem| {
        Failure::refused(
            format!("{url} can't be used: {problem}"),
            "if its format is newer, use the version of `publisher` that wrote it; otherwise look at the object's \
             versions",
        )
    })
}
