//! `builder build`

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{anyhow, bail};

use super::arguments::{Argument, Arguments};
use super::check::{say_summary, write_findings};
use super::{FOUND, help, print, say};
use crate::count::{count, grouped};
use crate::history::Options;
use crate::progress::Progress;
use crate::release::{Built, Outcome, build};
use crate::watch::watch;
use datapackage::finding::text;

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut datasets, mut output, mut quiet, mut again) = (None, PathBuf::from("dist"), false, false);
    let (mut history, mut without, mut given) = (Options::default(), false, None);
    let known = [
        ("output", Some('o')),
        ("history", None),
        ("no-history", None),
        ("cache", None),
        ("watch", None),
        ("quiet", Some('q')),
    ];
    while let Some(argument) = arguments.next(&known)? {
        match argument {
            Argument::Option("output") => output = arguments.value()?.into(),
            Argument::Option("history") => {
                history.versions = versions(&arguments.text()?)?;
                given = Some("history");
            }
            Argument::Option("cache") => {
                history.cache = Some(arguments.value()?.into());
                given = Some("cache");
            }
            Argument::Option("no-history") => without = true,
            Argument::Option("watch") => again = true,
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => arguments.place(&mut datasets, value)?,
            Argument::Help => return print(help::BUILD),
        }
    }
    let datasets = datasets.unwrap_or_else(|| "datasets".into());
    if let (true, Some(option)) = (without, given) {
        bail!("`--{option}` and `--no-history` contradict each other");
    }
    let history = Some(history).filter(|_| !without);
    if !again {
        return once(&datasets, &output, history.as_ref(), quiet);
    }
    watch(&datasets, &output, || {
        if let Err(error) = once(&datasets, &output, history.as_ref(), quiet) {
            say(&format!("error: {error:#}"));
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

fn versions(text: &str) -> anyhow::Result<usize> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        anyhow!("`--history` takes a number of versions from 1; what is `{text}`? `--no-history` takes none")
    })
}

fn once(datasets: &Path, output: &Path, history: Option<&Options>, quiet: bool) -> anyhow::Result<ExitCode> {
    let progress = if quiet { Progress::quiet() } else { Progress::stderr() };
    let outcome = build(datasets, output, history, &progress);
    progress.finish();
    match outcome? {
        Outcome::Findings(checked) => {
            write_findings(text::write, &checked)?;
            say_summary(&checked, quiet);
            Ok(ExitCode::from(FOUND))
        }
        Outcome::Built(built) => {
            write_findings(text::write, &built.checked)?;
            say_summary(&built.checked, true);
            if !quiet {
                say_built(&built, output);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn say_built(built: &Built, output: &Path) {
    let manifest = &built.manifest;
    say(&format!(
        "{} {}: {}, {}, {} bytes, sha256 {}",
        if built.unchanged { "unchanged" } else { "built" },
        output.display(),
        count(manifest.tables.len(), "table"),
        count(built.checked.rows, "row"),
        grouped(manifest.database.bytes),
        manifest.database.sha256
    ));
    if let Some(reason) = &built.without_commit {
        say(&format!("note: the manifest names no commit: {reason}"));
    }
    for note in &built.notes {
        say(&format!("note: {note}"));
    }
}

/// How a format writes findings.
pub(super) type Write = fn(&mut dyn io::Write, &[datapackage::finding::Finding]) -> io::Result<()>;
