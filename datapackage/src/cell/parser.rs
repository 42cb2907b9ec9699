//! A field, prepared for its cells.

use super::Value;
use super::constraint::Constraints;
use super::kind::Kind;
use super::missing::Missing;
use super::problem::{CellProblem, Refusal, quoted};
use crate::finding::Code;
use crate::schema::Field;

/// Turns the cells of one field into values.
#[derive(Debug, Clone)]
pub struct Parser {
    missing: Missing,
    required: bool,
    kind: Kind,
    constraints: Option<Box<Constraints>>,
}

impl Parser {
    /// The parser for a field. What it can't use of the field's format and constraints is left
    /// out here and was a finding when the descriptor was loaded.
    pub fn new(field: &Field) -> Self {
        Self::prepare(field).0
    }

    /// The parser for a field, and what it can't use of it.
    pub(crate) fn prepare(field: &Field) -> (Self, Vec<Refusal>) {
        let (kind, format) = Kind::new(field);
        let (constraints, mut refusals) = Constraints::new(field, &kind);
        refusals.splice(0..0, format);
        let missing = Missing::new(&field.missing_values);
        (Self { missing, required: field.required, kind, constraints }, refusals)
    }

    /// Whether a cell means "no value".
    pub fn is_missing(&self, cell: &str) -> bool {
        self.missing.has(cell)
    }

    /// Whether other cells than the empty one mean "no value".
    pub fn has_missing_words(&self) -> bool {
        self.missing.has_words()
    }

    /// A cell's value, or its problem.
    #[inline(always)]
    pub fn parse<'a>(&self, cell: &'a str) -> Result<Value<'a>, Box<CellProblem>> {
        if self.missing.has(cell) {
            return if self.required { Err(Box::new(missing(cell))) } else { Ok(Value::Null) };
        }
        let value = self.kind.read(cell)?;
        if let Some(constraints) = &self.constraints {
            constraints.check(cell, &value, &self.kind)?;
        }
        Ok(value)
    }

    /// A warning about a cell whose value is `value`: the stored value is not exactly the one in
    /// the file. Costs next to nothing for cells that need no warning.
    #[inline(always)]
    pub fn warning(&self, cell: &str, value: &Value<'_>) -> Option<CellProblem> {
        self.kind.warning(cell, value)
    }
}

#[cold]
fn missing(cell: &str) -> CellProblem {
    let message = if cell.is_empty() {
        "no value, but the field is required".to_owned()
    } else {
        format!("{} means no value, but the field is required", quoted(cell))
    };
    CellProblem { code: Code::Required, message, help: None }
}
