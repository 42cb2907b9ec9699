//! `builder init`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};
use encoding_rs::Encoding;

use super::output::print_line;
use crate::count::count;
use crate::init::{Added, Inferred, init};

/// Write a first descriptor for CSV files
#[derive(Debug, Args)]
#[command(after_help = "\
Guesses the types and formats of the columns and the primary key. No guess loses a value: a column
with a cell that doesn't fit, or whose cells can be read in two ways, remains text. stderr says what
is in doubt and what to write; --verbose adds the reasons of all other guesses.

Files are described in the datapackage.json of their directory. One that exists, or a
datapackage.yaml, gets the resources that it lacks; nothing else in it is changed. A directory
stands for its CSV files.

Files can be separated by commas, semicolons, tabs or `|`, compressed (.csv.gz), and in UTF-8 or
UTF-16. For any other encoding use --encoding, with the WHATWG's or Python's name for it.

Foreign keys with their names, searchable fields, titles and units are yours to add: docs/format.md
describes the properties that are Coldpress's own.

Examples:
  builder init datasets/shop/products.csv
  builder init datasets/shop
  builder init kunden.csv --encoding windows-1252")]
pub(super) struct Init {
    /// CSV files, or directories with CSV files
    #[arg(required = true, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// The descriptor [default: the one in the directory of each file]
    #[arg(short, long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Encoding of the files, such as windows-1252 [default: by BOM, else utf-8]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<&'static Encoding>,
    /// Print the reasons of all guesses
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
    /// Print nothing
    #[arg(short, long)]
    quiet: bool,
}

/// An encoding by its name.
pub(super) fn encoding(name: &str) -> Result<&'static Encoding, String> {
    datapackage::encoding::named(name)
        .ok_or_else(|| format!("not known; known are {}", datapackage::encoding::EXAMPLES))
}

impl Init {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        for inferred in init(&self.paths, self.output.as_deref(), self.encoding)? {
            if self.quiet {
                continue;
            }
            for added in &inferred.added {
                print_notes(added, self.verbose);
            }
            print_written(&inferred);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The doubts about a file in one paragraph; with `verbose`, the reasons of the other guesses in another.
fn print_notes(added: &Added, verbose: bool) {
    let file = added.file.display();
    if verbose {
        print_line(&format!("guesses for {file}:"));
        added.notes.details().for_each(|detail| print_line(&format!("  {detail}")));
    }
    let doubts: Vec<String> = added.notes.doubts().collect();
    if !doubts.is_empty() {
        print_line(&format!("in doubt about {file}:"));
        doubts.iter().for_each(|doubt| print_line(&format!("  {doubt}")));
    }
}

fn print_written(inferred: &Inferred) {
    let output = inferred.output.display();
    for file in &inferred.already {
        print_line(&format!("{output} already describes {}", file.display()));
    }
    if inferred.added.is_empty() {
        print_line(&format!("nothing to add to {output}"));
        return;
    }
    let verb = if inferred.existed { "added to" } else { "wrote" };
    let tables: Vec<String> = inferred.added.iter().map(|added| format!("  {}", summary(added))).collect();
    print_line(&format!("{verb} {output}; review it, then run `builder check`:"));
    tables.iter().for_each(|table| print_line(table));
}

/// So many columns are shown with their types.
const SHOWN: usize = 12;

/// The columns and their types.
pub(super) fn columns(added: &Added) -> String {
    let shown: Vec<String> =
        added.columns.iter().take(SHOWN).map(|(name, kind)| format!("`{name}` {kind}")).collect();
    let more = added.columns.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{more}", shown.join(", "))
}

/// A table in a few words.
pub(super) fn summary(added: &Added) -> String {
    let key: Vec<String> = added.key.iter().map(|name| format!("`{name}`")).collect();
    let key =
        if key.is_empty() { "no primary key".to_owned() } else { format!("primary key {}", key.join(", ")) };
    format!(
        "table `{}`: {}, {}, {key}",
        added.table,
        count(added.columns.len(), "column"),
        count(added.rows, "row")
    )
}
