//! What a run works with, and the actions that every run is made of: a plan, an apply, a step's
//! result, the end.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use super::function::Function;
use super::outcome::{Outcome, RunOutcome};
use super::step_error::StepError;
use super::variables::live_versions;
use super::verify::Retries;
use crate::store::{Bucket, Failure};
use crate::terraform::{ApplyPhase, Terraform};

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
    /// The API's addresses; if empty, those in Terraform's outputs.
    pub urls: Vec<String>,
    /// How often to query an address.
    pub retries: Retries,
    /// Receives the results.
    pub reporter: &'a mut dyn RunReporter,
}

impl Driver<'_> {
    pub(super) fn plan(&mut self, phase: ApplyPhase) -> Result<(), StepError> {
        let check = self.terraform.plan(phase)?;
        self.step_ended("check-plan", &check, &check.problems)
    }

    pub(super) fn apply(&mut self, phase: ApplyPhase) -> Result<(), StepError> {
        self.terraform.apply(phase)?;
        self.step_ended("apply", &json!({"plan_for": phase}), &[])
    }

    /// The API's addresses. Errors: neither the options nor Terraform's outputs have them.
    pub(super) fn addresses(&self) -> Result<Vec<String>, StepError> {
        if !self.urls.is_empty() {
            return Ok(self.urls.clone());
        }
        match self.terraform.outputs()? {
            Some(outputs) => Ok(outputs.urls),
            None => Err(Failure::refused(
                "the API's address is unknown: Terraform's state has no outputs",
                "check that the backend is the right one, or pass `--url URL`",
            )
            .into()),
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
        if problems.is_empty() { Ok(()) } else { Err(StepError::problems(step, problems)) }
    }

    pub(super) async fn run_outcome(
        &self,
        release: Option<String>,
        outcome: Outcome,
        error: Option<StepError>,
    ) -> RunOutcome {
        let (problems, help, failed) =
            error.map_or((vec![], None, false), |error| (error.problems, error.help, error.failed));
        let live_version = live_versions(&self.functions).await.ok();
        RunOutcome { release, outcome, live_version, back_to: None, problems, help, failed }
    }

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
