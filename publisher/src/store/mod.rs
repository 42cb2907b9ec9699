//! Releases in S3: uploaded once under their digests, listed, pulled.
//!
//! ```text
//! db/<sha256>.db              the database
//! readers/<sha256>.zip        the package that Lambda runs
//! attestations/<sha256>.json  the manifest's attestation, which is in the package too; in the first bucket
//! releases/<id>.json          the record that names database and package; written last
//! channels/live.json          which release is live, see `channel`
//! service.json                where the service is; written by `terraform/service`
//! ```
//!
//! The first four never change: each is written with `If-None-Match: *`, and an existing object
//! must have the same bytes, unless it is an attestation: then it is the one to take. Readers start from
//! a record or the channel, so a release is complete or absent, even if an upload is killed.
//!
//! Deliberately absent: how a release goes live, and which ones are deleted (`deploy`).

mod attestation;
mod aws_error;
mod bring;
mod bucket;
pub mod channel;
mod copy;
mod digest;
mod failure;
mod golden;
mod list;
mod local_release;
mod lookup;
mod multipart;
mod object;
mod pull;
mod put;
mod record;
mod service_record;
mod session;
mod settings;
mod target;
mod upload;

pub(crate) use attestation::PREFIX as ATTESTATIONS;
pub use attestation::{Kept, keep_attestation};
pub use aws_error::{AwsErrorKind, aws_error_kind};
pub use bring::{Brought, Source, bring};
pub use bucket::Bucket;
pub use copy::copy;
pub use digest::base64;
pub use failure::Failure;
pub use golden::same_json;
pub(crate) use list::release_ids;
pub use list::{ReleaseSummary, list};
pub use local_release::LocalRelease;
pub use lookup::{fetch_record, resolve};
pub use object::{PutOutcome, StoredObject};
pub use pull::{Pulled, pull};
pub use record::{Artifact, GoldenRow, ID_LENGTH, ReleaseRecord, is_id};
pub use service_record::ServiceRecord;
pub use session::{Session, block_on};
pub use settings::Settings;
pub use target::{BucketLocation, Target};
pub(crate) use target::{RELEASE_ROOT, SERVICE_ROOT, VARIABLES};
pub use upload::{Uploaded, upload};
