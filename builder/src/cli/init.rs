//! `builder init`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;

use super::arguments::{Argument, Arguments};
use super::{help, print, say};
use crate::init::init;

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut file, mut output, mut quiet) = (None, None::<PathBuf>, false);
    while let Some(argument) = arguments.next(&[("output", Some('o')), ("quiet", Some('q'))])? {
        match argument {
            Argument::Option("output") => output = Some(arguments.value()?.into()),
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => arguments.place(&mut file, value)?,
            Argument::Help => return print(help::INIT),
        }
    }
    let file = file.ok_or_else(|| anyhow!("which file? As in `builder init datasets/shop/products.csv`"))?;
    let report = init(&file, output.as_deref())?;
    if !quiet {
        for note in &report.notes {
            say(&format!("note: {note}"));
        }
        say(&format!("wrote {}; read it, `builder check` comes next", report.output.display()));
    }
    Ok(ExitCode::SUCCESS)
}
