//! `builder bump`

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::FINDINGS;
use super::findings::{Format, report};
use super::output::progress;
use crate::diff::{self, Bumped, ReleaseRef, bump, compare};
use crate::history::PublishedVersions;

/// Update the descriptors' versions to those that the changes require
#[derive(Debug, Args)]
#[command(after_help = "\
Writes the lowest version that `builder check --against RELEASE` accepts into the descriptor of
each dataset that changed; the rest of the file stays as it is. A dataset without a version gets
none. RELEASE is a release's directory or database, or a revision of the Git repository that
contains DATASETS.

Example:
  builder bump --against origin/main")]
pub(super) struct Bump {
    /// Directory of datasets
    #[arg(default_value = "datasets", value_hint = ValueHint::DirPath)]
    datasets: PathBuf,
    /// The latest published release
    #[arg(long, value_name = "RELEASE", value_hint = ValueHint::AnyPath)]
    against: OsString,
    /// Don't show progress
    #[arg(short, long)]
    quiet: bool,
}

impl Bump {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self { datasets, against, quiet } = self;
        let progress = progress(quiet);
        let (checked, new) = ReleaseRef::build(&datasets, &progress)?;
        let Some(new) = new else {
            progress.finish();
            report(Format::Text, &checked, quiet)?;
            return Ok(ExitCode::from(FINDINGS));
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
}

fn line(bumped: &Bumped) -> String {
    let Bumped { dataset, path, bump } = bumped;
    match bump {
        diff::Bump::Written { old, new, level } => {
            format!("{path}: version {old} -> {new} (the changes of `{dataset}` are {})", level.name())
        }
        diff::Bump::Enough { version } => format!("{path}: version {version} is high enough"),
        diff::Bump::None { found: None } => {
            format!("{path}: `{dataset}` changed and has no `version`; 1.0.0 would be its first")
        }
        diff::Bump::None { found: Some(found) } => {
            format!(
                "{path}: `{dataset}` changed, and \"{found}\" can't be bumped: it or the previous version is not a semantic version"
            )
        }
    }
}
