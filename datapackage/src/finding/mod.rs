//! What `check` says about the data. A finding is data: checks return all of them and go on.
//! What stops the tool itself (a full disk, a wrong option) is a failure, not a finding.

mod code;
mod collected;
pub mod github;
mod group;
pub mod json;
pub mod text;

use std::fmt;

use crate::cell::is_invisible;

pub use code::Code;
pub use collected::{Findings, KEPT_PER_FILE};
pub use group::{Group, groups};

/// One problem in a dataset, or a warning about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, as the user would type it: the datasets directory as given, then the path below.
    pub path: String,
    /// The line in that file, from 1; `None` where the file as a whole is meant.
    pub line: Option<u64>,
    /// The column of a table, where one is meant.
    pub column: Option<Column>,
    /// What kind of problem it is.
    pub code: Code,
    /// Whether it stops a build.
    pub severity: Severity,
    /// What was found and what is allowed: lower case, no final period, found values in double
    /// quotes as in the file, names in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// The place of a cell in its row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// The cell's number in its row, from 1.
    pub number: usize,
    /// The field's name.
    pub name: String,
}

/// Whether a finding stops a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does.
    Error,
    /// It does not, but a person should look.
    Warning,
}

/// A message that quotes text from a file, always on one line.
pub fn one_line(message: String) -> String {
    if !message.contains(is_invisible) {
        return message;
    }
    let mut line = String::with_capacity(message.len() + 8);
    for c in message.chars() {
        match c {
            '\n' | '\r' | '\t' => line.extend(c.escape_debug()),
            c if is_invisible(c) => line.extend(c.escape_unicode()),
            c => line.push(c),
        }
    }
    line
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
