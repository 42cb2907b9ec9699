//! `publisher preflight`

use std::process::ExitCode;

use clap::{Args, value_parser};

use super::output::{PROBLEMS, explain, print_json, print_line};
use crate::deploy::result_line;
use crate::preflight::{Check, Deployment, Verdict, preflight};
use crate::store::{Session, block_on};

/// Check an AWS account before anything is created in it
#[derive(Debug, Args)]
#[command(after_help = "\
Only reads. Checks the caller and what the caller may do, Lambda's quotas, the OIDC provider of
GitHub, API Gateway's service-linked role, room for an access log, and the names of the buckets.
Exit code 1: the deployment would fail.

Examples:
  publisher preflight --region eu-central-1
  publisher preflight --region eu-central-1 --region us-east-1 --reserve 20")]
pub(super) struct Preflight {
    /// Region that will serve, that of Terraform's state first; repeatable
    #[arg(long = "region", value_name = "REGION", required = true)]
    regions: Vec<String>,
    /// `name` in terraform/bootstrap/terraform.tfvars
    #[arg(long, value_name = "NAME", default_value = "coldpress")]
    name: String,
    /// `oidc_provider_arn` in terraform/bootstrap/terraform.tfvars
    #[arg(long, value_name = "ARN")]
    oidc_provider: Option<String>,
    /// `reserved_concurrency`, if it will be set
    #[arg(long, value_name = "N", value_parser = value_parser!(i32).range(1..=1000))]
    reserve: Option<i32>,
}

impl Preflight {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self { regions, name, oidc_provider, reserve } = self;
        let deployment = Deployment { name, regions, reserve, oidc_provider };
        block_on(async {
            let checks = preflight(&Session::load().await, &deployment).await.map_err(explain)?;
            let passed = !checks.iter().any(|check| check.verdict == Verdict::Problem);
            print_json(&result_line("preflight", passed, &serde_json::json!({ "checks": &checks })))?;
            checks.iter().for_each(print_check);
            Ok(if passed { ExitCode::SUCCESS } else { ExitCode::from(PROBLEMS) })
        })?
    }
}

fn print_check(check: &Check) {
    let verdict = match check.verdict {
        Verdict::Ok => "ok",
        Verdict::Warning => "warning",
        Verdict::Problem => "error",
        Verdict::NotChecked => "not checked",
    };
    print_line(&format!("{verdict}: {}", check.found));
    if let Some(help) = &check.help {
        print_line(&format!("  help: {help}"));
    }
}
