//! `publisher upload`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use builder::count::count;
use builder::progress::Progress;
use catalog::PACKAGE_FILE;
use clap::{Args, ValueHint};

use super::options::target;
use super::output::{explain, print_json, print_line, progress};
use crate::store::{LocalRelease, Session, Target, Uploaded, block_on, upload};

/// Upload a release and its package to S3
#[derive(Debug, Args)]
#[command(after_help = "\
Objects are stored under their digests, the release's record last, and never overwritten: an
existing object must have the same bytes. An interrupted upload leaves no partial release, and the
same command continues it. --artifacts-only is for a role that may not write records. Lambda needs
a package in its own region: with several regions, give a bucket in each.

Prints a JSON object; `release` is the release's id.

Examples:
  publisher upload --bucket eu-central-1=acme-releases
  publisher upload --terraform terraform --artifacts-only")]
pub(super) struct Upload {
    #[command(flatten)]
    buckets: UploadTarget,
    /// Directory of the release
    #[arg(long, value_name = "DIR", default_value = "dist", value_hint = ValueHint::DirPath)]
    release: PathBuf,
    /// Package [default: reader.zip in the release's directory]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    package: Option<PathBuf>,
    /// Upload database and package, but not the record
    #[arg(long)]
    artifacts_only: bool,
    /// No progress and no summary
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct UploadTarget {
    /// Bucket; REGION=NAME if it is not in AWS_REGION; repeatable
    #[arg(long = "bucket", value_name = "NAME")]
    buckets: Vec<String>,
    /// Directory of Terraform's roots, whose buckets are used
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    terraform: Option<PathBuf>,
}

impl Upload {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let package = self.package.unwrap_or_else(|| self.release.join(PACKAGE_FILE));
        let target = target(self.buckets.terraform.as_deref(), &self.buckets.buckets)?;
        let progress = progress(self.quiet);
        let uploaded =
            block_on(upload_directory(&target, &self.release, &package, self.artifacts_only, &progress))?;
        progress.finish();
        let uploaded = uploaded?;
        if !self.quiet {
            print_line(&format!(
                "uploaded {}{}: {} written, {} unchanged",
                uploaded.release,
                if uploaded.recorded { "" } else { " without its record" },
                count(uploaded.written.len(), "object"),
                uploaded.unchanged.len(),
            ));
        }
        print_json(&uploaded)
    }
}

/// Verifies and uploads the release in a directory.
pub(super) async fn upload_directory(
    target: &Target,
    release: &Path,
    package: &Path,
    artifacts_only: bool,
    progress: &Progress,
) -> anyhow::Result<Uploaded> {
    let local = LocalRelease::open(release, package, progress).map_err(explain)?;
    let session = Session::load().await;
    upload(&session, target, &local, artifacts_only, progress).await.map_err(explain)
}
