//! The command line: arguments in, results as JSON on stdout, what people read on stderr.
//!
//! Exit codes: 0 all is well, 1 something is wrong with what was looked at, 2 wrong usage or a failure.

mod arguments;
mod deploy;
mod drive;
mod help;
mod publish;
mod pull;
mod releases;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{anyhow, bail};
use serde::Serialize;

use crate::store::{Bucket, Failure, Session, Target};
use arguments::Arguments;

/// Exit code 1: something is wrong with what was looked at.
const FOUND: u8 = 1;

const COMMANDS: [&str; 4] = ["publish", "releases", "pull", "deploy"];

/// Runs the command that the arguments, without the program's name, ask for. Errors: wrong usage
/// and failures.
pub fn run(arguments: impl Iterator<Item = OsString>) -> anyhow::Result<ExitCode> {
    let mut arguments = Arguments::new(arguments);
    let Some(command) = arguments.command()? else {
        return print(help::PUBLISHER);
    };
    match command.as_str() {
        "publish" => publish::run(arguments),
        "releases" => releases::run(arguments),
        "pull" => pull::run(arguments),
        "deploy" => deploy::run(arguments),
        "--help" | "-h" | "help" => arguments.alone(false).and_then(|_| print(help::PUBLISHER)),
        "--version" | "-V" => {
            arguments.alone(false)?;
            print(concat!("publisher ", env!("CARGO_PKG_VERSION"), "\n"))
        }
        other => Err(arguments::unknown("command", other, &COMMANDS)),
    }
}

/// Prints a line on stderr. A closed stderr is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
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
                "`publisher {}` takes `--bucket` or `--terraform`, not both: Terraform's directory names the buckets",
                self.command
            ),
            (Some(directory), []) => Target::from_terraform(directory).map_err(explain),
            (None, []) => bail!(
                "`publisher {}` needs `--bucket NAME`, or `--terraform DIR` where Terraform's root knows the buckets",
                self.command
            ),
            (None, buckets) => Target::from_buckets(buckets).map_err(explain),
        }
    }

    /// The first bucket, where the channel lies.
    fn first(&self, session: &Session) -> anyhow::Result<Bucket> {
        let target = self.target()?;
        let place = target.places.first().ok_or_else(|| anyhow!("no bucket is named"))?;
        session.bucket(place).map_err(explain)
    }
}

/// A failure with what to do about it.
fn explain(failure: Failure) -> anyhow::Error {
    let help = failure.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    let causes = anyhow::Error::new(failure);
    anyhow!("{causes:#}{help}")
}

/// A result for programs, on stdout.
fn print_json<T: Serialize>(result: &T) -> anyhow::Result<ExitCode> {
    print(&format!("{}\n", serde_json::to_string(result)?))
}
