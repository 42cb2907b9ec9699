//! `publisher step check-plan`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum, ValueHint};

use crate::cli::output::{explain, print_step};
use crate::terraform::{ApplyPhase, check_plan};

/// Check that a plan changes only what its apply may change
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  publisher step check-plan --for live plan.json")]
pub(in crate::cli) struct CheckPlan {
    /// A release's first apply, or its second
    #[arg(long = "for", value_name = "APPLY")]
    phase: Phase,
    /// File with the output of `terraform show -json PLAN`
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    plan: PathBuf,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Phase {
    Candidate,
    Live,
}

impl CheckPlan {
    pub(in crate::cli) fn run(self) -> anyhow::Result<ExitCode> {
        let phase = match self.phase {
            Phase::Candidate => ApplyPhase::Candidate,
            Phase::Live => ApplyPhase::Live,
        };
        let check = check_plan(&self.plan, phase).map_err(explain)?;
        print_step("check-plan", &check, &check.problems)
    }
}
