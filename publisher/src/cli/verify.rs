//! `publisher verify`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use clap::{Args, ValueHint};

use super::options::{AddressOptions, RetryOptions, RootOptions};
use super::output::{PROBLEMS, explain, print_step, progress};
use crate::deploy::{Release, verify};
use crate::outside::{
    Check, Served, State, check_attestation, check_rebuild, check_row, check_table, example_keys,
};
use crate::store::block_on;

/// Query the API until 20 answers in a row come from the release; or check a URL
#[derive(Debug, Args)]
#[command(after_help = "\
Given a URL instead of a release, checks what anybody can check there without an AWS account:
the manifest and its roots, its attestation (with `gh`), rows, the absence of rows, now or in a
version, whole tables, a rebuild. Prints a line for each: ok, FAILED or skipped.

Examples:
  publisher verify live
  publisher verify live --url https://api.example.org
  publisher verify https://api.example.org
  publisher verify https://api.example.org --key products/42 --table products --repo OWNER/REPO
  publisher verify https://api.example.org --at 1.4.0 --key products/42
  publisher verify https://api.example.org --rebuild datasets")]
pub(super) struct Verify {
    /// Release: an id, `live` or `previous`; or the URL of an API
    #[arg(value_name = "RELEASE|URL")]
    target: String,
    /// Key to check, of a row or of none; by default, one of each
    #[arg(long, value_name = "TABLE/KEY", help_heading = "Options for a URL")]
    key: Vec<String>,
    /// Version in which the keys are checked, or the commit that made it
    #[arg(long, value_name = "VERSION", requires = "key", help_heading = "Options for a URL")]
    at: Option<String>,
    /// Table to check as a whole, by its file
    #[arg(long, value_name = "TABLE", help_heading = "Options for a URL")]
    table: Vec<String>,
    /// Repository whose workflow attested the manifest
    #[arg(long, value_name = "OWNER/REPO", help_heading = "Options for a URL")]
    repo: Option<String>,
    /// Repository of that workflow, if it is another one
    #[arg(long, value_name = "OWNER/REPO", requires = "repo", help_heading = "Options for a URL")]
    signer_repo: Option<String>,
    /// Build the commit again, from the datasets of a clone
    #[arg(
        long,
        value_name = "DATASETS",
        num_args = 0..=1,
        default_missing_value = "datasets",
        value_hint = ValueHint::DirPath,
        help_heading = "Options for a URL"
    )]
    rebuild: Option<PathBuf>,
    #[command(flatten)]
    addresses: AddressOptions,
    #[command(flatten)]
    root: RootOptions,
    #[command(flatten)]
    retries: RetryOptions,
}

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        if self.target.starts_with("http://") || self.target.starts_with("https://") {
            return block_on(self.check_url())?;
        }
        if !self.key.is_empty() || !self.table.is_empty() || self.repo.is_some() || self.rebuild.is_some() {
            bail!("--key, --table, --repo and --rebuild are for a URL, and `{}` is a release", self.target);
        }
        block_on(async {
            let (bucket, _) = self.root.aws().await?;
            let urls = self.root.addresses(&self.addresses.urls).urls(&bucket).await.map_err(explain)?;
            let release = Release::find(&bucket, &self.target).await.map_err(explain)?;
            let verification = verify(&release, &urls, self.retries.for_step()).await;
            print_step("verify", &verification, &verification.problems)
        })?
    }

    async fn check_url(self) -> anyhow::Result<ExitCode> {
        let mut keys = vec![];
        for key in &self.key {
            let key = key.split_once('/').filter(|(table, key)| !table.is_empty() && !key.is_empty());
            let (table, key) = key.ok_or_else(|| anyhow!("--key takes TABLE/KEY, such as products/42"))?;
            keys.push((table.to_owned(), key.to_owned()));
        }
        let served = Served::open(&self.target).await.map_err(anyhow::Error::msg)?;
        let mut failed = false;
        let mut print = |check: Check| {
            failed |= check.state == State::Failed;
            builder::cli::written(writeln!(std::io::stdout(), "{check}"))
        };
        print(served.check())?;
        print(check_attestation(&served, self.repo.as_deref(), self.signer_repo.as_deref()).await)?;
        if keys.is_empty() {
            keys = example_keys(&served).await.map_err(anyhow::Error::msg)?;
        }
        for (table, key) in &keys {
            print(check_row(&served, table, key, self.at.as_deref()).await)?;
        }
        for table in &self.table {
            print(check_table(&served, table).await)?;
        }
        if let Some(datasets) = &self.rebuild {
            print(check_rebuild(&served, datasets, &progress(true)))?;
        }
        Ok(if failed { ExitCode::from(PROBLEMS) } else { ExitCode::SUCCESS })
    }
}
