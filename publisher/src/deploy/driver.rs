//! What a run works with, and the actions that every run is made of: a plan, an apply, a step's
//! result, the end.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::addresses::Addresses;
use super::cdn::Cdn;
use super::function::Function;
use super::outcome::{Outcome, RunOutcome};
use super::step_error::StepError;
use super::variables::live_versions;
use super::verify::Retries;
use crate::store::Bucket;
use crate::terraform::{ApplyPhase, PlanFrom, Terraform};

/// Receives each step's result as the step ends.
pub trait RunReporter {
    /// A step's result, for programs; `problems` are those that the step found.
    fn step_ended(&mut self, result: &Value, problems: &[String]);
    /// A sentence for people.
    fn note(&mut self, line: &str);
}

/// Runs a release from end to end.
pub struct Driver<'a> {
    /// Where releases are stored.
    pub bucket: Bucket,
    /// What serves them, by region.
    pub functions: Vec<Function>,
    /// What moves `live`.
    pub terraform: Terraform,
    /// The API's addresses.
    pub addresses: Addresses,
    /// What caches its answers, if the service has it.
    pub cdn: Cdn,
    /// How often to query an address.
    pub retries: Retries,
    /// Receives the results.
    pub reporter: &'a mut dyn RunReporter,
}

impl Driver<'_> {
    pub(super) fn plan(&mut self, phase: ApplyPhase, from: PlanFrom) -> Result<(), StepError> {
        let mut check = self.terraform.plan(phase, from)?;
        // The state is not what AWS has after all.
        if from == PlanFrom::State && check.changes.is_empty() {
            check = self.terraform.plan(phase, PlanFrom::Aws)?;
        }
        self.step_ended("check-plan", &check, &check.problems)
    }

    pub(super) fn apply(&mut self, phase: ApplyPhase) -> Result<(), StepError> {
        self.terraform.apply(phase)?;
        self.step_ended("apply", &json!({"plan_for": phase}), &[])
    }

    /// What to do about a step's problems.
    fn help(&self, step: &str) -> String {
        match step {
            "check-plan" => format!(
                "look at the plan, and apply it with rights of your own if it is meant: terraform -chdir={} apply; then \
                 run the same command again",
                self.directory().display()
            ),
            "smoke" => "the function's log group has the reason; fix the problem and release it again".into(),
            "compare" => format!(
                "release one: `publisher release ID --terraform {}`",
                self.addresses.roots().display()
            ),
            _ => "fix the problem and release it again".into(),
        }
    }

    /// Reports a step's result. Errors: the step found problems.
    pub(super) fn step_ended(
        &mut self,
        step: &str,
        result: &impl Serialize,
        problems: &[String],
    ) -> Result<(), StepError> {
        self.reporter.step_ended(&result_line(step, problems.is_empty(), result), problems);
        if problems.is_empty() { Ok(()) } else { Err(StepError::problems(step, problems, self.help(step))) }
    }

    pub(super) async fn run_outcome(
        &self,
        release: Option<String>,
        outcome: Outcome,
        error: Option<StepError>,
    ) -> RunOutcome {
        let (problems, help, failed) =
            error.map_or((vec![], None, false), |error| (error.problems, Some(error.help), error.failed));
        let live_version = live_versions(&self.functions).await.ok();
        RunOutcome { release, outcome, live_version, back_to: None, problems, help, failed }
    }

    /// The root of Terraform that a release applies.
    pub(super) fn directory(&self) -> &Path {
        self.terraform.directory()
    }
}

/// A step's result as a line for programs: `step` and `ok`, then the step's own keys.
pub fn result_line(step: &str, ok: bool, result: &impl Serialize) -> Value {
    let mut line = json!({"step": step, "ok": ok});
    if let (Value::Object(all), Ok(Value::Object(more))) = (&mut line, serde_json::to_value(result)) {
        all.extend(more);
    }
    line
}
