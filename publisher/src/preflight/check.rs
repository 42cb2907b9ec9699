//! The result of a check.

use serde::Serialize;

use crate::store::Failure;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Nothing to do.
    Ok,
    /// It works, but not as somebody may expect.
    Warning,
    /// The deployment would fail.
    Problem,
    /// The caller may not look, or AWS did not answer.
    NotChecked,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// How it ended.
    pub verdict: Verdict,
    /// What was found, a sentence.
    pub found: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Check {
    pub(super) fn ok(found: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, found: found.into(), help: None }
    }

    pub(super) fn warning(found: impl Into<String>, help: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warning, found: found.into(), help: Some(help.into()) }
    }

    pub(super) fn problem(found: impl Into<String>, help: impl Into<String>) -> Self {
        Self { verdict: Verdict::Problem, found: found.into(), help: Some(help.into()) }
    }

    /// A request failed; `action` is the right that it takes.
    pub(super) fn not_checked(failure: &Failure, action: &str) -> Self {
        Self {
            verdict: Verdict::NotChecked,
            found: failure.with_causes(),
            help: Some(format!("the check takes the right {action}; run it with credentials that have it")),
        }
    }
}
