//! `reader`: serves a release over plain HTTP.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use reader::Config;

const HELP: &str = "\
Serves a release over HTTP, for development and self-hosting.

Usage: reader [RELEASE] [--listen ADDRESS:PORT]

RELEASE is a directory with data.db and manifest.json, as `builder build` writes it (default:
dist). When it is replaced, the new release is served from the next request on.

Options:
  --listen ADDRESS:PORT  where to take requests (default: 127.0.0.1:8787; port 0 takes a free one)
  -h, --help             this text
  -V, --version          the version

Environment:
";

#[expect(clippy::print_stderr, reason = "this is the program")]
fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::print_stdout, reason = "this is the program")]
fn run() -> anyhow::Result<()> {
    use lexopt::prelude::*;
    let mut release = None;
    let mut listen = SocketAddr::from(([127, 0, 0, 1], 8787));
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("listen") => {
                let text = arguments.value()?.string()?;
                listen = text.parse().with_context(|| {
                    format!("--listen takes an address and a port, as in 127.0.0.1:8787, not \"{text}\"")
                })?;
            }
            Short('h') | Long("help") => {
                print!("{HELP}");
                for (name, legal) in Config::VARIABLES {
                    println!("  {name:<24}{legal}");
                }
                return Ok(());
            }
            Short('V') | Long("version") => {
                println!("reader {}", env!("CARGO_PKG_VERSION"));
                return Ok(());
            }
            Value(value) if release.is_none() => release = Some(PathBuf::from(value)),
            other => bail!("{}; see reader --help", other.unexpected()),
        }
    }
    let release = release.unwrap_or_else(|| "dist".into());
    let config = Config::from_env(|name| std::env::var(name).ok())?;
    reader::server::run(&release, &config, listen, |address| {
        println!("serving {} on http://{address}", release.display());
    })
}
