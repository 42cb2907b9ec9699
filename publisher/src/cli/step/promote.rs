//! `publisher step promote`

use std::process::ExitCode;

use clap::Args;

use crate::cli::options::RootOptions;
use crate::cli::output::{explain, print_step};
use crate::deploy::{Release, promote};
use crate::store::block_on;

/// Write the variables of the second apply: the candidate goes live
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  publisher step promote 0123456789abcdef")]
pub(in crate::cli) struct Promote {
    /// Release that the candidate must run: an id, `live` or `previous`
    #[arg(value_name = "RELEASE")]
    release: String,
    #[command(flatten)]
    root: RootOptions,
}

impl Promote {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let (bucket, functions) = self.root.aws().await?;
            let release = Release::find(&bucket, &self.release).await.map_err(explain)?;
            let promoted = promote(&functions, &release, &self.root.release_root()).await.map_err(explain)?;
            print_step("promote", &promoted, &[])
        })?
    }
}
