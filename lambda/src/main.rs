//! The Lambda function: the file that provided.al2023 starts. The release is beside it.
//!
//! A crate of its own, because Cargo optimises by crate: what each invocation goes through is compiled here, for speed, and
//! the reader, most of which few requests need, for size.

mod events;
mod metrics;

use std::process::ExitCode;

use reader::{Config, Door, Reader, Release};

use crate::metrics::Metrics;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "Lambda's log")]
            {
                eprintln!("error: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), lambda_runtime::Error> {
    let binary = std::env::current_exe()?;
    let directory = binary.parent().ok_or("the binary has no directory")?;
    let variable = |name: &str| std::env::var(name).ok();
    let (config, metrics) = (Config::from_env(Door::Lambda, variable)?, Metrics::from_env(variable)?);
    reader::limit_memory(config.max_memory);
    // Opened before the first poll: Lambda gives a starting function a whole core.
    let reader = Reader::new(Release::open(directory)?, config);
    // One thread: a function answers one request at a time.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(events::run(&reader, metrics.as_ref()))
}
