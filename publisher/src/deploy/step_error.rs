//! What ends a run early: a step that found problems, or could not complete.

use crate::store::Failure;
use crate::terraform::TerraformError;

/// Why a step ended the run.
#[derive(Debug)]
pub(super) struct StepError {
    pub(super) problems: Vec<String>,
    /// What to do about them.
    pub(super) help: String,
    /// Whether the step could not complete, rather than found problems.
    pub(super) failed: bool,
    /// Whether an apply was refused before it changed anything.
    pub(super) changed_nothing: bool,
}

impl StepError {
    /// A step that found these problems.
    pub(super) fn problems(step: &str, problems: &[String], help: String) -> Self {
        let problems = problems.iter().map(|problem| format!("{step}: {problem}")).collect();
        Self { problems, help, failed: false, changed_nothing: false }
    }
}

impl From<Failure> for StepError {
    fn from(failure: Failure) -> Self {
        let problems = vec![failure.with_causes()];
        let help = failure.help().unwrap_or_else(|| "fix the problem, and run the same command again".into());
        Self { problems, help, failed: true, changed_nothing: false }
    }
}

impl From<TerraformError> for StepError {
    fn from(error: TerraformError) -> Self {
        Self { changed_nothing: error.kind.changed_nothing(), ..Self::from(error.failure) }
    }
}
