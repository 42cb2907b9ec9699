//! `publisher step repair`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use crate::cli::options::{RetryOptions, RootOptions, load_addresses};
use crate::cli::output::{explain, print_step};
use crate::deploy::compare;
use crate::store::block_on;

/// Compare as `publisher reconcile`; on a difference, write a rollback's variables
#[derive(Debug, Args)]
#[command(after_help = "\
The rollback goes to the release that was verified last. `repair` in the result is what
`publisher step rollback` prints, or null if nothing differs.

Example:
  publisher step repair --outputs outputs.json")]
pub(in crate::cli) struct Repair {
    /// Address to query; repeatable
    #[arg(long = "url", value_name = "URL", value_hint = ValueHint::Url)]
    urls: Vec<String>,
    /// Output of `terraform output -json`: addresses, and Terraform's state
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "urls")]
    outputs: Option<PathBuf>,
    #[command(flatten)]
    root: RootOptions,
    #[command(flatten)]
    retries: RetryOptions,
}

impl Repair {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        let (urls, state) = load_addresses(self.urls, self.outputs.as_deref())?;
        block_on(async {
            let (bucket, functions) = self.root.aws().await?;
            let directory = Some(self.root.directory.as_path());
            let retries = self.retries.for_step();
            let comparison = compare(&bucket, &functions, &urls, retries, state.as_ref(), directory)
                .await
                .map_err(explain)?;
            print_step("repair", &comparison, &comparison.problems)
        })?
    }
}
