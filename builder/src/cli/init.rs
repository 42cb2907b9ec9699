//! `builder init`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::output::print_line;
use crate::init::init;

/// Write a first descriptor for a CSV file
#[derive(Debug, Args)]
#[command(after_help = "\
Guesses the type of each column and the primary key, and prints the guesses and the reasons on
stderr. No guess loses a value: a column with a cell that doesn't fit remains text. An existing
descriptor is never changed.

The file must be CSV in UTF-8 with a header row. Cells are separated by commas, semicolons, tabs
or `|`; the file can be compressed (.csv.gz).

Foreign keys with their names, searchable fields, titles and units are yours to add: docs/format.md
describes the properties that are Coldpress's own.

Example:
  builder init datasets/shop/products.csv")]
pub(super) struct Init {
    /// The CSV file
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,
    /// The descriptor [default: datapackage.json beside FILE]
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Don't print notes
    #[arg(short, long)]
    quiet: bool,
}

impl Init {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let report = init(&self.file, self.output.as_deref())?;
        if !self.quiet {
            for note in &report.notes {
                print_line(&format!("note: {note}"));
            }
            print_line(&format!("wrote {}; review it, then run `builder check`", report.output.display()));
        }
        Ok(ExitCode::SUCCESS)
    }
}
