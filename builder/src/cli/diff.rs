//! `builder diff`

use std::ffi::OsString;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum, ValueHint};

use super::FINDINGS;
use super::findings::{self, report};
use super::output::progress;
use crate::diff::{Comparison, ReleaseRef, compare, json, markdown, text};
use crate::failure::Failure;

/// Show what changed between two releases, and which version the changes require
#[derive(Debug, Args)]
#[command(after_help = "\
OLD and NEW are each a release's directory or database, or a revision of the Git repository that
contains the datasets. The command compares rows by their primary key, columns, keys and
metadata, and reports the version that each dataset's changes require (docs/versions.md). The
exit code is 0 with or without changes.

Formats: `text` shows the first changed rows of each table, `markdown` is a pull request comment
of at most 60,000 characters, `json` contains every changed row (docs/versions.md).

Examples:
  builder diff HEAD
  builder diff v1.4.0 HEAD --format markdown
  builder diff old/dist dist")]
pub(super) struct Diff {
    /// The old release
    #[arg(value_hint = ValueHint::AnyPath)]
    old: OsString,
    /// The new release [default: the datasets in the working tree]
    #[arg(value_hint = ValueHint::AnyPath)]
    new: Option<OsString>,
    /// Output format: text, markdown or json
    #[arg(long, default_value = "text", hide_possible_values = true)]
    format: Format,
    /// Directory of datasets
    #[arg(long, value_name = "DIR", default_value = "datasets", value_hint = ValueHint::DirPath)]
    datasets: PathBuf,
    /// Don't show progress
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

impl Diff {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let progress = progress(self.quiet);
        let old = ReleaseRef::find(&self.old, &self.datasets, &progress)?;
        let new = match self.new {
            Some(new) => ReleaseRef::find(&new, &self.datasets, &progress)?,
            None => {
                let (checked, new) = ReleaseRef::build(&self.datasets, &progress)?;
                let Some(new) = new else {
                    progress.finish();
                    report(findings::Format::Text, &checked, self.quiet)?;
                    return Ok(ExitCode::from(FINDINGS));
                };
                new
            }
        };
        let comparison = compare(&old, &new, &progress)?;
        progress.finish();
        self.format.write(&comparison)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Format {
    fn write(self, comparison: &Comparison<'_>) -> anyhow::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        match self {
            Self::Json => match json::write(&mut out, comparison) {
                Err(Failure::Io { error, .. }) if error.kind() == io::ErrorKind::BrokenPipe => {}
                result => result?,
            },
            Self::Markdown => {
                let page = markdown::render(&comparison.diff, &comparison.old.name, &comparison.new.name);
                out.write_all(page.as_bytes())?;
            }
            Self::Text => text::write(&mut out, &comparison.diff)?,
        }
        Ok(out.flush()?)
    }
}
