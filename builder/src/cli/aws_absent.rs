//! The commands that speak with AWS, in a builder that was built without the SDK: their help is
//! there, and what to do.

use std::process::ExitCode;

use anyhow::bail;

use super::arguments::Arguments;
use super::{help, print};

pub(super) fn run(command: &str, mut arguments: Arguments) -> anyhow::Result<ExitCode> {
    if arguments.asks_for_help() {
        return print(match command {
            "deploy" => help::DEPLOY,
            "publish" => help::PUBLISH,
            "pull" => help::PULL,
            _ => help::RELEASES,
        });
    }
    bail!(
        "`builder {command}`: built without the feature aws; build with: \
         cargo build --release -p builder --features aws"
    )
}
