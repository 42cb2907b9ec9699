//! `reader`: serves a release over plain HTTP.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};
use reader::server::{self, Limits, StopWhen};
use reader::{Config, Door};

/// Serves a release over HTTP, for development and self-hosting.
#[derive(Debug, Parser)]
#[command(name = "reader")]
struct CommandLine {
    /// Directory with data.db and manifest.json, as `builder build` writes it
    #[arg(default_value = "dist")]
    release: PathBuf,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787", value_parser = address)]
    listen: SocketAddr,
    /// Stop when standard input ends too, for a program that starts it
    #[arg(long)]
    stop_with_stdin: bool,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "not an address and a port, such as 127.0.0.1:8787".into())
}

#[expect(clippy::print_stderr, reason = "this is the program")]
fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::print_stdout, reason = "this is the program")]
fn run() -> anyhow::Result<ExitCode> {
    let parsed = parser().try_get_matches().and_then(|found| CommandLine::from_arg_matches(&found));
    let CommandLine { release, listen, stop_with_stdin } = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to stdout with exit code 0, everything else to stderr with 2.
            // Where nobody reads it to its end, as in `| head`, that is no error.
            match error.print() {
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {}
                result => result?,
            }
            return Ok(ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2)));
        }
    };
    let config = Config::from_env(Door::Http, |name| std::env::var(name).ok())?;
    let limits = Limits::from_env(|name| std::env::var(name).ok())?;
    let stop = if stop_with_stdin { StopWhen::StdinEnds } else { StopWhen::Signalled };
    server::run(&release, &config, limits, listen, stop, |address| {
        println!("serving {} on http://{address}", release.display());
    })?;
    Ok(ExitCode::SUCCESS)
}

fn parser() -> clap::Command {
    let mut help =
        "When the release is replaced, the new one is served from the next request on.\n\nEnvironment:\n"
            .to_owned();
    for (name, legal) in Config::VARIABLES.iter().chain(&Limits::VARIABLES) {
        let _ = writeln!(help, "  {name}\n      {legal}"); // a String takes everything
    }
    help.push_str("\nExample:\n  reader dist --listen 0.0.0.0:8080");
    // The Makefile names the commit.
    let version = catalog::program_version(option_env!("COLDPRESS_COMMIT"));
    // Once in a process: clap wants it static.
    CommandLine::command().version(&*version.leak()).after_help(help)
}
