//! `publisher reconcile`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::options::{RunOptions, load_state};
use super::output::{explain, print_step};
use super::run_report::{StepPrinter, print_outcome};
use crate::deploy::{caching_problem, compare};
use crate::store::block_on;

/// Compare what is served with the alias, Terraform's state and the channel
#[derive(Debug, Args)]
#[command(after_help = "\
Without --repair nothing changes and Terraform does not run; its state is compared only if --outputs
has it.

Examples:
  publisher reconcile --outputs outputs.json
  publisher reconcile --repair")]
pub(super) struct Reconcile {
    /// On a difference, make the release live that was verified last
    #[arg(long, conflicts_with = "outputs")]
    repair: bool,
    #[command(flatten)]
    run: RunOptions,
    /// Output of `terraform output -json` in DIR/release: what the state has
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    outputs: Option<PathBuf>,
}

impl Reconcile {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            if self.repair {
                let mut printer = StepPrinter;
                let outcome = self.run.driver(&mut printer).await?.repair().await;
                let code = print_outcome("reconcile", &outcome)?;
                self.run.log("reconcile", &outcome).await;
                return Ok(code);
            }
            let state = load_state(self.outputs.as_deref())?;
            let mut addresses = self.run.root.addresses(&self.run.addresses.urls);
            let (bucket, functions) = self.run.root.aws().await?;
            let retries = self.run.retries.for_step();
            let mut comparison = compare(&bucket, &functions, &mut addresses, retries, state.as_ref(), None)
                .await
                .map_err(explain)?;
            // Not with --repair: what a person set, no release before it mends.
            let caching =
                caching_problem(&bucket, &mut addresses, &functions, &comparison.live_version).await;
            let caching = caching.map_err(explain)?;
            comparison.problems.extend(caching.map(|found| format!("{}: {}", found.problem, found.help)));
            print_step("reconcile", &comparison, &comparison.problems)
        })?
    }
}
