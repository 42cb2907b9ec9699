//! `publisher step`: the steps of a release one by one, for runs that apply Terraform themselves.

mod check_plan;
mod prepare;
mod promote;
mod repair;
mod rollback;
mod set_channel;
mod smoke;

use std::process::ExitCode;

use clap::{Args, Subcommand};

/// Run one step of a release, if you run Terraform yourself
#[derive(Debug, Args)]
#[command(after_help = "\
The steps of a release, in order, with Terraform in its root `release`:
  publisher step prepare RELEASE
  terraform plan -target=module.release.module.function -out=PLAN
  terraform show -json PLAN > PLAN.json
  publisher step check-plan --for candidate PLAN.json
  terraform apply PLAN
  publisher step smoke RELEASE
  publisher step promote RELEASE
  (plan -target=module.release.module.live, `check-plan --for live` and apply)
  publisher step verify RELEASE
  publisher step set-channel RELEASE

Each step can be repeated after any interruption, and prints a JSON object with `step` and `ok`.

Example:
  publisher step prepare 0123456789abcdef")]
pub(super) struct Step {
    #[command(subcommand)]
    command: StepCommand,
}

#[derive(Debug, Subcommand)]
enum StepCommand {
    Prepare(prepare::Prepare),
    CheckPlan(check_plan::CheckPlan),
    Smoke(smoke::Smoke),
    Promote(promote::Promote),
    Verify(super::verify::Verify),
    SetChannel(set_channel::SetChannel),
    Rollback(rollback::Rollback),
    Repair(repair::Repair),
}

impl Step {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            StepCommand::Prepare(prepare) => prepare.run(),
            StepCommand::CheckPlan(check) => check.run(),
            StepCommand::Smoke(smoke) => smoke.run(),
            StepCommand::Promote(promote) => promote.run(),
            StepCommand::Verify(verify) => verify.run(),
            StepCommand::SetChannel(set) => set.run(),
            StepCommand::Rollback(rollback) => rollback.run(),
            StepCommand::Repair(repair) => repair.run(),
        }
    }
}
