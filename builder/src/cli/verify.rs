//! `builder verify`

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::FINDINGS;
use super::output::{print_line, progress};
use crate::count::count;
use crate::release::verify;

/// Recompute every digest of a release and compare it with the manifest
#[derive(Debug, Args)]
#[command(after_help = "\
Recomputes the digests of the file and of every table, lets SQLite check the file and its foreign
keys, and compares the results with the manifest.

Exit codes: 0 everything matches, 1 something doesn't, 2 incorrect usage or a failure.

Examples:
  builder verify dist
  builder verify dist/data.db")]
pub(super) struct Verify {
    /// A release's directory, or its database with the manifest beside it
    #[arg(value_hint = ValueHint::AnyPath)]
    release: PathBuf,
    /// Print only mismatches and errors
    #[arg(short, long)]
    quiet: bool,
}

impl Verify {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self { release, quiet } = self;
        let progress = progress(quiet);
        let verified = verify(&release, &progress);
        progress.finish();
        let verified = verified?;
        let mut out = std::io::stdout().lock();
        for mismatch in &verified.mismatches {
            writeln!(out, "{mismatch}")?;
        }
        if !verified.mismatches.is_empty() {
            let mismatches = count(verified.mismatches.len(), "mismatch");
            print_line(&format!("error: {mismatches} in {}", release.display()));
            return Ok(ExitCode::from(FINDINGS));
        }
        if !quiet {
            let rows: u64 = verified.manifest.tables.iter().map(|table| table.rows).sum();
            print_line(&format!(
                "verified {}: {}, {}, sha256 {}",
                release.display(),
                count(verified.manifest.tables.len(), "table"),
                count(rows, "row"),
                verified.manifest.database.sha256
            ));
        }
        Ok(ExitCode::SUCCESS)
    }
}
