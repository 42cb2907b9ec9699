//! boolean: one of two sets of words (Table Schema, `boolean`).

use super::problem::{CellProblem, quoted};

/// The standard's defaults.
pub(crate) const TRUE: [&str; 4] = ["true", "True", "TRUE", "1"];
/// The standard's defaults.
pub(crate) const FALSE: [&str; 4] = ["false", "False", "FALSE", "0"];

/// The words of a field.
#[derive(Debug, Clone)]
pub(super) struct Words {
    yes: Vec<Box<str>>,
    no: Vec<Box<str>>,
}

impl Words {
    /// `None`: the standard's defaults.
    pub(super) fn new(yes: Option<&[String]>, no: Option<&[String]>) -> Self {
        let words = |given: Option<&[String]>, default: [&str; 4]| match given {
            Some(given) => given.iter().map(|word| word.as_str().into()).collect(),
            None => default.iter().map(|word| (*word).into()).collect(),
        };
        Self { yes: words(yes, TRUE), no: words(no, FALSE) }
    }

    #[inline]
    pub(super) fn parse(&self, cell: &str) -> Option<bool> {
        if self.yes.iter().any(|word| **word == *cell) {
            Some(true)
        } else if self.no.iter().any(|word| **word == *cell) {
            Some(false)
        } else {
            None
        }
    }

    #[cold]
    pub(super) fn problem(&self, cell: &str) -> CellProblem {
        let list = |words: &[Box<str>]| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ");
        CellProblem::type_error(format!("{} is not a boolean", quoted(cell))).with_help(format!(
            "true: {}; false: {}",
            list(&self.yes),
            list(&self.no)
        ))
    }
}
