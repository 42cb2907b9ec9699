//! `builder build`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::FINDINGS;
use super::findings::{Format, report};
use super::output::{print_error, print_line, progress};
use crate::count::{count, grouped};
use crate::history;
use crate::release::{Built, Outcome, build};
use crate::watch::Watch;

/// Check the datasets and build the release
#[derive(Debug, Args)]
#[command(after_help = "\
Every directory in DATASETS, at any depth, with a datapackage.json, .yaml or .yml is a dataset.
The new release replaces the previous one in DIR atomically; if the data has errors, DIR is not
changed. The same datasets give the same bytes on any machine, at any time.

Examples:
  builder build
  builder build datasets -o dist --watch")]
pub(super) struct Build {
    /// Directory of datasets
    #[arg(default_value = "datasets", value_hint = ValueHint::DirPath)]
    datasets: PathBuf,
    /// Directory of the release
    #[arg(short, long, value_name = "DIR", default_value = "dist", value_hint = ValueHint::DirPath)]
    output: PathBuf,
    /// Number of versions of each dataset in the change feed
    #[arg(
        long,
        value_name = "N",
        default_value_t = history::Options::default().versions,
        value_parser = versions,
        conflicts_with = "no_history"
    )]
    history: usize,
    /// Build without a change feed
    #[arg(long)]
    no_history: bool,
    #[arg(
        long,
        value_name = "DIR",
        value_hint = ValueHint::DirPath,
        conflicts_with = "no_history",
        help = "Cache directory for data read from the Git history; can be deleted at any time\n\
                [default: coldpress in $XDG_CACHE_HOME or ~/.cache]"
    )]
    cache: Option<PathBuf>,
    /// Rebuild after every change and commit, until Ctrl-C
    #[arg(long)]
    watch: bool,
    /// List every commit that the change feed leaves out
    #[arg(short, long, conflicts_with_all = ["no_history", "quiet"])]
    verbose: bool,
    /// Print only findings and errors
    #[arg(short, long)]
    quiet: bool,
}

impl Build {
    pub(super) fn watches(&self) -> bool {
        self.watch
    }

    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let cache = self.cache.or_else(history::default_cache);
        let history = (!self.no_history).then_some(history::Options { versions: self.history, cache });
        let once = || once(&self.datasets, &self.output, history.as_ref(), self.verbose, self.quiet);
        if !self.watch {
            return once();
        }
        let watch = Watch::datasets(&self.datasets, &self.output)?;
        loop {
            if let Err(error) = once() {
                print_error(&error);
            }
            if !watch.next_change() {
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
}

fn versions(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "must be 1 or more; `--no-history` builds without a change feed".into())
}

fn once(
    datasets: &Path,
    output: &Path,
    history: Option<&history::Options>,
    verbose: bool,
    quiet: bool,
) -> anyhow::Result<ExitCode> {
    let progress = progress(quiet);
    let outcome = build(datasets, output, history, &progress);
    progress.finish();
    match outcome? {
        Outcome::Findings(checked) => {
            report(Format::Text, &checked, quiet)?;
            Ok(ExitCode::from(FINDINGS))
        }
        Outcome::Built(built) => {
            report(Format::Text, &built.checked, true)?;
            if !quiet {
                print_built(&built, output, verbose);
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The release in one line, and the notes on it.
pub(super) fn print_built(built: &Built, output: &Path, verbose: bool) {
    let manifest = &built.manifest;
    print_line(&format!(
        "{} {}: {}, {}, {} bytes, sha256 {}",
        if built.unchanged { "unchanged" } else { "built" },
        output.display(),
        count(manifest.tables.len(), "table"),
        count(built.checked.rows, "row"),
        grouped(manifest.database.bytes),
        manifest.database.sha256
    ));
    for note in built.notes.lines(built.without_commit.as_deref(), verbose) {
        print_line(&format!("note: {note}"));
    }
}
