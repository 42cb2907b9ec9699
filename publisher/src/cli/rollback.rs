//! `publisher rollback`

use std::process::ExitCode;

use clap::Args;

use super::options::RunOptions;
use super::run_report::{StepPrinter, print_outcome};
use crate::store::block_on;

/// Make an earlier release live
#[derive(Debug, Args)]
#[command(after_help = "\
Like `publisher release`, but without the first apply if Lambda still has the release's version.

Example:
  publisher rollback --to previous")]
pub(super) struct Rollback {
    /// Release: an id, `live` or `previous`
    #[arg(long, value_name = "RELEASE")]
    to: String,
    #[command(flatten)]
    run: RunOptions,
}

impl Rollback {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let mut printer = StepPrinter;
            let outcome = self.run.driver(&mut printer).await?.roll_back(&self.to).await;
            let code = print_outcome("rollback", &outcome)?;
            self.run.log("rollback", &outcome).await;
            Ok(code)
        })?
    }
}
