//! `publisher step repair`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use crate::cli::options::{AddressOptions, RetryOptions, RootOptions, load_state};
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
    #[command(flatten)]
    addresses: AddressOptions,
    /// Output of `terraform output -json` in DIR/release: what the state has
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    outputs: Option<PathBuf>,
    #[command(flatten)]
    root: RootOptions,
    #[command(flatten)]
    retries: RetryOptions,
}

impl Repair {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        let state = load_state(self.outputs.as_deref())?;
        block_on(async {
            let (bucket, functions) = self.root.aws().await?;
            let root = self.root.release_root();
            let mut addresses = self.root.addresses(&self.addresses.urls);
            let retries = self.retries.for_step();
            let comparison =
                compare(&bucket, &functions, &mut addresses, retries, state.as_ref(), Some(&root))
                    .await
                    .map_err(explain)?;
            print_step("repair", &comparison, &comparison.problems)
        })?
    }
}
