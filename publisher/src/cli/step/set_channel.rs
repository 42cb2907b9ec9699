//! `publisher step set-channel`

use std::process::ExitCode;

use clap::Args;

use crate::cli::options::{AddressOptions, RetryOptions, RootOptions};
use crate::cli::output::{explain, print_step};
use crate::deploy::{Release, set_channel, verify};
use crate::store::block_on;
use crate::store::channel::Channel;

/// Verify the release, then record it in channels/live.json
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  publisher step set-channel 0123456789abcdef")]
pub(in crate::cli) struct SetChannel {
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

impl SetChannel {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let (bucket, functions) = self.root.aws().await?;
            let urls = self.root.addresses(&self.addresses.urls).urls(&bucket).await.map_err(explain)?;
            // Before the verification.
            let seen = Channel::load(&bucket).await.map_err(explain)?;
            let release = Release::find(&bucket, &self.release).await.map_err(explain)?;
            let verification = verify(&release, &urls, self.retries.for_step()).await;
            let moved =
                set_channel(&bucket, &functions, &release, seen, verification).await.map_err(explain)?;
            print_step("set-channel", &moved, &moved.verification.problems)
        })?
    }
}
