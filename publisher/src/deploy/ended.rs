//! How a release, a way back or a repair ended.

use serde::Serialize;

use crate::store::Failure;
use crate::terraform;
use crate::terraform::Versions;

/// How it ended, and what is live now.
#[derive(Debug, Serialize)]
pub struct Ended {
    /// The release that was to be live; `None` where none was found out.
    pub release: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// What is live now, as Lambda says; `None` where it could not be asked.
    pub live_version: Option<Versions>,
    /// The release that it went back to.
    pub back_to: Option<String>,
    /// What went wrong; empty where all is well.
    pub problems: Vec<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether it could not be found out what is wrong, rather than that something is.
    #[serde(skip)]
    pub failed: bool,
}

/// The ways in which it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The release is live and proven.
    Released,
    /// It was live and proven before; nothing was changed.
    Unchanged,
    /// It was stopped before anything that is live was touched.
    Stopped,
    /// `live` had begun to move; the release that was proven before is live and proven again.
    Back,
    /// `live` had begun to move, and there is no way back, or that failed too: a person is needed.
    Left,
}

/// What stopped a step.
#[derive(Debug)]
pub(super) struct Stop {
    pub(super) problems: Vec<String>,
    pub(super) help: Option<String>,
    /// As [`Ended::failed`].
    pub(super) failed: bool,
    /// Whether an apply was refused before it changed anything.
    pub(super) before_it_began: bool,
}

impl Stop {
    pub(super) fn wrong(step: &str, problems: &[String]) -> Self {
        let problems = problems.iter().map(|problem| format!("{step}: {problem}")).collect();
        Self { problems, help: None, failed: false, before_it_began: false }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self {
            problems: vec![failure.with_causes()],
            help: failure.help(),
            failed: true,
            before_it_began: false,
        }
    }
}

impl From<terraform::Error> for Stop {
    fn from(error: terraform::Error) -> Self {
        Self { before_it_began: error.why.before_it_began(), ..Self::from(error.failure) }
    }
}
