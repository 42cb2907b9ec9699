//! `builder package`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::anyhow;
use catalog::PACKAGE_FILE;
use clap::{Args, ValueHint};

use super::output::print_line;
use crate::installed::installed;
use crate::package::{Options, run as package};

/// The file name of the Lambda binary.
const BOOTSTRAP: &str = "bootstrap";

/// Package a release and the reader's binary as a zip for Lambda
#[derive(Debug, Args)]
#[command(after_help = "\
The zip contains the reader's binary, data.db and manifest.json; its bytes depend only on these
three files. A package that Lambda would refuse is refused here, with instructions.

Examples:
  builder package --release dist
  builder package --bootstrap bootstrap --release dist -o dist/reader.zip")]
pub(super) struct Package {
    /// The Lambda binary [default: `bootstrap` beside this program, or in PATH]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    bootstrap: Option<PathBuf>,
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
        let bootstrap = match bootstrap {
            Some(bootstrap) => bootstrap,
            None => installed(BOOTSTRAP)?.map_err(|beside| {
                anyhow!(
                    "there is no `{}` and no `{BOOTSTRAP}` in PATH\n  help: archives of Coldpress for Linux have it, and `make \
                     bootstrap` compiles it; `--bootstrap PATH` names another",
                    beside.display()
                )
            })?,
        };
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
