//! How a release, a rollback or a repair ended.

use serde::Serialize;

use crate::terraform::Versions;

/// How a run ended, and what is live now.
#[derive(Debug, Serialize)]
pub struct RunOutcome {
    /// The release that the run was to make live; `None` if it was not resolved.
    pub release: Option<String>,
    /// How the run ended.
    pub outcome: Outcome,
    /// What is live now, according to Lambda; `None` if Lambda did not answer.
    pub live_version: Option<Versions>,
    /// The release that was made live again.
    pub back_to: Option<String>,
    /// What went wrong; empty if nothing did.
    pub problems: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether a step could not complete, rather than found a problem.
    #[serde(skip)]
    pub failed: bool,
}

/// The ways in which a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The release is live and verified.
    Released,
    /// The release was live and verified before; nothing changed.
    Unchanged,
    /// The run stopped before it touched anything live.
    Stopped,
    /// `live` had begun to move; the release that was verified before is live and verified again.
    RolledBack,
    /// `live` had begun to move, and the rollback failed or was impossible: a person has to act.
    FailedLive,
}
