//! `publisher pull`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};
use serde_json::json;

use super::options::BucketOptions;
use super::output::{explain, print_json, print_line, progress};
use crate::store::channel::Channel;
use crate::store::{block_on, pull};

/// Download a release from S3
#[derive(Debug, Args)]
#[command(after_help = "\
Writes data.db, manifest.json and reader.zip, each compared with its digest, and attestation.json
if the package has one. The directory is replaced as a whole; a failure leaves it unchanged.

Example:
  publisher pull previous --bucket acme-releases -o before")]
pub(super) struct Pull {
    /// Release: an id, `live` or `previous`
    #[arg(value_name = "RELEASE")]
    release: String,
    #[command(flatten)]
    bucket: BucketOptions,
    /// If no release is live yet, write nothing and succeed
    #[arg(long)]
    if_any: bool,
    /// Directory to write
    #[arg(short, long, value_name = "DIR", default_value = "dist", value_hint = ValueHint::DirPath)]
    output: PathBuf,
    /// No progress and no summary
    #[arg(short, long)]
    quiet: bool,
}

impl Pull {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let progress = progress(self.quiet);
        let pulled = block_on(async {
            let bucket = self.bucket.bucket().await?;
            if self.if_any && Channel::load(&bucket).await.map_err(explain)?.is_none() {
                return Ok(None);
            }
            pull(&bucket, &self.release, &self.output, &progress).await.map(Some).map_err(explain)
        })?;
        progress.finish();
        let Some(pulled) = pulled? else {
            if !self.quiet {
                print_line("no release is live yet");
            }
            return print_json(&json!({"release": null}));
        };
        if !self.quiet {
            print_line(&format!(
                "pulled {} into {}: sha256 {}",
                pulled.release,
                self.output.display(),
                pulled.database.sha256
            ));
        }
        print_json(&pulled)
    }
}
