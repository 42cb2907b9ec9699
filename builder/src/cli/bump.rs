//! `builder bump`

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use anyhow::anyhow;

use super::arguments::{Argument, Arguments};
use super::check::{say_summary, write_findings};
use super::{FOUND, help, print};
use crate::diff::{Bump, Bumped, ReleaseRef, bump, compare};
use crate::history::PublishedVersions;
use crate::progress::Progress;
use datapackage::finding;

pub(super) fn run(mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (mut datasets, mut against, mut quiet) = (None, None::<OsString>, false);
    while let Some(argument) = arguments.next(&[("against", None), ("quiet", Some('q'))])? {
        match argument {
            Argument::Option("against") => against = Some(arguments.value()?),
            Argument::Option(_) => quiet = true,
            Argument::Value(value) => arguments.place(&mut datasets, value)?,
            Argument::Help => return print(help::BUMP),
        }
    }
    let against = against.ok_or_else(|| {
        anyhow!("`builder bump` needs what was published last, such as `builder bump --against origin/main`")
    })?;
    let datasets = datasets.unwrap_or_else(|| "datasets".into());
    let progress = if quiet { Progress::quiet() } else { Progress::stderr() };
    let (checked, new) = ReleaseRef::build(&datasets, &progress)?;
    let Some(new) = new else {
        progress.finish();
        write_findings(finding::text::write, &checked)?;
        say_summary(&checked, quiet);
        return Ok(ExitCode::from(FOUND));
    };
    let old = ReleaseRef::find(&against, &datasets, &progress)?;
    let comparison = compare(&old, &new, &progress)?;
    let (loaded, _) = crate::check::load_descriptors(&datasets)?;
    let published = PublishedVersions::new(&datasets, &old);
    let bumped = bump(&comparison, &datasets, &loaded, &|dataset, version| {
        published.find(dataset, version, &progress)
    })?;
    progress.finish();
    let mut out = std::io::stdout().lock();
    for bumped in &bumped {
        writeln!(out, "{}", line(bumped))?;
    }
    if bumped.is_empty() && !quiet {
        writeln!(out, "nothing changed since {}", old.name)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn line(bumped: &Bumped) -> String {
    let Bumped { dataset, path, bump } = bumped;
    match bump {
        Bump::Written { old, new, level } => {
            format!("{path}: version {old} -> {new} (the changes of `{dataset}` are {})", level.name())
        }
        Bump::Enough { version } => format!("{path}: version {version} is enough"),
        Bump::None { found: None } => {
            format!("{path}: `{dataset}` changed and has no `version`; 1.0.0 would be its first")
        }
        Bump::None { found: Some(found) } => {
            format!(
                "{path}: `{dataset}` changed, and \"{found}\" can't be bumped: it or the one before is no semantic version"
            )
        }
    }
}
