//! What ends a run early: a step that found problems, or could not complete.

use crate::store::Failure;
use crate::terraform::TerraformError;

/// Why a step ended the run.
#[derive(Debug)]
pub(super) struct StepError {
    pub(super) problems: Vec<String>,
    pub(super) help: Option<String>,
    /// Whether the step could not complete, rather than found problems.
    pub(super) failed: bool,
    /// Whether an apply was refused before it changed anything.
    pub(super) changed_nothing: bool,
}

impl StepError {
    /// A step that found these problems.
    pub(super) fn problems(step: &str, problems: &[String]) -> Self {
        let problems = problems.iter().map(|problem| format!("{step}: {problem}")).collect();
        Self { problems, help: None, failed: false, changed_nothing: false }
    }
}

impl From<Failure> for StepError {
    fn from(failure: Failure) -> Self {
        let problems = vec![failure.with_causes()];
        Self { problems, help: failure.help(), failed: true, changed_nothing: false }
    }
}

impl From<TerraformError> for StepError {
    fn from(error: TerraformError) -> Self {
        Self { changed_nothing: error.kind.changed_nothing(), ..Self::from(error.failure) }
    }
}
