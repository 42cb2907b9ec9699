//! `publisher init`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueHint};

use super::options::RootOptions;
use super::output::{explain, print_step};
use crate::terraform::{BootstrapOutputs, initialise};

/// Set up Terraform's root with bootstrap's outputs, once on each machine
#[derive(Debug, Args)]
#[command(after_help = "\
Writes bootstrap.auto.tfvars.json from bootstrap's outputs, and runs `terraform init` with the
backend that they name. Without --bootstrap, the outputs are the value of COLDPRESS_ACCOUNT if it is
set, otherwise the output of `terraform output -json` in DIR/bootstrap.

Examples:
  publisher init
  publisher init --bootstrap outputs.json --variables-only")]
pub(super) struct Init {
    #[command(flatten)]
    root: RootOptions,
    /// Output of bootstrap's `terraform output -json`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    bootstrap: Option<PathBuf>,
    /// Do not run `terraform init`, which only plans and applies need
    #[arg(long)]
    variables_only: bool,
}

impl Init {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let outputs = match (self.bootstrap, std::env::var("COLDPRESS_ACCOUNT")) {
            (Some(path), _) => BootstrapOutputs::File(path),
            (None, Ok(text)) if !text.is_empty() => BootstrapOutputs::Text(text),
            (None, _) => BootstrapOutputs::Terraform,
        };
        let initialised =
            initialise(&self.root.directory, &outputs, !self.variables_only).map_err(explain)?;
        print_step("init", &initialised, &[])
    }
}
