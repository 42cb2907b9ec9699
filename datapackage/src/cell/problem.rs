//! A problem of one cell, an error or a warning.

use std::fmt::Write;

use crate::finding::Code;

/// A finding without its place, which the table knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// What kind of problem it is.
    pub code: Code,
    /// As in a finding: `"abc" is not a number`.
    pub message: String,
    /// As in a finding.
    pub help: Option<String>,
}

/// What a field's format or constraints require and can't be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The property that requires it: `format`, or the name of a constraint.
    pub(crate) property: &'static str,
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl CellProblem {
    /// The cell is not of its field's type.
    #[cold]
    pub(super) fn type_error(message: impl Into<String>) -> Self {
        Self { code: Code::TypeError, message: message.into(), help: None }
    }

    /// The same problem with advice.
    #[cold]
    pub(super) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Whether a character can't be seen, or looks like a plain space: it is shown by its number. Not the joiners
/// of emoji and scripts, which have an effect where they belong.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{1680}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{2000}'..='\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0001}'..='\u{e007f}')
}

/// The found text in double quotes: unchanged, but on one line and not endless.
#[cold]
pub fn quoted(cell: &str) -> String {
    const LONGEST: usize = 60;
    let mut text = String::with_capacity(cell.len().min(LONGEST) + 2);
    text.push('"');
    for (i, c) in cell.chars().enumerate() {
        if i == LONGEST {
            let _ = write!(text, "\"... ({} characters)", cell.chars().count()); // a String takes everything
            return text;
        }
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if is_invisible(c) => {
                let _ = write!(text, "\\u{{{:x}}}", c as u32); // a String takes everything
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
