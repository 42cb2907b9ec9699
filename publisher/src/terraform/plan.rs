//! Checks a plan, as `terraform show -json` prints it or the events of `terraform plan -json` tell: it may change what its
//! apply is for, and nothing else.
//!
//! Each apply plans one module alone (`-target`), so what differs in the other can't stop it. What remains
//! to check is that nothing is deleted or replaced, and that `live` moves where it should.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::store::Failure;

/// The two applies of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ApplyPhase {
    /// Publishes a version, moves alias `candidate`.
    Candidate,
    /// Moves alias `live`.
    Live,
}

impl ApplyPhase {
    /// The option of `terraform plan` for the module that this apply changes.
    pub(super) fn target(self) -> &'static str {
        match self {
            Self::Candidate => "-target=module.release.module.function",
            Self::Live => "-target=module.release.module.live",
        }
    }
}

/// The result of checking a plan.
#[derive(Debug, Serialize)]
pub struct PlanCheck {
    /// The apply that it was checked for.
    pub plan_for: ApplyPhase,
    /// What it changes.
    pub changes: Vec<String>,
    /// Changes that this apply may not make; empty if the plan may be applied.
    pub problems: Vec<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct TerraformPlan {
    #[serde(default)]
    errored: bool,
    #[serde(default)]
    variables: Map<String, Value>,
    #[serde(default)]
    pub(super) resource_changes: Vec<ResourceChange>,
    #[serde(default)]
    pub(super) output_changes: BTreeMap<String, OutputChange>,
}

#[derive(Deserialize)]
pub(super) struct OutputChange {
    pub(super) actions: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct ResourceChange {
    pub(super) address: String,
    #[serde(default)]
    pub(super) mode: String,
    #[serde(default)]
    pub(super) action_reason: String,
    pub(super) change: Change,
}

#[derive(Deserialize)]
pub(super) struct Change {
    pub(super) actions: Vec<String>,
    #[serde(default)]
    pub(super) after: Value,
}

/// Reads the plan at `path` and checks it. Errors: it is not a plan.
pub fn check_plan(path: &Path, phase: ApplyPhase) -> Result<PlanCheck, Failure> {
    let bytes = std::fs::read(path).map_err(Failure::io("read", path))?;
    check_plan_json(&bytes, &path.display().to_string(), phase)
}

/// Checks a plan; `source` names its origin. Errors: it is not a plan.
pub(super) fn check_plan_json(bytes: &[u8], source: &str, phase: ApplyPhase) -> Result<PlanCheck, Failure> {
    let refused = |problem: String| {
        Failure::refused(
            format!("`{source}` is not the output of `terraform show -json PLAN`: {problem}"),
            "create it with `terraform plan -out=PLAN` and `terraform show -json PLAN > FILE`",
        )
    };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| refused(error.to_string()))?;
    if value.get("format_version").is_none() || value.get("planned_values").is_none() {
        return Err(refused("format_version or planned_values is missing".into()));
    }
    let plan: TerraformPlan = serde_json::from_value(value).map_err(|error| refused(error.to_string()))?;
    Ok(evaluate(&plan, phase))
}

/// Checks a plan that was read.
pub(super) fn evaluate(plan: &TerraformPlan, phase: ApplyPhase) -> PlanCheck {
    let mut checked = PlanCheck { plan_for: phase, changes: vec![], problems: vec![] };
    if plan.errored {
        checked.problems.push("the plan is not complete".into());
    }
    for ResourceChange { address, mode, action_reason, change } in &plan.resource_changes {
        let actions: Vec<&str> = change.actions.iter().map(String::as_str).collect();
        if mode == "data" || matches!(actions.as_slice(), ["no-op" | "read"]) {
            continue;
        }
        checked.changes.push(format!("{}: {address}", actions.join(", ")));
        let problem = match phase {
            ApplyPhase::Candidate => candidate(address, &actions, action_reason),
            ApplyPhase::Live => live(address, change, &actions, &plan.variables),
        };
        if let Some(problem) = problem {
            checked.problems.push(format!("{address}: {problem}"));
        }
    }
    // What the state lacks is applied too, although no resource changes.
    for (name, OutputChange { actions }) in &plan.output_changes {
        if actions.as_slice() != ["no-op"] {
            checked.changes.push(format!("{}: output {name}", actions.join(", ")));
        }
    }
    checked
}

fn candidate(address: &str, actions: &[&str], reason: &str) -> Option<String> {
    let own = ["aws_lambda_function.this", "aws_lambda_alias.candidate"];
    let is_own = own.iter().any(|name| region_of(address, "function", name).is_some());
    match actions {
        ["create" | "update"] if is_own => None,
        ["create" | "update"] => {
            Some("the first apply of a release may change only the function and alias `candidate`".into())
        }
        _ if reason == "replace_because_tainted" => Some(format!(
            "its creation failed half-way, and the first apply of a release must not {}; if it is whole: terraform \
             untaint '{address}'",
            actions.join(" and ")
        )),
        _ => Some(format!("the first apply of a release must not {}", actions.join(" and "))),
    }
}

fn live(address: &str, change: &Change, actions: &[&str], variables: &Map<String, Value>) -> Option<String> {
    if let Some(region) = region_of(address, "live", "aws_lambda_alias.this") {
        let expected = variables
            .get("live_version")
            .and_then(|variable| variable.get("value"))
            .and_then(|versions| versions.get(region))
            .map(Value::to_string);
        let planned = change.after.get("function_version").and_then(Value::as_str);
        return match actions {
            ["create" | "update"] if expected.as_deref() != planned => Some(format!(
                "it moves to {}, but live_version is {}",
                planned.unwrap_or("an unknown version"),
                expected.as_deref().unwrap_or("not set")
            )),
            // Also away from weights that somebody gave it.
            ["create" | "update"] => None,
            _ => Some(format!("the second apply of a release must not {}", actions.join(" and "))),
        };
    }
    match actions {
        // Without it the API may not call the alias; another one than it should be does not let it either.
        ["create"] | ["delete", "create"] | ["create", "delete"]
            if region_of(address, "live", "aws_lambda_permission.api").is_some() =>
        {
            None
        }
        _ => Some("the second apply of a release may change only alias `live` and its permission".into()),
    }
}

/// The region of an address `module.release.module.MODULE["REGION"].NAME`.
fn region_of<'a>(address: &'a str, module: &str, name: &str) -> Option<&'a str> {
    let instance =
        address.strip_prefix("module.release.module.")?.strip_prefix(module)?.strip_prefix("[\"")?;
    instance.strip_suffix(name)?.strip_suffix("\"].")
}
