//! May this plan be applied? A plan of Terraform, as `terraform show -json` prints it, may touch what
//! its step is for and nothing else.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::store::Failure;

/// The two applies of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// Publishes a version, moves alias `candidate`.
    Candidate,
    /// Moves alias `live`.
    Live,
}

/// What a plan came to.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// The step that it was checked for.
    pub plan_for: Step,
    /// What it touches.
    pub changes: Vec<String>,
    /// Whether nothing was live before: then a plan may make what is not there.
    pub first: bool,
    /// What it may not do; empty where it may be applied.
    pub problems: Vec<String>,
}

#[derive(Deserialize)]
struct Plan {
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

/// Reads the plan at `path` and checks it. Errors: it is none.
pub fn check(path: &Path, step: Step) -> Result<Checked, Failure> {
    let bytes = std::fs::read(path).map_err(Failure::io("read", path))?;
    check_json(&bytes, &path.display().to_string(), step)
}

/// Checks a plan; `source` is where it comes from. Errors: it is none.
pub(super) fn check_json(bytes: &[u8], source: &str, step: Step) -> Result<Checked, Failure> {
    let refused = |why: String| {
        Failure::refused(
            format!("`{source}` is not what `terraform show -json PLAN` prints: {why}"),
            "write it with `terraform plan -out=PLAN` and `terraform show -json PLAN > FILE`",
        )
    };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| refused(error.to_string()))?;
    if value.get("format_version").is_none() || value.get("planned_values").is_none() {
        return Err(refused("it has no format_version and planned_values".into()));
    }
    let plan: Plan = serde_json::from_value(value).map_err(|error| refused(error.to_string()))?;
    Ok(judge(&plan, step))
}

fn judge(plan: &Plan, step: Step) -> Checked {
    // An alias that is there is in the plan, if only as a no-op.
    let first = !plan.resource_changes.iter().any(|change| {
        region_of(&change.address, "aws_lambda_alias.live[0]").is_some() && !change.change.before.is_null()
    });
    let mut checked = Checked { plan_for: step, changes: vec![], first, problems: vec![] };
    if plan.errored || !plan.complete {
        checked.problems.push("the plan is not complete".into());
    }
    for ResourceChange { address, mode, change } in &plan.resource_changes {
        let actions: Vec<&str> = change.actions.iter().map(String::as_str).collect();
        if mode == "data" || matches!(actions.as_slice(), ["no-op" | "read"]) {
            continue;
        }
        checked.changes.push(format!("{}: {address}", actions.join(", ")));
        let problem = match step {
            Step::Candidate => candidate(address, &actions, first),
            Step::Live => live(address, change, &actions, &plan.variables),
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
            Some("the first apply of a release makes nothing live".into())
        }
        ["create"] if first => None,
        ["update"] => {
            Some("the first apply of a release changes the function and alias `candidate` only".into())
        }
        _ => Some(format!("the first apply of a release does not {}", actions.join(" and "))),
    }
}

fn live(address: &str, change: &Change, actions: &[&str], variables: &Map<String, Value>) -> Option<String> {
    if let Some(region) = region_of(address, "aws_lambda_alias.live[0]") {
        let told = variables
            .get("live_version")
            .and_then(|variable| variable.get("value"))
            .and_then(|versions| versions.get(region))
            .map(Value::to_string);
        let planned = change.after.get("function_version").and_then(Value::as_str);
        return match actions {
            ["create" | "update"] if told.as_deref() != planned => Some(format!(
                "it moves to {}, where live_version says {}",
                planned.unwrap_or("what is not known yet"),
                told.as_deref().unwrap_or("nothing")
            )),
            ["create"] => None,
            ["update"] => other_changes(change),
            _ => Some(format!("the second apply of a release does not {}", actions.join(" and "))),
        };
    }
    let made_first = [
        "aws_lambda_permission.api[0]",
        "aws_apigatewayv2_integration.live[0]",
        "aws_apigatewayv2_route.live[0]",
    ];
    match actions {
        // Where nothing was live in this region: what leads to the alias is made with it.
        ["create"] if made_first.iter().any(|name| region_of(address, name).is_some()) => None,
        _ => Some("the second apply of a release moves alias `live` only".into()),
    }
}

/// Says what else changes than the version. What is known after the apply only is null here.
fn other_changes(change: &Change) -> Option<String> {
    let (before, after) = (change.before.as_object()?, change.after.as_object()?);
    let other: Vec<&str> = after
        .iter()
        .filter(|(key, value)| *key != "function_version" && before.get(*key) != Some(value))
        .map(|(key, _)| key.as_str())
        .collect();
    (!other.is_empty()).then(|| format!("it changes {} too", other.join(", ")))
}

/// The region of an address `module.reader["REGION"].NAME`.
fn region_of<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    address.strip_prefix("module.reader[\"")?.strip_suffix(name)?.strip_suffix("\"].")
}
