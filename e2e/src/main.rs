//! `lambda-double ZIP [--listen ADDRESS]`: runs a package by hand.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use e2e::{Double, Log, Options};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

const USAGE: &str = "usage: lambda-double ZIP [--listen 127.0.0.1:0]";

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
        match argument.to_str() {
            Some("-h" | "--help") => {
                return writeln!(io::stdout(), "{USAGE}").map_err(|error| error.to_string());
            }
            Some("--listen") => {
                let address = arguments.next().unwrap_or_default();
                let address = address.to_string_lossy();
                options.listen = address.parse().map_err(|_| {
                    format!(
                        "`--listen` takes an address and a port such as 127.0.0.1:9000, not \"{address}\""
                    )
                })?;
            }
            Some(option) if option.starts_with('-') => {
                return Err(format!("unknown option `{option}`\n{USAGE}"));
            }
            _ if zip.is_none() => zip = Some(argument),
            _ => return Err(format!("more than one ZIP\n{USAGE}")),
        }
    }
    let zip = zip.ok_or_else(|| format!("no ZIP is named\n{USAGE}"))?;

    // Before anything is made that has to be removed again.
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(|error| error.to_string())?;
    let double = Double::start(zip.as_ref(), options).map_err(|error| error.to_string())?;
    writeln!(io::stdout(), "{}", double.url()).map_err(|error| error.to_string())?;
    signals.forever().next();
    Ok(())
}
