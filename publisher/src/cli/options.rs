//! Options that several commands share.

use std::num::ParseIntError;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::anyhow;
use clap::{Args, ValueHint, value_parser};

use super::output::explain;
use crate::deploy::{ANSWERS, Driver, Function, Retries, RunReporter, functions};
use crate::store::{Bucket, Session, Target};
use crate::terraform::{Outputs, Terraform, Versions};

/// How many requests a whole release sends at most: a hundred seconds of wrong answers, since a CDN
/// may serve an answer for the minute that the reader's Cache-Control allows.
const RUN_TRIES: u32 = 200;

/// How many requests a single step sends at most.
const STEP_TRIES: u32 = 100;

/// One bucket.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct BucketOptions {
    /// Bucket; REGION=NAME if it is not in AWS_REGION
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
    /// Directory of Terraform's root, whose first bucket is used
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    terraform: Option<PathBuf>,
}

impl BucketOptions {
    pub(super) async fn bucket(&self) -> anyhow::Result<Bucket> {
        let target = target(self.terraform.as_deref(), self.bucket.as_slice())?;
        first_bucket(&Session::load().await, &target)
    }
}

/// Buckets given by name, or those of Terraform's root.
pub(super) fn target(terraform: Option<&Path>, buckets: &[String]) -> anyhow::Result<Target> {
    match terraform {
        Some(directory) => Target::from_terraform(directory).map_err(explain),
        None => Target::from_buckets(buckets).map_err(explain),
    }
}

/// The first bucket, where the channel is.
fn first_bucket(session: &Session, target: &Target) -> anyhow::Result<Bucket> {
    let location = target.locations.first().ok_or_else(|| anyhow!("no bucket is given"))?;
    session.bucket(location).map_err(explain)
}

/// Terraform's root, which names the buckets and the function.
#[derive(Debug, Args)]
pub(super) struct RootOptions {
    /// Directory of Terraform's root
    #[arg(long = "terraform", value_name = "DIR", default_value = "terraform")]
    #[arg(value_hint = ValueHint::DirPath)]
    pub(super) directory: PathBuf,
}

impl RootOptions {
    /// The first bucket, and the function in each region.
    pub(super) async fn aws(&self) -> anyhow::Result<(Bucket, Vec<Function>)> {
        let target = Target::from_terraform(&self.directory).map_err(explain)?;
        let session = Session::load().await;
        Ok((first_bucket(&session, &target)?, functions(&session, &target).map_err(explain)?))
    }

    pub(super) async fn driver<'a>(
        &self,
        urls: &[String],
        retries: Retries,
        reporter: &'a mut dyn RunReporter,
    ) -> anyhow::Result<Driver<'a>> {
        let (bucket, functions) = self.aws().await?;
        let terraform = Terraform::new(&self.directory).map_err(explain)?;
        Ok(Driver { bucket, functions, terraform, urls: urls.to_vec(), retries, reporter })
    }
}

/// A run with Terraform's applies in it.
#[derive(Debug, Args)]
pub(super) struct RunOptions {
    #[command(flatten)]
    pub(super) root: RootOptions,
    /// Address to query; repeatable [default: those in Terraform's outputs]
    #[arg(long = "url", value_name = "URL", value_hint = ValueHint::Url)]
    pub(super) urls: Vec<String>,
    #[command(flatten)]
    pub(super) retries: RetryOptions,
}

impl RunOptions {
    pub(super) async fn driver<'a>(&self, reporter: &'a mut dyn RunReporter) -> anyhow::Result<Driver<'a>> {
        self.root.driver(&self.urls, self.retries.for_run(), reporter).await
    }
}

/// The addresses that a step queries.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct AddressOptions {
    /// Address to query; repeatable
    #[arg(long = "url", value_name = "URL", value_hint = ValueHint::Url)]
    urls: Vec<String>,
    /// Output of `terraform output -json`, which has the addresses
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    outputs: Option<PathBuf>,
}

impl AddressOptions {
    /// The addresses and, from Terraform's outputs, what is live according to its state.
    pub(super) fn load(self) -> anyhow::Result<(Vec<String>, Option<Versions>)> {
        load_addresses(self.urls, self.outputs.as_deref())
    }
}

pub(super) fn load_addresses(
    urls: Vec<String>,
    outputs: Option<&Path>,
) -> anyhow::Result<(Vec<String>, Option<Versions>)> {
    let Some(path) = outputs else { return Ok((urls, None)) };
    let outputs = Outputs::load(path).map_err(explain)?;
    Ok((outputs.urls, outputs.live_version))
}

/// How often to query an address.
#[derive(Debug, Args)]
pub(super) struct RetryOptions {
    /// Requests to each address at most [default: 100; 200 with Terraform]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(i64::from(ANSWERS)..))]
    tries: Option<u32>,
    /// Milliseconds to wait after a wrong answer
    #[arg(long, value_name = "MS", default_value = "500", value_parser = milliseconds)]
    pause: Duration,
}

impl RetryOptions {
    pub(super) fn for_run(&self) -> Retries {
        Retries { tries: self.tries.unwrap_or(RUN_TRIES), pause: self.pause }
    }

    pub(super) fn for_step(&self) -> Retries {
        Retries { tries: self.tries.unwrap_or(STEP_TRIES), pause: self.pause }
    }
}

fn milliseconds(text: &str) -> Result<Duration, ParseIntError> {
    text.parse().map(Duration::from_millis)
}
