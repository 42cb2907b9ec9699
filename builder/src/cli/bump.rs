//! `builder bump`

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::FINDINGS;
use super::findings::{Format, report};
use super::output::{print_line, progress};
use crate::diff::{self, Bumped, ReleaseRef, bump, compare};
use crate::history::PublishedVersions;

/// Update the descriptors' versions to those that the changes require
#[derive(Debug, Args)]
#[command(after_help = "\
Writes the lowest version that `builder check --against RELEASE` accepts into the descriptor of
each dataset that changed; the rest of the file stays as it is. If a dataset has no semantic
version, the error says what to write. RELEASE is a release's directory or database, or a revision
of the Git repository that contains DATASETS.

Exit codes: 0 success, 1 errors in the data or a missing version, 2 incorrect usage or a failure.

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
        let mut code = ExitCode::SUCCESS;
        for bumped in &bumped {
            match line(bumped) {
                Ok(line) => writeln!(out, "{line}")?,
                Err(problem) => {
                    print_line(&format!("error: {problem}"));
                    code = ExitCode::from(FINDINGS);
                }
            }
        }
        if bumped.is_empty() && !quiet {
            writeln!(out, "nothing changed since {}", old.name)?;
        }
        Ok(code)
    }
}

/// What was done, or what to do.
fn line(bumped: &Bumped) -> Result<String, String> {
    let Bumped { dataset, path, bump } = bumped;
    match bump {
        diff::Bump::Written { old, new, level } => {
            Ok(format!("{path}: version {old} -> {new} (the changes of `{dataset}` are {})", level.name()))
        }
        diff::Bump::Enough { version } => Ok(format!("{path}: version {version} is high enough")),
        diff::Bump::None { found, wanted } => {
            let property = match path.ends_with(".json") {
                true => format!("\"version\": \"{wanted}\""),
                false => format!("version: {wanted}"),
            };
            Err(match found {
                None => format!("`{dataset}` changed and has no version; write `{property}` into `{path}`"),
                Some(found) => format!(
                    "`{dataset}` changed, and its version \"{found}\" is not a semantic version; write `{property}` into `{path}`"
                ),
            })
        }
    }
}
