//! `publisher prune`

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::options::RootOptions;
use super::output::{explain, print_step};
use crate::deploy::{Expired, Pruned, RELEASE_DAYS, expire, prune};
use crate::store::block_on;

/// Delete old versions of the function, and old releases that were never live
#[derive(Debug, Args)]
#[command(after_help = "\
Keeps every version that an alias or its weights use, the newest 20, and those younger than 30
days.

Keeps every release that the channel names, so all of the last 200 that were live, every one that
Lambda has a version of, the newest 20, and those younger than --release-days. The buckets keep
what is deleted for another 30 days.

Example:
  publisher prune --dry-run")]
pub(super) struct Prune {
    #[command(flatten)]
    root: RootOptions,
    /// Only list what would be deleted
    #[arg(long)]
    dry_run: bool,
    /// Days that a release stays that the channel does not name
    #[arg(long, value_name = "DAYS", default_value_t = RELEASE_DAYS)]
    release_days: u32,
    /// Time to compute ages at, such as 2026-11-23T08:00:00Z [default: now]
    #[arg(long, value_name = "TIME")]
    now: Option<jiff::Timestamp>,
}

#[derive(Serialize)]
struct Deleted {
    #[serde(flatten)]
    versions: Pruned,
    releases: Expired,
}

impl Prune {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let (buckets, functions) = self.root.all_buckets().await?;
            let now = self.now.unwrap_or_else(jiff::Timestamp::now).as_second();
            let versions = prune(&functions, now, self.dry_run).await.map_err(explain)?;
            let releases = expire(&buckets, &functions, now, self.release_days, self.dry_run);
            let releases = releases.await.map_err(explain)?;
            print_step("prune", &Deleted { versions, releases }, &[])
        })?
    }
}
