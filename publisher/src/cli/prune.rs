//! `publisher prune`

use std::process::ExitCode;

use clap::Args;

use super::options::RootOptions;
use super::output::{explain, print_step};
use crate::deploy::prune;
use crate::store::block_on;

/// Delete old versions of the function
#[derive(Debug, Args)]
#[command(after_help = "\
Keeps every version that an alias or its weights use, the newest 20, and those younger than 30
days. Packages in S3 stay, so every release can be made live again.

Example:
  publisher prune --dry-run")]
pub(super) struct Prune {
    #[command(flatten)]
    root: RootOptions,
    /// Only list what would be deleted
    #[arg(long)]
    dry_run: bool,
    /// Time to compute ages at, such as 2026-11-23T08:00:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    now: Option<jiff::Timestamp>,
}

impl Prune {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let (_, functions) = self.root.aws().await?;
            let now = self.now.unwrap_or_else(jiff::Timestamp::now).as_second();
            let pruned = prune(&functions, now, self.dry_run).await.map_err(explain)?;
            print_step("prune", &pruned, &[])
        })?
    }
}
