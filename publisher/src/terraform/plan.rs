//! Checks a plan, as `terraform show -json` prints it: it may change what its apply is for, and nothing
//! else.

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

/// The result of checking a plan.
#[derive(Debug, Serialize)]
pub struct PlanCheck {
    /// The apply that it was checked for.
    pub plan_for: ApplyPhase,
    /// What it changes.
    pub changes: Vec<String>,
    /// Whether nothing is live yet: then the plan may create everything.
    pub first: bool,
    /// Changes that this apply may not make; empty if the plan may be applied.
    pub problems: Vec<String>,
}

#[derive(Deserialize)]
struct TerraformPlan {
    #[serde(default)]
    errored: bool,
    #[serde(default = "yes")]
    complete: bool,
    #[serde(default)]
    variables: Map<String, Value>,
    #[serde(default)]
    resource_changes: Vec<ResourceChange>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct ResourceChange {
    address: String,
    #[serde(default)]
    mode: String,
    change: Change,
}

#[derive(Deserialize)]
struct Change {
    actions: Vec<String>,
    #[serde(default)]
    before: Value,
    #[serde(default)]
    after: Value,
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

fn evaluate(plan: &TerraformPlan, phase: ApplyPhase) -> PlanCheck {
    // The plan contains every existing alias, if only as a no-op.
    let first = !plan.resource_changes.iter().any(|change| {
        region_of(&change.address, "aws_lambda_alias.live[0]").is_some() && !change.change.before.is_null()
    });
    let mut checked = PlanCheck { plan_for: phase, changes: vec![], first, problems: vec![] };
    if plan.errored || !plan.complete {
        checked.problems.push("the plan is not complete".into());
    }
    for ResourceChange { address, mode, change } in &plan.resource_changes {
        let actions: Vec<&str> = change.actions.iter().map(String::as_str).collect();
        if mode == "data" || matches!(actions.as_slice(), ["no-op" | "read"]) {
            continue;
        }
        checked.changes.push(format!("{}: {address}", actions.join(", ")));
        let problem = match phase {
            ApplyPhase::Candidate => candidate(address, &actions, first),
            ApplyPhase::Live => live(address, change, &actions, &plan.variables),
        };
        if let Some(problem) = problem {
            checked.problems.push(format!("{address}: {problem}"));
        }
    }
    checked
}

fn candidate(address: &str, actions: &[&str], first: bool) -> Option<String> {
    let own = ["aws_lambda_function.this", "aws_lambda_alias.candidate"];
    let is_own = own.iter().any(|name| region_of(address, name).is_some());
    match actions {
        ["update"] if is_own => None,
        ["create"] if address.contains("aws_lambda_alias.live[") => {
            Some("the first apply of a release must not make anything live".into())
        }
        ["create"] if first => None,
        ["update"] => {
            Some("the first apply of a release may change only the function and alias `candidate`".into())
        }
        _ => Some(format!("the first apply of a release must not {}", actions.join(" and "))),
    }
}

fn live(address: &str, change: &Change, actions: &[&str], variables: &Map<String, Value>) -> Option<String> {
    if let Some(region) = region_of(address, "aws_lambda_alias.live[0]") {
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
            ["create"] => None,
            ["update"] => other_changes(change),
            _ => Some(format!("the second apply of a release must not {}", actions.join(" and "))),
        };
    }
    let created_with_alias = [
        "aws_lambda_permission.api[0]",
        "aws_apigatewayv2_integration.live[0]",
        "aws_apigatewayv2_route.live[0]",
    ];
    match actions {
        // Where nothing was live in this region: the route to the alias is created with it.
        ["create"] if created_with_alias.iter().any(|name| region_of(address, name).is_some()) => None,
        _ => Some("the second apply of a release may move only alias `live`".into()),
    }
}

/// The other attributes that change. A value that is known only after the apply is null here.
fn other_changes(change: &Change) -> Option<String> {
    let (before, after) = (change.before.as_object()?, change.after.as_object()?);
    let other: Vec<&str> = after
        .iter()
        .filter(|(key, value)| *key != "function_version" && before.get(*key) != Some(value))
        .map(|(key, _)| key.as_str())
        .collect();
    (!other.is_empty()).then(|| format!("it also changes {}", other.join(", ")))
}

/// The region of an address `module.reader["REGION"].NAME`.
fn region_of<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    address.strip_prefix("module.reader[\"")?.strip_suffix(name)?.strip_suffix("\"].")
}
