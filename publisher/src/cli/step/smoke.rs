//! `publisher step smoke`

use std::process::ExitCode;

use clap::Args;

use crate::cli::options::RootOptions;
use crate::cli::output::{explain, print_step};
use crate::deploy::{Release, smoke};
use crate::store::block_on;

/// Test the candidate: its database's digest, its row counts, and a row of each table
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  publisher step smoke 0123456789abcdef")]
pub(in crate::cli) struct Smoke {
    /// Release: an id, `live` or `previous`
    #[arg(value_name = "RELEASE")]
    release: String,
    #[command(flatten)]
    root: RootOptions,
}

impl Smoke {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let (bucket, functions) = self.root.aws().await?;
            let release = Release::find(&bucket, &self.release).await.map_err(explain)?;
            let test = smoke(&functions, &release).await.map_err(explain)?;
            print_step("smoke", &test, &test.problems)
        })?
    }
}
