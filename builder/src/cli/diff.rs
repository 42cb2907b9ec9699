//! `builder diff`

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{anyhow, bail};

use super::arguments::{Argument, Arguments, unknown};
use super::check::{say_summary, write_findings};
use super::{FOUND, help, print};
use crate::diff::{Comparison, ReleaseRef, compare, json, markdown, text};
use crate::progress::Progress;
use datapackage::finding;

const FORMATS: [&str; 3] = ["text", "markdown", "json"];

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut sides, mut datasets, mut format, mut quiet) = (vec![], PathBuf::from("datasets"), "text", false);
    while let Some(argument) =
        arguments.next(&[("format", None), ("datasets", None), ("quiet", Some('q'))])?
    {
        match argument {
            Argument::Option("format") => {
                let name = arguments.text()?;
                let known = FORMATS.iter().find(|format| **format == name);
                format = known.ok_or_else(|| unknown("format", &name, &FORMATS))?;
            }
            Argument::Option("datasets") => datasets = arguments.value()?.into(),
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => sides.push(value),
            Argument::Help => return print(help::DIFF),
        }
    }
    let (old, new) = match &sides[..] {
        [] => bail!("`builder diff` needs a release to compare with, such as `builder diff HEAD`"),
        [old] => (old, None),
        [old, new] => (old, Some(new)),
        [_, _, more, ..] => {
            return Err(anyhow!("`builder diff` compares two releases; what is `{}`?", more.display()));
        }
    };
    let progress = if quiet { Progress::quiet() } else { Progress::stderr() };
    let old = ReleaseRef::find(old, &datasets, &progress)?;
    let new = match new {
        Some(new) => ReleaseRef::find(new, &datasets, &progress)?,
        None => {
            let (checked, new) = ReleaseRef::build(&datasets, &progress)?;
            let Some(new) = new else {
                progress.finish();
                write_findings(finding::text::write, &checked)?;
                say_summary(&checked, quiet);
                return Ok(ExitCode::from(FOUND));
            };
            new
        }
    };
    let comparison = compare(&old, &new, &progress)?;
    progress.finish();
    write(format, &comparison)?;
    Ok(ExitCode::SUCCESS)
}

fn write(format: &str, comparison: &Comparison<'_>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        "json" => json::write(&mut out, comparison)?,
        "markdown" => {
            let page = markdown::render(&comparison.diff, &comparison.old.name, &comparison.new.name);
            out.write_all(page.as_bytes())?;
        }
        _ => text::write(&mut out, &comparison.diff)?,
    }
    Ok(out.flush()?)
}
