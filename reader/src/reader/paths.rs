//! What a request gets that leads nowhere. A path of several parts may name no row, or ask more of one
//! than it shows; the path is judged before the query: who asks at the wrong place learns that first.

use catalog::Table;

use super::Reader;
use crate::error::{Code, Error};
use crate::plan::{Tables, meant};
use crate::request::{RawRequest, encode, field_name, misread};

/// Where PostgREST has functions.
const FUNCTIONS: &str = "rpc";

impl Reader {
    /// The error of `/first/rest`, where `first` is no table.
    pub(super) fn unknown_path(&self, first: &str, rest: &str) -> Error {
        if first == FUNCTIONS {
            let message = format!("Could not find the function '{rest}' in the schema cache");
            return Error::new(Code::UnknownFunction, message)
                .hint("there are no functions: tables are read at /<table>, with filters and aggregates");
        }
        if !rest.contains('/') {
            return match self.inside(rest) {
                Ok(Some(name)) => self.unknown_table(first).hint(self.misplaced(first, &name)),
                Ok(None) => self.unknown_table(first),
                Err(failure) => failure,
            };
        }
        let error = Error::new(Code::InvalidPath, "Invalid path specified in request URL");
        match self.inside(rest) {
            Ok(Some(name)) => error.hint(self.misplaced(first, &name)),
            Ok(None) => error.hint(format!(
                "a path is /<table> or /<table>/<key>, and '{first}' is no table; / lists the tables"
            )),
            Err(failure) => failure,
        }
    }

    /// The error of a query that can't be read, with what it was meant to ask where that is known
    /// from the table's columns.
    pub(super) fn guessed(&self, error: Error, raw: &RawRequest<'_>) -> Error {
        if error.code() != Code::Syntax || error.has_hint() {
            return error;
        }
        let Some((table, name, value)) = misread(raw) else { return error };
        let hint = match self.table_or_download(&table) {
            Ok((table, _)) => meant(&table, &name, &value),
            Err(_) => None,
        };
        hint.map_or(error.clone(), |hint| error.hint(hint))
    }

    /// The first part of a path that is a table.
    fn inside(&self, path: &str) -> Result<Option<String>, Error> {
        for part in path.split('/').filter(|part| !part.is_empty()) {
            if self.table(part)?.is_some() {
                return Ok(Some(part.to_owned()));
            }
        }
        Ok(None)
    }

    fn misplaced(&self, first: &str, table: &str) -> String {
        let base = &self.config.base_path;
        format!(
            "'{table}' is a table and '{first}' is not: use the path {base}/{table}, or set COLDPRESS_BASE_PATH if clients add a prefix"
        )
    }

    /// The error of parameters behind `/<table>/<key>`.
    pub(super) fn row_with_query(&self, table: &Table, key: &str, name: &str, query: &str) -> Error {
        let columns = &table.schema.primary_key;
        let parts = match columns.len() {
            1 => vec![key.to_owned()],
            _ => catalog::key_parts(key),
        };
        let mut url = format!("{}/{}?", self.config.base_path, table.name);
        for (column, part) in columns.iter().zip(&parts) {
            encode(&field_name(column), &mut url);
            url.push_str("=eq.");
            encode(part, &mut url);
            url.push('&');
        }
        Error::new(Code::UnknownParameter, format!("unknown query parameter \"{name}\""))
            .hint(format!("a row by its key takes no parameters; use {url}{query}"))
    }
}
