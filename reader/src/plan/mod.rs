//! Names resolved against the catalog: from here on every table and column is one that exists,
//! and every value is of its column's type.

mod key;

use std::rc::Rc;

use catalog::Table;
use rusqlite::types::Value;

use crate::config::Config;
use crate::error::{Code, Error};
use crate::request::Page;

/// Rows of one table.
#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) table: Rc<Table>,
    pub(crate) scope: Scope,
}

/// Which rows.
#[derive(Debug)]
pub(crate) enum Scope {
    /// A page of all, in the file's order.
    Page { limit: u64, offset: u64 },
    /// The one with this primary key: a value for each of its columns.
    Key(Vec<(usize, Value)>),
}

impl Rows {
    /// A page of a table. A limit over the maximum is cut to it; the answer's `Content-Range` and
    /// `Link` say so.
    pub(crate) fn page(table: Rc<Table>, page: Page, config: &Config) -> Self {
        let limit = page.limit.unwrap_or(config.default_limit).min(config.max_limit);
        Self { table, scope: Scope::Page { limit, offset: page.offset.unwrap_or(0) } }
    }

    /// The row of a table that the text `key` names.
    pub(crate) fn key(table: Rc<Table>, key: &str) -> Result<Self, Error> {
        if table.schema.primary_key.is_empty() {
            return Err(Error::new(Code::NoKey, format!("table '{}' has no primary key", table.name))
                .hint(format!("read its rows at /{}", table.name)));
        }
        let values = key::parse(&table, key)?;
        Ok(Self { table, scope: Scope::Key(values) })
    }
}
