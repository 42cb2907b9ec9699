//! `publisher reconcile`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::options::{RunOptions, load_addresses};
use super::output::{explain, print_step};
use super::run_report::{StepPrinter, print_outcome};
use crate::deploy::compare;
use crate::store::block_on;

/// Compare what is served with the alias, Terraform's state and the channel
#[derive(Debug, Args)]
#[command(after_help = "\
Without --repair nothing changes, Terraform does not run, and only the addresses given by --url or
--outputs are queried.

Examples:
  publisher reconcile --outputs outputs.json
  publisher reconcile --repair")]
pub(super) struct Reconcile {
    /// On a difference, make the release live that was verified last
    #[arg(long, conflicts_with = "outputs")]
    repair: bool,
    #[command(flatten)]
    run: RunOptions,
    /// Output of `terraform output -json`: addresses, and Terraform's state
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "urls")]
    outputs: Option<PathBuf>,
}

impl Reconcile {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            if self.repair {
                let mut printer = StepPrinter;
                let outcome = self.run.driver(&mut printer).await?.repair().await;
                return print_outcome("reconcile", &outcome);
            }
            let (urls, state) = load_addresses(self.run.urls, self.outputs.as_deref())?;
            let (bucket, functions) = self.run.root.aws().await?;
            let retries = self.run.retries.for_step();
            let comparison =
                compare(&bucket, &functions, &urls, retries, state.as_ref(), None).await.map_err(explain)?;
            print_step("reconcile", &comparison, &comparison.problems)
        })?
    }
}
