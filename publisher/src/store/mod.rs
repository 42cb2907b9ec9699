//! Releases in S3: written once under their digests, listed, brought back.
//!
//! ```text
//! db/<sha256>.db          the database
//! readers/<sha256>.zip    the package that Lambda runs
//! releases/<id>.json      the record that makes the two a release; written last
//! channels/<name>.json    which release is the live one, see `channel`
//! ```
//!
//! The first three never change: each is written with `If-None-Match: *`, and what is there
//! already must be the same bytes. Whoever reads starts from a record or a channel, so a release
//! is there as a whole or not at all, whenever its publisher is stopped.
//!
//! Deliberately absent: what a release goes through before it is live (`deploy`), and deleting;
//! nothing here removes an object.

mod bucket;
pub mod channel;
mod digest;
mod failure;
mod golden;
mod list;
mod local;
mod pull;
mod record;
mod session;
mod target;
mod upload;

use serde::Serialize;

pub use bucket::{Bucket, Fetched, Put};
pub use digest::base64;
pub use failure::{Failure, Why, why};
pub use golden::same;
pub use list::{Listed, list};
pub use local::Local;
pub use pull::{Pulled, pull, record, resolve};
pub use record::{Artifact, Golden, ID_LENGTH, Record, is_id};
pub use session::{Session, block_on};
pub(crate) use target::VARIABLES;
pub use target::{Place, Target};

use bucket::Object;

use builder::progress::Progress;

/// What was published.
#[derive(Debug, Serialize)]
pub struct Published {
    /// The release's id.
    pub release: String,
    /// The processor that its package runs on, as Lambda writes it.
    pub architecture: String,
    /// The package.
    pub reader: Artifact,
    /// The database.
    pub database: Artifact,
    /// Whether the record was written or there; false with `without_record`.
    pub recorded: bool,
    /// The objects that were not there before, as `s3://BUCKET/KEY`.
    pub written: Vec<String>,
    /// Those that were there, with the same bytes.
    pub unchanged: Vec<String>,
}

/// Publishes a release to every bucket of `target`: first all files to all buckets, then the
/// records, the first bucket's last, since that is where the channel lies. Can be run again after
/// whatever stopped it. Errors: see [`Failure`]; `without_record` leaves the record to a later run,
/// for a role that may not write it.
pub async fn publish(
    session: &Session,
    target: &Target,
    local: &Local,
    without_record: bool,
    progress: &Progress,
) -> Result<Published, Failure> {
    let Local { record, database, package } = local;
    let buckets = target.places.iter().map(|place| session.bucket(place)).collect::<Result<Vec<_>, _>>()?;
    let id = record.id();
    let mut published = Published {
        release: id.clone(),
        architecture: record.architecture.clone(),
        reader: record.reader.clone(),
        database: record.database.clone(),
        recorded: !without_record,
        written: vec![],
        unchanged: vec![],
    };
    for bucket in &buckets {
        for (key, artifact, path) in [
            (record.database_key(), &record.database, database),
            (record.reader_key(), &record.reader, package),
        ] {
            let object = Object::file(key, artifact, path);
            published.note(bucket, &object.key, bucket.put_once(&object, progress).await?);
        }
    }
    if !without_record {
        let bytes = record.to_bytes();
        for bucket in buckets.iter().rev() {
            let object = Object::bytes(Record::key(&id), &bytes);
            published.note(bucket, &object.key, bucket.put_once(&object, progress).await?);
        }
    }
    Ok(published)
}

impl Published {
    fn note(&mut self, bucket: &Bucket, key: &str, put: Put) {
        let list = match put {
            Put::Written => &mut self.written,
            Put::Unchanged => &mut self.unchanged,
        };
        list.push(bucket.url(key));
    }
}
