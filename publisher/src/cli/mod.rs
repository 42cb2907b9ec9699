//! The command line: a file per command, each with its options as a type. Results are JSON on
//! stdout, one object a line; messages for people go to stderr.
//!
//! Exit codes: 0 success, 1 a check found problems, 2 wrong usage or a failure.

mod attestation;
mod completions;
mod datasets;
mod follow;
mod init;
mod list;
mod options;
mod output;
mod preflight;
mod prune;
mod pull;
mod reconcile;
mod release;
mod rollback;
mod run_report;
mod step;
mod upload;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

pub use output::print_error;

#[derive(Debug, Parser)]
#[command(
    name = "publisher",
    about = "Publishes releases: stores them in S3 and makes them live through Terraform.",
    after_help = "\
Credentials and region come from the variables and files that the AWS CLI reads: AWS_PROFILE,
AWS_ACCESS_KEY_ID, AWS_REGION, ~/.aws/config etc. AWS_ENDPOINT_URL selects an S3-compatible server.

Exit codes: 0 success, 1 a check found problems, 2 wrong usage or a failure.

Examples:
  publisher preflight --region eu-central-1
  publisher init
  publisher release --from dist
  publisher rollback --to previous
  publisher list --terraform terraform"
)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Preflight(preflight::Preflight),
    Init(init::Init),
    Attestation(attestation::AttestationCommand),
    Upload(upload::Upload),
    Release(release::Release),
    Rollback(rollback::Rollback),
    Reconcile(reconcile::Reconcile),
    Prune(prune::Prune),
    List(list::List),
    Pull(pull::Pull),
    Follow(follow::Follow),
    Verify(verify::Verify),
    Step(step::Step),
    Completions(completions::Completions),
}

/// Runs the command that the arguments name; the first of them is the program's name. `commit` is
/// the one that the program was built from, where that is known. Errors: failures.
pub fn run(arguments: impl Iterator<Item = OsString>, commit: Option<&str>) -> anyhow::Result<ExitCode> {
    // Once in a process: clap wants it static.
    let mut parser = CommandLine::command().version(&*catalog::program_version(commit).leak());
    let command = match builder::cli::parse::<CommandLine>(&mut parser, arguments)? {
        Ok(CommandLine { command: Some(command) }) => command,
        Ok(CommandLine { command: None }) => {
            builder::cli::written(parser.print_help())?;
            return Ok(ExitCode::SUCCESS);
        }
        Err(code) => return Ok(code),
    };
    match command {
        Command::Preflight(preflight) => preflight.run(),
        Command::Init(init) => init.run(),
        Command::Attestation(attestation) => attestation.run(),
        Command::Upload(upload) => upload.run(),
        Command::Release(release) => release.run(),
        Command::Rollback(rollback) => rollback.run(),
        Command::Reconcile(reconcile) => reconcile.run(),
        Command::Prune(prune) => prune.run(),
        Command::List(list) => list.run(),
        Command::Pull(pull) => pull.run(),
        Command::Follow(follow) => follow.run(),
        Command::Verify(verify) => verify.run(),
        Command::Step(step) => step.run(),
        Command::Completions(completions) => completions.run(parser),
    }
}
