//! Datasets -> a release that may go live, by the program `builder`: built twice, the same bytes, and fit to follow what is
//! live. What the workflows do in steps of their own.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use anyhow::{anyhow, bail};
use builder::installed::installed;
use builder::progress::Progress;
use catalog::{DATABASE_FILE, MANIFEST_FILE, PACKAGE_FILE, file_digest};
use clap::{Args, ValueHint};
use serde_json::json;

use super::options::first_bucket;
use super::output::explain;
use crate::deploy::{RunReporter, result_line};
use crate::store::channel::{Channel, LIVE};
use crate::store::{Session, Target, keep_attestation, pull};

/// What is built and compared.
#[derive(Debug, Args)]
pub(super) struct DatasetOptions {
    /// Directory of datasets to build, check and upload first
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    datasets: Option<PathBuf>,
    /// Table that may lose a large part of its rows; repeatable
    #[arg(long, value_name = "TABLE", requires = "datasets")]
    allow_shrink: Vec<String>,
}

impl DatasetOptions {
    /// Builds and checks the datasets, if there are any, in `work`: the directory of the release. The inner error is the
    /// exit code of the command that refused them.
    pub(super) async fn build(
        &self,
        work: &Path,
        target: &Target,
        reporter: &mut dyn RunReporter,
    ) -> anyhow::Result<Option<Result<PathBuf, ExitStatus>>> {
        let Some(datasets) = &self.datasets else { return Ok(None) };
        let builder = installed("builder")?.map_err(|beside| {
            anyhow!(
                "there is no `{}` and no `builder` in PATH\n  help: install both from one archive",
                beside.display()
            )
        })?;
        let (dist, again, live) = (work.join("dist"), work.join("again"), work.join(LIVE));
        let bucket = first_bucket(&Session::load().await, target)?;
        for directory in [&dist, &again] {
            // The second time without anything of the first.
            let cache = directory.with_extension("cache");
            let mut build = Command::new(&builder);
            build
                .arg("build")
                .arg(datasets)
                .arg("-o")
                .arg(directory)
                .arg("--cache")
                .arg(cache)
                .arg("--quiet");
            if let Some(refused) = run(build)? {
                return Ok(Some(Err(refused)));
            }
            // If a workflow released the commit, it is in that package.
            keep_attestation(&bucket, directory, None).await.map_err(explain)?;
            let mut package = Command::new(&builder);
            package.arg("package").arg("--release").arg(directory).arg("--quiet");
            if let Some(refused) = run(package)? {
                return Ok(Some(Err(refused)));
            }
        }
        for file in [DATABASE_FILE, MANIFEST_FILE, PACKAGE_FILE] {
            if file_digest(&dist.join(file))? != file_digest(&again.join(file))? {
                bail!(
                    "two builds of `{}` differ in {file}, so it is not released\n  help: this is a fault of builder",
                    datasets.display()
                );
            }
        }
        reporter.step_ended(&result_line("build", true, &json!({"builds": 2})), &[]);
        let mut against = None;
        if Channel::load(&bucket).await.map_err(explain)?.is_some() {
            let pulled = pull(&bucket, LIVE, &live, &Progress::quiet()).await.map_err(explain)?;
            let mut check = Command::new(&builder);
            check.arg("check").arg(datasets).arg("--against").arg(&live);
            for table in &self.allow_shrink {
                check.arg("--allow-shrink").arg(table);
            }
            if let Some(refused) = run(check)? {
                return Ok(Some(Err(refused)));
            }
            against = Some(pulled.release);
        }
        reporter.step_ended(&result_line("gate", true, &json!({"against": against})), &[]);
        Ok(Some(Ok(dist)))
    }
}

/// Runs a command whose output is for people; how it ended, if not well.
fn run(mut command: Command) -> anyhow::Result<Option<ExitStatus>> {
    let status = command.stdout(io::stderr()).status()?;
    Ok((!status.success()).then_some(status))
}
