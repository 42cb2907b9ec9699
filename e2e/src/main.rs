//! `lambda-double ZIP`: runs a package by hand, or for tests that are no Rust.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use e2e::{Double, Log, Options};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

const USAGE: &str = "\
usage: lambda-double ZIP [--listen 127.0.0.1:0] [--invoke 127.0.0.1:0] [--timeout SECONDS] [--memory MB]
                     [--environment NAME=VALUE]...

Prints the address of the HTTP API, and with `--invoke` on a second line that of Lambda's Invoke API.";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(io::stderr(), "error: {message}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), String> {
    let mut zip = None;
    let mut options = Options { log: Log::Inherit, ..Options::default() };
    let mut arguments = env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default().to_string_lossy().into_owned();
        match argument.to_str() {
            Some("-h" | "--help") => {
                return writeln!(io::stdout(), "{USAGE}").map_err(|error| error.to_string());
            }
            Some("--listen") => options.listen = address("--listen", &value())?,
            Some("--invoke") => options.invoke = Some(address("--invoke", &value())?),
            Some("--timeout") => options.timeout = Duration::from_secs(number("--timeout", &value())?),
            Some("--memory") => options.memory = number("--memory", &value())?,
            Some("--environment") => options.environment.push(variable(&value())?),
            Some(option) if option.starts_with('-') => {
                return Err(format!("unknown option `{option}`\n{USAGE}"));
            }
            _ if zip.is_none() => zip = Some(argument),
            _ => return Err(format!("more than one ZIP\n{USAGE}")),
        }
    }
    let zip: OsString = zip.ok_or_else(|| format!("no ZIP is named\n{USAGE}"))?;

    // Before anything is made that has to be removed again.
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(|error| error.to_string())?;
    let double = Double::start(zip.as_ref(), options).map_err(|error| error.to_string())?;
    for url in [Some(double.url()), double.invoke_url()].into_iter().flatten() {
        writeln!(io::stdout(), "{url}").map_err(|error| error.to_string())?;
    }
    signals.forever().next();
    Ok(())
}

fn address(option: &str, text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("`{option}` takes an address and a port such as 127.0.0.1:9000, not \"{text}\""))
}

fn number<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{option}` takes a whole number, not \"{text}\""))
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.into(), value.into())),
        _ => Err(format!("`--environment` takes NAME=VALUE, not \"{text}\"")),
    }
}
