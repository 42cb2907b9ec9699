//! `builder package`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use catalog::PACKAGE_FILE;
use clap::{Args, ValueHint};

use super::output::print_line;
use crate::package::{Options, run as package};

/// Package a release and the reader's binary as a zip for Lambda
#[derive(Debug, Args)]
#[command(after_help = "\
The zip contains the reader's binary, data.db and manifest.json; its bytes depend only on these
three files. A package that Lambda would refuse is refused here, with instructions.

Example:
  builder package --bootstrap bootstrap --release dist -o dist/reader.zip")]
pub(super) struct Package {
    /// The Lambda binary: `bootstrap` of an archive or `make bootstrap`
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    bootstrap: PathBuf,
    /// Directory of the release
    #[arg(long, value_name = "DIR", default_value = "dist", value_hint = ValueHint::DirPath)]
    release: PathBuf,
    /// The zip [default: reader.zip in the release's directory]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Don't print a summary
    #[arg(short, long)]
    quiet: bool,
}

impl Package {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self { bootstrap, release, output, quiet } = self;
        let output = output.unwrap_or_else(|| release.join(PACKAGE_FILE));
        let report = package(&Options { bootstrap, release, output }).map_err(|failure| {
            let help = failure.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
            anyhow!("{failure}{help}")
        })?;
        if !quiet {
            print_line(&format!("packaged {report}"));
        }
        Ok(ExitCode::SUCCESS)
    }
}
