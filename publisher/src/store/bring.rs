//! A directory kept at the release that a channel names.

use std::path::Path;

use catalog::{FORMAT_VERSION, MANIFEST_FILE};
use serde::Serialize;

use super::bucket::Bucket;
use super::channel::Channel;
use super::failure::Failure;
use super::list::release_ids;
use super::lookup::fetch_record;
use super::pull::pull;
use builder::progress::Progress;

/// Which release is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The one that was verified last over HTTP.
    Live,
    /// The one that was uploaded last.
    Newest,
}

/// The release that a directory has now.
#[derive(Debug, Serialize)]
pub struct Brought {
    /// The release's id.
    pub release: String,
    /// False if the directory had it before.
    pub downloaded: bool,
}

/// Downloads the release that is wanted into `target`, unless it is the one that the directory `has`, or has it by its
/// manifest. `None` if nothing changed, or there is no release yet. Errors: `target` is unchanged.
pub async fn bring(
    bucket: &Bucket,
    source: Source,
    has: Option<&str>,
    target: &Path,
    progress: &Progress,
) -> Result<Option<Brought>, Failure> {
    let wanted = match source {
        Source::Live => Channel::load(bucket).await?.map(|(channel, _)| channel.current),
        Source::Newest => release_ids(bucket).await?.into_iter().next().map(|(_, id)| id),
    };
    let Some(release) = wanted.filter(|id| Some(id.as_str()) != has) else { return Ok(None) };
    let manifest = fetch_record(bucket, &release).await?.manifest;
    if manifest.format != FORMAT_VERSION {
        return Err(Failure::refused(
            format!(
                "release {release} has format {}, and this version reads format {FORMAT_VERSION}",
                manifest.format
            ),
            "install the version of `publisher` and `reader` that the release was built with; the directory keeps what it has",
        ));
    }
    // After a restart.
    let downloaded = std::fs::read(target.join(MANIFEST_FILE)).ok().as_ref() != Some(&manifest.to_bytes());
    if downloaded {
        pull(bucket, &release, target, progress).await?;
    }
    Ok(Some(Brought { release, downloaded }))
}
