//! The command line: a file per command, each with its options as a type. Findings go to stdout,
//! summaries and failures to stderr.
//!
//! Exit codes: 0 success, 1 the data has errors, 2 incorrect usage or a failure.

mod build;
mod bump;
mod check;
mod completions;
mod diff;
mod findings;
mod init;
mod new;
mod output;
mod package;
mod serve;
mod verify;

pub use completions::Shell;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use output::{print_error, written};

use crate::temporary::remove_on_signals;

/// Exit code 1: the data has errors.
const FINDINGS: u8 = 1;

#[derive(Debug, Parser)]
#[command(
    name = "builder",
    about = "Builds releases from versioned CSV datasets: one SQLite file and its manifest.",
    after_help = "\
Exit codes: 0 success, 1 the data has errors, 2 incorrect usage or a failure.

Examples:
  builder serve products.csv
  builder new shop
  builder init datasets/shop/products.csv
  builder check
  builder build datasets -o dist"
)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    New(new::New),
    Init(init::Init),
    Check(check::Check),
    Build(build::Build),
    Diff(diff::Diff),
    Bump(bump::Bump),
    Verify(verify::Verify),
    Package(package::Package),
    Completions(completions::Completions),
}

impl Command {
    /// Whether the first signal only ends its loop (`watch`).
    fn ends_by_itself(&self) -> bool {
        matches!(self, Self::Serve(_)) || matches!(self, Self::Build(build) if build.watches())
    }
}

/// Runs the command that the arguments name; the first of them is the program's name. `commit` is
/// the one that the program was built from, where that is known. Errors: failures.
pub fn run(arguments: impl Iterator<Item = OsString>, commit: Option<&str>) -> anyhow::Result<ExitCode> {
    let mut parser = parser(commit);
    let command = match parse::<CommandLine>(&mut parser, arguments)? {
        Ok(CommandLine { command: Some(command) }) => command,
        Ok(CommandLine { command: None }) => {
            written(parser.print_help())?;
            return Ok(ExitCode::SUCCESS);
        }
        Err(code) => return Ok(code),
    };
    if !command.ends_by_itself() {
        remove_on_signals()?;
    }
    match command {
        Command::Serve(serve) => serve.run(),
        Command::New(new) => new.run(),
        Command::Init(init) => init.run(),
        Command::Check(check) => check.run(),
        Command::Build(build) => build.run(),
        Command::Diff(diff) => diff.run(),
        Command::Bump(bump) => bump.run(),
        Command::Verify(verify) => verify.run(),
        Command::Package(package) => package.run(),
        Command::Completions(completions) => completions.run(parser),
    }
}

/// The arguments as a command line; the exit code where help or the version was printed (0), or usage
/// errors (2). Errors: nothing can be printed.
pub fn parse<T: FromArgMatches>(
    parser: &mut clap::Command,
    arguments: impl Iterator<Item = OsString>,
) -> anyhow::Result<Result<T, ExitCode>> {
    match parser.try_get_matches_from_mut(arguments).and_then(|found| T::from_arg_matches(&found)) {
        Ok(parsed) => Ok(Ok(parsed)),
        Err(error) => {
            written(error.print())?;
            Ok(Err(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))))
        }
    }
}

fn parser(commit: Option<&str>) -> clap::Command {
    CommandLine::command().version(&*catalog::program_version(commit).leak()) // once in a process: clap wants it static
}
