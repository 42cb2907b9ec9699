//! `builder serve`

use std::cell::RefCell;
use std::io::{Write as _, stdout};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use catalog::Manifest;
use clap::{Args, ValueHint};
use encoding_rs::Encoding;

use super::build::print_built;
use super::findings::{Format, report};
use super::output::{print_error, print_line, progress};
use crate::count::count;
use crate::failure::Failure;
use crate::history;
use crate::release::{Outcome, build};
use crate::serve::{Guesses, Inferred, Reader, check_address, find_reader, has_no_descriptor};
use crate::watch::Watch;

/// So many tables are listed with their addresses.
const LISTED: usize = 10;

/// Serve datasets or a CSV file over HTTP, rebuilding after every change
#[derive(Debug, Args)]
#[command(after_help = "\
SOURCE is a directory of datasets, a CSV file, or a directory of CSV files without a descriptor.
The types and the key of a CSV file without a descriptor are guessed: stderr shows what is in
doubt, and `builder init` writes the guesses to a descriptor beside the file.

The `reader` binary, beside this program or in PATH, serves the release. After every change the
new release is served without a restart; while the data has errors, the last good one is served.
Ctrl-C stops both.

Examples:
  builder serve
  builder serve products.csv
  builder serve datasets --listen 127.0.0.1:0")]
