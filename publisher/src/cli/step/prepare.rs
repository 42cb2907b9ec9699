//! `publisher step prepare`

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::cli::options::RootOptions;
use crate::cli::output::{explain, print_step};
use crate::cli::run_report::StepPrinter;
use crate::deploy::{ANSWERS, Release, Retries, prepare};
use crate::store::block_on;

/// Write the variables of the first apply: the new release, nothing new live
#[derive(Debug, Args)]
#[command(after_help = "\
`--current` prepares a plan of a change of settings: the release stays as it is.

Examples:
  publisher step prepare 0123456789abcdef
  publisher step prepare --current && terraform -chdir=terraform/release plan")]
pub(in crate::cli) struct Prepare {
    #[command(flatten)]
    release: PrepareOptions,
    #[command(flatten)]
    root: RootOptions,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct PrepareOptions {
    /// Release: an id, `live` or `previous`
    #[arg(value_name = "RELEASE")]
    name: Option<String>,
    /// The release that was applied last, to plan other changes
    #[arg(long)]
    current: bool,
}

impl Prepare {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let Some(name) = &self.release.name else { return self.current().await };
            let (bucket, functions) = self.root.aws().await?;
            let release = Release::find(&bucket, name).await.map_err(explain)?;
            let prepared = prepare(&functions, &release, &self.root.release_root()).await.map_err(explain)?;
            print_step("prepare", &prepared, &[])
        })?
    }

    async fn current(&self) -> anyhow::Result<ExitCode> {
        let mut printer = StepPrinter;
        // Nothing is queried over HTTP.
        let retries = Retries { tries: ANSWERS, pause: std::time::Duration::ZERO };
        let driver = self.root.driver(&[], retries, &mut printer).await?;
        match driver.prepare_current().await.map_err(explain)? {
            Some(prepared) => print_step("prepare", &prepared, &[]),
            None => print_step("prepare", &json!({"release": null, "live_version": {}}), &[]),
        }
    }
}
