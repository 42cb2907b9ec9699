//! One line of the result.

use std::fmt;

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is as it should be.
    Ok,
    /// It is not.
    Failed,
    /// It could not be checked.
    Skipped,
}

/// A check and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What came of it.
    pub state: State,
    /// What was checked, in a word.
    pub what: &'static str,
    /// What was found, in a sentence.
    pub found: String,
}

impl Check {
    pub(super) fn of(what: &'static str, result: Result<String, String>) -> Self {
        match result {
            Ok(found) => Self { state: State::Ok, what, found },
            Err(found) => Self { state: State::Failed, what, found },
        }
    }

    pub(super) fn skipped(what: &'static str, why: impl Into<String>) -> Self {
        Self { state: State::Skipped, what, found: why.into() }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Ok => "ok",
            State::Failed => "FAILED",
            State::Skipped => "skipped",
        };
        write!(f, "{state:8}{:12}{}", self.what, self.found)
    }
}
