//! Options that several commands share.

use std::num::ParseIntError;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::anyhow;
use clap::{Args, ValueHint, value_parser};

use super::output::{explain, print_line};
use crate::deploy::{
    ANSWERS, Addresses, Cdn, Driver, Function, Retries, RunOutcome, RunReporter, functions, log_run,
};
use crate::store::{Bucket, RELEASE_ROOT, Session, Target};
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
    pub(super) bucket: Option<String>,
    /// Directory of Terraform's roots, whose first bucket is used
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(super) terraform: Option<PathBuf>,
}

impl BucketOptions {
    pub(super) async fn bucket(&self) -> anyhow::Result<Bucket> {
        let target = target(self.terraform.as_deref(), self.bucket.as_slice())?;
        first_bucket(&Session::load().await, &target)
    }
}

/// Buckets given by name, or those of Terraform's roots.
pub(super) fn target(terraform: Option<&Path>, buckets: &[String]) -> anyhow::Result<Target> {
    match terraform {
        Some(directory) => Target::from_terraform(directory).map_err(explain),
        None => Target::from_buckets(buckets).map_err(explain),
    }
}

/// The first bucket, where the channel is.
pub(super) fn first_bucket(session: &Session, target: &Target) -> anyhow::Result<Bucket> {
    let location = target.locations.first().ok_or_else(|| anyhow!("no bucket is given"))?;
    session.bucket(location).map_err(explain)
}

/// Terraform's roots, which name the buckets and the function.
#[derive(Debug, Args)]
pub(super) struct RootOptions {
    /// Directory of Terraform's roots
    #[arg(long = "terraform", value_name = "DIR", default_value = "terraform")]
    #[arg(value_hint = ValueHint::DirPath)]
    pub(super) directory: PathBuf,
}

impl RootOptions {
    /// The first bucket, and the function in each region.
    pub(super) async fn aws(&self) -> anyhow::Result<(Bucket, Vec<Function>)> {
        self.aws_of(&Session::load().await)
    }

    /// The bucket and the function in each region, the first one's first.
    pub(super) async fn all_buckets(&self) -> anyhow::Result<(Vec<Bucket>, Vec<Function>)> {
        let session = Session::load().await;
        let target = Target::from_terraform(&self.directory).map_err(explain)?;
        let buckets = target.locations.iter().map(|location| session.bucket(location).map_err(explain));
        Ok((buckets.collect::<anyhow::Result<_>>()?, functions(&session, &target).map_err(explain)?))
    }

    fn aws_of(&self, session: &Session) -> anyhow::Result<(Bucket, Vec<Function>)> {
        let target = Target::from_terraform(&self.directory).map_err(explain)?;
        Ok((first_bucket(session, &target)?, functions(session, &target).map_err(explain)?))
    }

    /// The root that a release applies.
    pub(super) fn release_root(&self) -> PathBuf {
        self.directory.join(RELEASE_ROOT)
    }

    /// The API's addresses: `urls` if there are any, otherwise those in S3.
    pub(super) fn addresses(&self, urls: &[String]) -> Addresses {
        Addresses::new(urls.to_vec(), self.directory.clone())
    }

    pub(super) async fn driver<'a>(
        &self,
        urls: &[String],
        retries: Retries,
        reporter: &'a mut dyn RunReporter,
    ) -> anyhow::Result<Driver<'a>> {
        let session = Session::load().await;
        let (bucket, functions) = self.aws_of(&session)?;
        let function = Target::from_terraform(&self.directory).map_err(explain)?.function;
        let terraform = Terraform::new(&self.release_root()).map_err(explain)?.with_function(function);
        let (addresses, cdn) = (self.addresses(urls), Cdn::new(&session));
        Ok(Driver { bucket, functions, terraform, addresses, cdn, retries, reporter })
    }
}

/// A run with Terraform's applies in it.
#[derive(Debug, Args)]
pub(super) struct RunOptions {
    #[command(flatten)]
    pub(super) root: RootOptions,
    #[command(flatten)]
    pub(super) addresses: AddressOptions,
    #[command(flatten)]
    pub(super) retries: RetryOptions,
}

impl RunOptions {
    pub(super) async fn driver<'a>(&self, reporter: &'a mut dyn RunReporter) -> anyhow::Result<Driver<'a>> {
        self.root.driver(&self.addresses.urls, self.retries.for_run(), reporter).await
    }

    /// Writes to the log of runs, which an alarm watches. The run is over, so a failure is only said.
    pub(super) async fn log(&self, command: &str, run: &RunOutcome) {
        let Ok(target) = Target::from_terraform(&self.root.directory) else { return };
        if let Err(failure) = log_run(&Session::load().await, &target, command, run).await {
            print_line(&format!("note: {}", failure.with_causes()));
            print_line(
                "  help: what is live is not affected, but the alarm `silent` goes off if this lasts; terraform/service makes the log",
            );
        }
    }
}

/// The addresses to query.
#[derive(Debug, Args)]
pub(super) struct AddressOptions {
    /// Address to query; repeatable [default: those of the service]
    #[arg(long = "url", value_name = "URL", value_hint = ValueHint::Url)]
    pub(super) urls: Vec<String>,
}

/// What is live according to Terraform's state, from a file with its outputs.
pub(super) fn load_state(outputs: Option<&Path>) -> anyhow::Result<Option<Versions>> {
    let Some(path) = outputs else { return Ok(None) };
    Ok(Outputs::load(path).map_err(explain)?.live_version)
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

pub(super) fn milliseconds(text: &str) -> Result<Duration, ParseIntError> {
    text.parse().map(Duration::from_millis)
}
