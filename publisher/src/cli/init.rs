//! `publisher init`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum, ValueHint};

use super::options::RootOptions;
use super::output::{explain, print_step};
use crate::terraform::{BootstrapOutputs, InitRoots, initialise};

/// Set up Terraform's roots with bootstrap's outputs, once on each machine
#[derive(Debug, Args)]
#[command(after_help = "\
Writes bootstrap.auto.tfvars.json from bootstrap's outputs into DIR/service and DIR/release, and
runs `terraform init` there with the backend that they name, which reads the root's state. Without
--bootstrap, the outputs are the value of COLDPRESS_ACCOUNT if it is set, otherwise the output of
`terraform output -json` in DIR/bootstrap.

With --settings staging, the settings in DIR/service/staging.tfvars and DIR/release/staging.tfvars
take precedence over those in terraform.tfvars, until the next init. A checkout is for one account.

Examples:
  publisher init
  publisher init --only release
  publisher init --settings staging
  publisher init --bootstrap outputs.json --variables-only")]
pub(super) struct Init {
    #[command(flatten)]
    root: RootOptions,
    /// Output of bootstrap's `terraform output -json`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    bootstrap: Option<PathBuf>,
    /// Settings of this account: NAME.tfvars in each root that has such a file
    #[arg(long, value_name = "NAME")]
    settings: Option<String>,
    /// Do not run `terraform init`, which only plans and applies need
    #[arg(long)]
    variables_only: bool,
    /// Run `terraform init` in this root only
    #[arg(long, value_name = "ROOT", conflicts_with = "variables_only")]
    only: Option<Root>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Root {
    Release,
    Service,
}

impl Init {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let outputs = match (self.bootstrap, std::env::var("COLDPRESS_ACCOUNT")) {
            (Some(path), _) => BootstrapOutputs::File(path),
            (None, Ok(text)) if !text.is_empty() => BootstrapOutputs::Text(text),
            (None, _) => BootstrapOutputs::Terraform,
        };
        let roots = match self.only {
            _ if self.variables_only => InitRoots::None,
            None => InitRoots::Both,
            Some(Root::Release) => InitRoots::Release,
            Some(Root::Service) => InitRoots::Service,
        };
        let initialised =
            initialise(&self.root.directory, &outputs, self.settings.as_deref(), roots).map_err(explain)?;
        print_step("init", &initialised, &[])
    }
}
