//! `publisher step rollback`

use std::process::ExitCode;

use clap::Args;

use crate::cli::options::RootOptions;
use crate::cli::output::{explain, print_step};
use crate::deploy::roll_back;
use crate::store::block_on;

/// Write the variables of a rollback
#[derive(Debug, Args)]
#[command(after_help = "\
`apply` in the result is `live` if Lambda still has the release's version: go on with the second
apply. It is `candidate` if not: start again with the first apply.

Example:
  publisher step rollback --to previous")]
pub(in crate::cli) struct Rollback {
    /// Release: an id, `live` or `previous`
    #[arg(long, value_name = "RELEASE")]
    to: String,
    #[command(flatten)]
    root: RootOptions,
}

impl Rollback {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let (bucket, functions) = self.root.aws().await?;
            let rolled_back =
                roll_back(&bucket, &functions, &self.to, &self.root.release_root()).await.map_err(explain)?;
            print_step("rollback", &rolled_back, &[])
        })?
    }
}
