//! `publisher attestation`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::options::BucketOptions;
use super::output::{explain, print_json, print_line};
use crate::store::{block_on, keep_attestation};

/// Take a release's stored attestation, or store this run's
#[derive(Debug, Args)]
#[command(after_help = "\
Writes attestation.json into the release's directory, from which `builder package` takes it. Each
run that attests makes another bundle, so the first one is stored, under the manifest's digest, and
every later run gets that one: the package stays the same. Without --bundle nothing is stored; if
there is no attestation, the release has none. Run it between `builder build` and
`builder package`.

A bundle that is not about the release's manifest.json is refused. Who signed it is not checked;
`publisher verify` does that.

Prints a JSON object; `attestation` is where it is stored, or null.

Examples:
  publisher attestation --terraform terraform --bundle bundle.json
  publisher attestation --bucket acme-releases")]
pub(super) struct AttestationCommand {
    #[command(flatten)]
    bucket: BucketOptions,
    /// Directory of the release
    #[arg(long, value_name = "DIR", default_value = "dist", value_hint = ValueHint::DirPath)]
    release: PathBuf,
    /// Sigstore bundle about the release's manifest.json
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    bundle: Option<PathBuf>,
    /// No summary
    #[arg(short, long)]
    quiet: bool,
}

impl AttestationCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let kept = block_on(async {
            let bucket = self.bucket.bucket().await?;
            keep_attestation(&bucket, &self.release, self.bundle.as_deref()).await.map_err(explain)
        })??;
        if !self.quiet {
            print_line(&match &kept.attestation {
                Some(url) if kept.written => format!("stored {url}"),
                Some(url) => format!("took {url}"),
                None => "the release has no attestation".into(),
            });
        }
        print_json(&kept)
    }
}
