//! `publisher verify`

use std::process::ExitCode;

use clap::Args;

use super::options::{AddressOptions, RetryOptions, RootOptions};
use super::output::{explain, print_step};
use crate::deploy::{Release, verify};
use crate::store::block_on;

/// Query the API over HTTP until 20 answers in a row come from the release
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  publisher verify live
  publisher verify live --url https://api.example.org")]
pub(super) struct Verify {
    /// Release: an id, `live` or `previous`
    #[arg(value_name = "RELEASE")]
    release: String,
    #[command(flatten)]
    addresses: AddressOptions,
    #[command(flatten)]
    root: RootOptions,
    #[command(flatten)]
    retries: RetryOptions,
}

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let (bucket, _) = self.root.aws().await?;
            let urls = self.root.addresses(&self.addresses.urls).urls(&bucket).await.map_err(explain)?;
            let release = Release::find(&bucket, &self.release).await.map_err(explain)?;
            let verification = verify(&release, &urls, self.retries.for_step()).await;
            print_step("verify", &verification, &verification.problems)
        })?
    }
}