pub(super) struct Serve {
    /// Directory of datasets, or a CSV file
    #[arg(default_value = "datasets", value_hint = ValueHint::AnyPath)]
    source: PathBuf,
    /// Address and port; port 0 picks a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8787", value_parser = address)]
    listen: SocketAddr,
    /// Directory of the release [default: dist; temporary for CSV files]
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    output: Option<PathBuf>,
    /// Encoding of CSV files [default: by BOM, else utf-8]
    #[arg(long, value_name = "NAME", value_parser = super::init::encoding)]
    encoding: Option<&'static Encoding>,
    /// Path of the `reader` binary [default: beside this program, then PATH]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::ExecutablePath)]
    reader: Option<PathBuf>,
    /// Only findings, errors and the address
    #[arg(short, long)]
    quiet: bool,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "not an address and a port, such as 127.0.0.1:8787".into())
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let program = find_reader(self.reader.as_deref())?;
        check_address(self.listen)?;
        let served = Served::new(&self.source, self.output, self.encoding, self.quiet)?;
        let watch = served.watch()?;
        let mut reader = None;
        loop {
            let built = match served.build() {
                Ok(built) => built,
                // No change of the data would help.
                Err(Problem::Failure(failure)) if reader.is_none() => return Err(failure.into()),
                Err(problem) => {
                    let (Problem::Failure(failure) | Problem::Data(failure)) = problem;
                    print_error(&failure.into());
                    false
                }
            };
            match (&reader, built) {
                (None, true) => {
                    let new = Reader::start(&program, &served.release, self.listen, watch.stopper())?;
                    served.print_addresses(&new.url)?;
                    reader = Some(new);
                }
                (None, false) => print_line(&format!(
                    "nothing is served yet: waiting for a change in {}; press Ctrl-C to stop",
                    self.source.display()
                )),
                (Some(_), true) => {}
                (Some(_), false) => print_line("still serving the last good release"),
            }
            if !watch.next_change() {
                break;
            }
        }
        if let Some(reader) = reader {
            reader.stop()?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Why there is no build, apart from findings.
enum Problem {
    /// The data can't be read; its owner can change that.
    Data(Failure),
    /// The builder itself failed.
    Failure(Failure),
}

/// What is built and served.
struct Served {
    /// As the user named it.
    source: PathBuf,
    inferred: Option<Inferred>,
    datasets: PathBuf,
    release: PathBuf,
    quiet: bool,
    guessed: RefCell<Guesses>,
}

impl Served {
    fn new(
        source: &Path,
        output: Option<PathBuf>,
        encoding: Option<&'static Encoding>,
        quiet: bool,
    ) -> Result<Self, Failure> {
        if !source.exists() {
            let source = source.display();
            return Err(Failure::Refused(format!(
                "`{source}` does not exist; name a directory of datasets or a CSV file: `builder serve FILE.csv`"
            )));
        }
        let is_csv = source.is_file() || has_no_descriptor(source);
        if !is_csv && encoding.is_some() {
            return Err(Failure::Refused(format!(
                "`--encoding` is for CSV files without a descriptor; `{}` has descriptors, which say `encoding`",
                source.display()
            )));
        }
        let inferred = if is_csv { Some(Inferred::new(source, encoding)?) } else { None };
        let datasets = inferred.as_ref().map_or_else(|| source.to_owned(), Inferred::datasets);
        let release = match (output, &inferred) {
            (Some(output), _) => output,
            (None, Some(inferred)) => inferred.release(),
            (None, None) => PathBuf::from("dist"),
        };
        Ok(Self {
            source: source.to_owned(),
            inferred,
            datasets,
            release,
            quiet,
            guessed: RefCell::default(),
        })
    }

    fn watch(&self) -> Result<Watch, Failure> {
        match &self.inferred {
            Some(inferred) => inferred.watch(),
            None => Watch::datasets(&self.source, &self.release),
        }
    }

    /// Builds the release. False where there are findings, which are printed.
    fn build(&self) -> Result<bool, Problem> {
        if let Some(inferred) = &self.inferred {
            self.print_guesses(inferred.update().map_err(Problem::Data)?);
        }
        // Copies of CSV files have no history.
        let history = self.inferred.is_none().then(history::Options::default);
        let progress = progress(self.quiet);
        let outcome = build(&self.datasets, &self.release, history.as_ref(), &progress);
        progress.finish();
        let stdout = |error| Problem::Failure(Failure::Io { tried: "can't write to stdout".into(), error });
        match outcome.map_err(Problem::Failure)? {
            Outcome::Findings(mut checked) => {
                self.inferred.iter().for_each(|inferred| inferred.translate(&mut checked));
                report(Format::Text, &checked, self.quiet).map_err(stdout)?;
                Ok(false)
            }
            Outcome::Built(mut built) => {
                self.inferred.iter().for_each(|inferred| inferred.translate(&mut built.checked));
                report(Format::Text, &built.checked, true).map_err(stdout)?;
                match &self.inferred {
                    _ if self.quiet => {}
                    Some(_) => print_line(&format!(
                        "read {}: {}, {}",
                        self.source.display(),
                        count(built.manifest.tables.len(), "table"),
                        count(built.checked.rows, "row")
                    )),
                    None => print_built(&built, &self.release, false),
                }
                Ok(true)
            }
        }
    }

    /// What was guessed, unless the descriptors are those that were guessed before.
    fn print_guesses(&self, guesses: Guesses) {
        let before = self.guessed.replace(guesses);
        let guesses = self.guessed.borrow();
        if self.quiet || before.descriptors == guesses.descriptors {
            return;
        }
        let source = self.source.display();
        print_line(&format!("guessed from {source}:"));
        for table in &guesses.tables {
            print_line(&format!("  {}", super::init::summary(table)));
            print_line(&format!("    {}", super::init::columns(table)));
            table.notes.doubts().for_each(|doubt| print_line(&format!("    in doubt: {doubt}")));
        }
        if before.descriptors.is_empty() && self.source.is_file() {
            let mut argument = source.to_string();
            if argument.contains(' ') {
                argument = format!("\"{argument}\"");
            }
            print_line(&format!(
                "`builder init {argument}` writes these guesses to a descriptor that you can edit"
            ));
        }
    }

    fn print_addresses(&self, url: &str) -> anyhow::Result<()> {
        let manifest = Manifest::load(&self.release.join(catalog::MANIFEST_FILE))?;
        let mut out = stdout().lock();
        writeln!(out, "serving {} on {url}", self.source.display())?;
        for table in manifest.tables.iter().take(LISTED) {
            writeln!(out, "  {url}/{}", table.name)?;
        }
        if manifest.tables.len() > LISTED {
            writeln!(out, "  and {} more, all listed at {url}/", manifest.tables.len() - LISTED)?;
        }
        Ok(())
    }
}
