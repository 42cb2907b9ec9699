//! list: values of one type in one cell, stored as a JSON array (Table Schema, `list`).

use std::fmt::Write;

use catalog::ColumnType;

use super::boolean::Words;
use super::number::NotNumber;
use super::problem::{CellProblem, quoted};
use super::{date, datetime, integer, number, time};
use crate::finding::Code;
use crate::schema::Options;

/// How a list field's cells are read.
#[derive(Debug, Clone)]
pub(super) struct List {
    delimiter: Box<str>,
    item: ColumnType,
    words: Words,
}

impl List {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            delimiter: options.delimiter.as_deref().unwrap_or(",").into(),
            item: options.item_type.unwrap_or(ColumnType::String),
            words: Words::new(None, None),
        }
    }

    /// The cell as a JSON array, and the warning about it. An empty cell (where it is not a missing value) is a list
    /// without items.
    pub(super) fn parse(&self, cell: &str) -> Result<(String, Option<CellProblem>), CellProblem> {
        let mut json = String::with_capacity(cell.len() + 8);
        let mut warning = None;
        json.push('[');
        if !cell.is_empty() {
            for (i, item) in cell.split(&*self.delimiter).enumerate() {
                if i > 0 {
                    json.push(',');
                }
                self.item(item, &mut json, &mut warning).map_err(|problem| CellProblem {
                    message: format!("item {}: {}", i + 1, problem.message),
                    ..problem
                })?;
            }
        }
        json.push(']');
        Ok((json, warning))
    }

    /// The warning about a cell that is a list.
    pub(super) fn warning(&self, cell: &str) -> Option<CellProblem> {
        match self.item {
            ColumnType::Number => self.parse(cell).ok().and_then(|(_, warning)| warning),
            _ => None,
        }
    }

    fn item(
        &self,
        item: &str,
        json: &mut String,
        warning: &mut Option<CellProblem>,
    ) -> Result<(), CellProblem> {
        // Writing to a String does not fail.
        match self.item {
            ColumnType::Integer => {
                let value = integer::parse(item).map_err(|why| integer::problem(item, why))?;
                let _ = write!(json, "{value}");
            }
            ColumnType::Number => {
                let value = number::parse(item).map_err(|why| match why {
                    NotNumber::NaN => no_json(item),
                    why => number::problem(item, why),
                })?;
                if value.is_infinite() {
                    return Err(no_json(item));
                }
                *warning = warning.take().or_else(|| number::warning(item, item, value));
                let _ = write!(json, "{}", serde_json::Value::from(value));
            }
            ColumnType::Boolean => {
                let value = self.words.parse(item).ok_or_else(|| self.words.problem(item))?;
                let _ = write!(json, "{value}");
            }
            ColumnType::Date => {
                date::parse(item.as_bytes()).map_err(|why| date::problem(item, why))?;
                string(json, item);
            }
            ColumnType::Time => {
                time::parse(item.as_bytes()).ok_or_else(|| time::problem(item))?;
                string(json, item);
            }
            ColumnType::Datetime => {
                datetime::parse(item).map_err(|why| datetime::problem(item, why))?;
                string(json, item);
            }
            ColumnType::String => string(json, item),
            other => {
                return Err(CellProblem::type_error(format!(
                    "{} in a list of {}",
                    quoted(item),
                    other.name()
                )));
            }
        }
        Ok(())
    }
}

/// A list is stored as JSON, whose numbers are all finite (RFC 8259, section 6). `missingValues`
/// is of whole cells, and so no way out.
#[cold]
fn no_json(item: &str) -> CellProblem {
    CellProblem {
        code: Code::Unsupported,
        message: format!("{} can't be published in a list: JSON has no such number", quoted(item)),
        help: None,
    }
}

fn string(json: &mut String, text: &str) {
    crate::json_string::write_json_string(json, text);
}
