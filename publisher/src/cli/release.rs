//! `publisher release`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use builder::progress::Progress;
use catalog::PACKAGE_FILE;
use clap::{Args, ValueHint};

use super::datasets::DatasetOptions;
use super::options::RunOptions;
use super::output::explain;
use super::run_report::{StepPrinter, print_outcome};
use super::upload::upload_directory;
use crate::deploy::{RunReporter, result_line};
use crate::store::{Target, block_on};

/// Make a release live: two Terraform applies, smoke test, verification
#[derive(Debug, Args)]
#[command(after_help = "\
A failure before `live` moves changes nothing that clients see. A failure afterwards rolls back to
the release that was verified last. Prints one JSON object for each step, and one for the outcome.

--datasets needs `builder`, beside this program or in PATH: it builds the release twice and
compares the bytes, and checks the datasets against what is live, as the workflows do.

Examples:
  publisher release --datasets datasets
  publisher release 0123456789abcdef
  publisher release --from dist")]
pub(super) struct Release {
    #[command(flatten)]
    release: ReleaseOptions,
    #[command(flatten)]
    datasets: DatasetOptions,
    #[command(flatten)]
    run: RunOptions,
}

#[derive(Debug, Args)]
#[group(id = "source", required = true, multiple = false, args = ["name", "from", "datasets"])]
struct ReleaseOptions {
    /// Release in S3: an id, `live` or `previous`
    #[arg(value_name = "RELEASE")]
    name: Option<String>,
    /// Directory of a release to upload first
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    from: Option<PathBuf>,
}

impl Release {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            let mut printer = StepPrinter;
            let target = Target::from_terraform(&self.run.root.directory).map_err(explain)?;
            let work = tempfile::tempdir()?;
            let built = match self.datasets.build(work.path(), &target, &mut printer).await? {
                Some(Err(refused)) => return Ok(ExitCode::from(u8::from(refused.code() != Some(1)) + 1)),
                Some(Ok(directory)) => Some(directory),
                None => None,
            };
            let id = match built.as_ref().or(self.release.from.as_ref()) {
                Some(directory) => self.upload(&target, directory, &mut printer).await?,
                // The group requires one of the three.
                None => self.release.name.clone().unwrap_or_default(),
            };
            let outcome = self.run.driver(&mut printer).await?.release(&id).await;
            let code = print_outcome("release", &outcome)?;
            self.run.log("release", &outcome).await;
            Ok(code)
        })?
    }

    async fn upload(
        &self,
        target: &Target,
        directory: &Path,
        printer: &mut StepPrinter,
    ) -> anyhow::Result<String> {
        let progress = Progress::stderr();
        let package = directory.join(PACKAGE_FILE);
        let uploaded = upload_directory(target, directory, &package, false, &progress).await;
        progress.finish();
        let uploaded = uploaded?;
        printer.step_ended(&result_line("upload", true, &uploaded), &[]);
        Ok(uploaded.release)
    }
}
