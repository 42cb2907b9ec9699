//! `builder package`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use catalog::PACKAGE_FILE;

use super::arguments::{Argument, Arguments};
use super::{help, print, say};
use crate::package::{Options, run as package};

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut bootstrap, mut release, mut output, mut quiet) = (None, PathBuf::from("dist"), None, false);
    let known = [("bootstrap", None), ("release", None), ("output", Some('o')), ("quiet", Some('q'))];
    while let Some(argument) = arguments.next(&known)? {
        match argument {
            Argument::Option("bootstrap") => bootstrap = Some(PathBuf::from(arguments.value()?)),
            Argument::Option("release") => release = arguments.value()?.into(),
            Argument::Option("output") => output = Some(PathBuf::from(arguments.value()?)),
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => return Err(arguments.unexpected(&value)),
            Argument::Help => return print(help::PACKAGE),
        }
    }
    let bootstrap = bootstrap
        .ok_or_else(|| anyhow!("`builder package` needs `--bootstrap PATH`; `make bootstrap` builds one"))?;
    let output = output.unwrap_or_else(|| release.join(PACKAGE_FILE));
    let report = package(&Options { bootstrap, release, output }).map_err(|failure| {
        let help = failure.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
        anyhow!("{failure}{help}")
    })?;
    if !quiet {
        say(&format!("packaged {report}"));
    }
    Ok(ExitCode::SUCCESS)
}
