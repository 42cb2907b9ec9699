//! The commands that speak with AWS.

mod deploy;
mod drive;
mod publish;
mod pull;
mod releases;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use serde::Serialize;

use super::arguments::Arguments;
use crate::publish::{Bucket, Failure, Session, Target};

pub(super) fn run(command: &str, arguments: Arguments) -> anyhow::Result<ExitCode> {
    match command {
        "publish" => publish::run(arguments),
        "deploy" => deploy::run(arguments),
        "pull" => pull::run(arguments),
        _ => releases::run(arguments),
    }
}

/// Where releases lie, as options say it.
#[derive(Default)]
struct Where {
    command: &'static str,
    buckets: Vec<String>,
    terraform: Option<PathBuf>,
}

impl Where {
    const OPTIONS: [(&'static str, Option<char>); 2] = [("bucket", None), ("terraform", None)];

    fn of(command: &'static str) -> Self {
        Self { command, ..Self::default() }
    }

    fn bucket(&mut self, value: String) {
        self.buckets.push(value);
    }

    fn terraform(&mut self, value: OsString) {
        self.terraform = Some(value.into());
    }

    fn target(&self) -> anyhow::Result<Target> {
        match (&self.terraform, self.buckets.as_slice()) {
            (Some(_), [_, ..]) => bail!(
                "`builder {}` takes `--bucket` or `--terraform`, not both: Terraform's directory names the buckets",
                self.command
            ),
            (Some(directory), []) => Target::from_terraform(directory).map_err(say),
            (None, []) => bail!(
                "`builder {}` needs `--bucket NAME`, or `--terraform DIR` where Terraform's root knows the buckets",
                self.command
            ),
            (None, buckets) => Target::from_buckets(buckets).map_err(say),
        }
    }

    /// The first bucket, where the channel lies.
    fn first(&self, session: &Session) -> anyhow::Result<Bucket> {
        let target = self.target()?;
        let place = target.places.first().ok_or_else(|| anyhow!("no bucket is named"))?;
        session.bucket(place).map_err(say)
    }
}

/// A failure with what to do about it.
fn say(failure: Failure) -> anyhow::Error {
    let help = failure.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    let causes = anyhow::Error::new(failure);
    anyhow!("{causes:#}{help}")
}

/// A result for programs, on stdout.
fn print_json<T: Serialize>(result: &T) -> anyhow::Result<ExitCode> {
    super::print(&format!("{}\n", serde_json::to_string(result)?))
}
