//! The output of `terraform plan -json`: an event on each line, for which the same run of Terraform also writes the plan. It
//! has each change's address and action, but no values: where a check needs those, `terraform show` has them.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::plan::{Change, OutputChange, ResourceChange, TerraformPlan};

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "@message", default)]
    message: String,
    #[serde(rename = "type", default)]
    kind: String,
    diagnostic: Option<Diagnostic>,
    change: Option<PlannedChange>,
    #[serde(default)]
    outputs: BTreeMap<String, PlannedOutput>,
}

#[derive(Deserialize)]
struct Diagnostic {
    #[serde(default)]
    detail: String,
    range: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    filename: String,
    start: Position,
}

#[derive(Deserialize)]
struct Position {
    line: u64,
}

#[derive(Deserialize)]
struct PlannedChange {
    resource: PlannedResource,
    action: String,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
struct PlannedResource {
    addr: String,
}

#[derive(Deserialize)]
struct PlannedOutput {
    #[serde(default)]
    action: String,
}

/// What the events said so far.
#[derive(Default)]
pub(super) struct PlanEvents {
    plan: TerraformPlan,
    complete: bool,
}

impl PlanEvents {
    /// Takes a line of the output. Returns it as text for people; a line that is no event stays as it is.
    pub(super) fn read(&mut self, line: &str) -> String {
        let Ok(event) = serde_json::from_str::<Event>(line) else { return line.trim_end().to_owned() };
        let mut text = event.message;
        if let Some(Diagnostic { detail, range }) = event.diagnostic {
            if let Some(Range { filename, start }) = range {
                text = format!("{text}\n  on {filename} line {}", start.line);
            }
            text = format!("\n{text}\n\n{detail}\n");
        }
        match event.kind.as_str() {
            "planned_change" => self.plan.resource_changes.extend(event.change.map(resource_change)),
            "outputs" => self.plan.output_changes.extend(event.outputs.into_iter().map(output_change)),
            // After all changes.
            "change_summary" => self.complete = true,
            _ => {}
        }
        text
    }

    /// The plan. `None` if its end is missing.
    pub(super) fn finish(self) -> Option<TerraformPlan> {
        self.complete.then_some(self.plan)
    }
}

/// In the terms of `terraform show -json`.
fn actions(action: &str) -> Vec<String> {
    let actions: &[&str] = match action {
        "noop" => &["no-op"],
        "replace" => &["delete", "create"],
        // Only its address in the state changes.
        "move" => &["no-op"],
        other => &[other],
    };
    actions.iter().map(ToString::to_string).collect()
}

fn resource_change(change: PlannedChange) -> ResourceChange {
    let PlannedChange { resource, action, reason } = change;
    ResourceChange {
        address: resource.addr,
        // A data source is only ever read.
        mode: String::new(),
        action_reason: if reason == "tainted" { "replace_because_tainted".into() } else { reason },
        change: Change { actions: actions(&action), after: serde_json::Value::Null },
    }
}

fn output_change((name, output): (String, PlannedOutput)) -> (String, OutputChange) {
    (name, OutputChange { actions: actions(&output.action) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terraform::plan::{ApplyPhase, evaluate};

    const CHANGE: &str = r#"{"@level":"info","@message":"ADDR: Plan to ACTION","change":{"resource":{"addr":"ADDR","module":""},"action":"ACTION"},"type":"planned_change"}"#;
    const SUMMARY: &str = r#"{"@level":"info","@message":"Plan: 1 to add, 0 to change, 0 to destroy.","changes":{"add":1,"operation":"plan"},"type":"change_summary"}"#;
    const OUTPUTS: &str = r#"{"@message":"Outputs: 2","outputs":{"a":{"sensitive":false,"action":"noop"},"b":{"sensitive":false,"action":"update"}},"type":"outputs"}"#;

    fn change(address: &str, action: &str) -> String {
        CHANGE.replace("ADDR", address).replace("ACTION", action)
    }

    fn read(lines: &[&str]) -> (Option<TerraformPlan>, Vec<String>) {
        let mut events = PlanEvents::default();
        let text = lines.iter().map(|line| events.read(line)).collect();
        (events.finish(), text)
    }

    #[test]
    fn a_plan_is_checked_by_its_events() {
        let function = r#"module.release.module.function["eu-central-1"].aws_lambda_function.this"#;
        let update = change(&function.replace('"', r#"\""#), "update");
        let replace = change(&function.replace('"', r#"\""#), "replace");
        let read_only = change("data.aws_partition.this", "read");
        let (plan, text) = read(&[&update, &read_only, SUMMARY, OUTPUTS]);
        let check = evaluate(&plan.unwrap(), ApplyPhase::Candidate);
        assert_eq!(check.changes, [format!("update: {function}"), "update: output b".into()]);
        assert_eq!(check.problems, Vec::<String>::new());
        assert_eq!(text[0], format!("{function}: Plan to update"));

        let (plan, _) = read(&[&replace, SUMMARY]);
        let check = evaluate(&plan.unwrap(), ApplyPhase::Candidate);
        let problem = format!("{function}: the first apply of a release must not delete and create");
        assert_eq!(check.problems, [problem]);
    }

    #[test]
    fn a_plan_without_its_end_is_none() {
        assert!(read(&[&change("a.b", "update")]).0.is_none());
    }

    #[test]
    fn an_error_is_shown_with_its_place_and_detail() {
        let error = r#"{"@level":"error","@message":"Error: Unclosed block","diagnostic":{"severity":"error","summary":"Unclosed block","detail":"There is no brace.","range":{"filename":"main.tf","start":{"line":4,"column":17,"byte":136}}},"type":"diagnostic"}"#;
        let (_, text) = read(&[error, "not an event"]);
        assert_eq!(
            text,
            ["\nError: Unclosed block\n  on main.tf line 4\n\nThere is no brace.\n", "not an event"]
        );
    }
}
