//! `builder check`

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::{Args, ValueHint};

use super::FINDINGS;
use super::findings::{Format, report};
use super::output::progress;
use crate::check::{Checked, check, load_descriptors};
use crate::diff::gate::{self, Shrink};
use crate::diff::{ReleaseRef, compare};
use crate::history::PublishedVersions;
use crate::progress::Progress;

/// Report every problem in the datasets without building
#[derive(Debug, Args)]
#[command(after_help = "\
With --against it also checks whether the datasets can be published after RELEASE: a dataset
that changed needs a new version (docs/versions.md), the content of a published version can't
change, and no table may lose a large part of its rows. RELEASE is a release's directory or
database, or a revision of the Git repository that contains DATASETS.

Formats: `text` prints a line for each finding, `github` annotations for a pull request, `json`
an array of objects (docs/findings.md).

Exit codes: 0 no errors (warnings are possible), 1 errors, 2 incorrect usage or a failure.

Examples:
  builder check
  builder check datasets --format github
  builder check --against origin/main --allow-shrink prices")]
pub(super) struct Check {
    /// Directory of datasets
    #[arg(default_value = "datasets", value_hint = ValueHint::DirPath)]
    datasets: PathBuf,
    /// The latest published release
    #[arg(long, value_name = "RELEASE", value_hint = ValueHint::AnyPath)]
    against: Option<OsString>,
    /// Percentage of a table's rows that may disappear
    #[arg(
        long,
        value_name = "PERCENT",
        default_value_t = Shrink::default().most,
        value_parser = percent,
        requires = "against"
    )]
    max_shrink: f64,
    /// Table that may lose more rows than that; can be repeated
    #[arg(long, value_name = "TABLE", requires = "against")]
    allow_shrink: Vec<String>,
    /// Output format: text, github or json
    #[arg(long, default_value = "text", hide_possible_values = true)]
    format: Format,
    /// Print only findings and errors
    #[arg(short, long)]
    quiet: bool,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let progress = progress(self.quiet);
        let checked = match &self.against {
            Some(against) => {
                let shrink =
                    Shrink { most: self.max_shrink, allowed: self.allow_shrink.into_iter().collect() };
                check_against(&self.datasets, against, &shrink, &progress)
            }
            None => check(&self.datasets, &progress).map_err(Into::into),
        };
        progress.finish();
        let checked = checked?;
        report(self.format, &checked, self.quiet)?;
        Ok(if checked.findings.has_errors() { ExitCode::from(FINDINGS) } else { ExitCode::SUCCESS })
    }
}

/// The check and, where the datasets have no errors, the gate.
fn check_against(
    datasets: &Path,
    against: &OsStr,
    shrink: &Shrink,
    progress: &Progress,
) -> anyhow::Result<Checked> {
    let (mut checked, new) = ReleaseRef::build(datasets, progress)?;
    let Some(new) = new else { return Ok(checked) };
    let old = ReleaseRef::find(against, datasets, progress)?;
    let tables: BTreeSet<&str> = old.table_names().chain(new.table_names()).collect();
    if let Some(name) = shrink.allowed.iter().find(|name| !tables.contains(name.as_str())) {
        match catalog::similar(name, tables.iter().copied()) {
            Some(similar) => {
                bail!("`--allow-shrink`: there is no table `{name}`; did you mean `{similar}`?")
            }
            None => {
                let tables = Vec::from_iter(tables).join(", ");
                bail!("`--allow-shrink`: there is no table `{name}`; available: {tables}")
            }
        }
    }
    let comparison = compare(&old, &new, progress)?;
    let (loaded, _) = load_descriptors(datasets)?;
    let published = PublishedVersions::new(datasets, &old);
    let found = gate::check(&comparison, datasets, &loaded, shrink, &|dataset, version| {
        published.find(dataset, version, progress)
    })?;
    found.into_iter().for_each(|finding| checked.findings.push(finding));
    checked.findings.sort();
    Ok(checked)
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse::<f64>().ok();
    let number = number.filter(|percent| (0.0..=100.0).contains(percent));
    number.ok_or_else(|| "not a percentage from 0 to 100, such as 20".into())
}
