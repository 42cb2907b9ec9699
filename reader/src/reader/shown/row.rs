//! `/<table>/<key>` as a page.

use std::rc::Rc;
use std::time::Duration;

use catalog::{Change, Table, Version};
use rusqlite::types::Value;

use super::super::Reader;
use super::super::mementos::readable;
use super::super::tables::is_not_kept;
use super::links::kinds;
use crate::error::Error;
use crate::pages::{self, Page, Referred, RowPage};
use crate::plan::Plan;
use crate::query;
use crate::request::{Headers, RawRequest, Request, field_name, query_of};
use crate::response::{Cell, columns, kept, row_key};
use crate::sql::Statement;
use crate::storage::{self, NotHandled};

/// Changes that are shown with a row, the newest; its history has all.
const CHANGES: usize = 10;

impl Reader {
    pub(super) fn row_page(&self, table: &Rc<Table>, key: &str, time: Duration) -> Result<Page, Error> {
        let values = Plan::key(table, key, &self.config)?;
        let Some(cells) = self.row_cells(table, &values)? else { return Err(self.missing(table, &values)?) };
        let stored = row_key(table, &values)?;
        let mut shown = vec![];
        for (cell, column) in cells.iter().zip(&table.schema.columns) {
            let value = cell.shown()?;
            let key = table.schema.foreign_keys.iter().find(|key| key.columns == [column.name.as_str()]);
            let link = match (key, value.text()) {
                (Some(key), Some(text)) => self.link(key, &text)?,
                _ => None,
            };
            shown.push((value, link));
        }
        // What the row has in these columns, as filters of `names`; `None` where it lacks a value.
        let filters = |names: &[String], columns: &[String]| -> Option<String> {
            let pair = |(name, column): (&String, &String)| {
                let at = table.schema.columns.iter().position(|known| known.name == *column)?;
                Some((field_name(name), format!("eq.{}", shown.get(at)?.0.text()?)))
            };
            let pairs: Option<Vec<_>> = names.iter().zip(columns).map(pair).collect();
            pairs.map(|pairs| query_of(&pairs))
        };
        let mut refers = vec![];
        for key in table.schema.foreign_keys.iter().filter(|key| key.columns.len() > 1) {
            let (Some(target), Some(query)) =
                (self.referred_table(&key.table)?, filters(&key.references, &key.columns))
            else {
                continue;
            };
            let name = format!("{} by {}", key.table, key.columns.join(", "));
            refers.push((name, format!("{}?{query}", self.root().path(&[&target.name]))));
        }
        let mut referred = vec![];
        for reference in &table.referenced_by {
            let Some(query) = filters(&reference.columns, &reference.references) else { continue };
            let from = self.known_table(&reference.table)?;
            let rows = match self.count(&from, &query, time) {
                Err(error) if is_not_kept(&error) => continue,
                rows => rows?,
            };
            let href = format!("{}?{query}", self.root().path(&[&from.name]));
            let columns = reference.columns.join(", ");
            referred.push(Referred { table: reference.table.clone(), columns, rows, href });
        }
        let (versions, mut changes) = self.row_history(table, &stored)?;
        changes.reverse();
        changes.truncate(CHANGES);
        let (about, _) = self.abouts(table)?;
        let now = self.past.as_ref().map(|past| past.current(table)).transpose()?;
        let html = pages::row(&RowPage {
            table,
            about: &about,
            key: &stored,
            values: &shown,
            refers: &refers,
            referred: &referred,
            changes: &changes,
            versions: &versions,
            kept: &readable(now.as_deref().unwrap_or(table), &versions),
            site: &self.site(Some(table))?,
        });
        Ok(Page { html, is_whole: referred.iter().all(|referred| referred.rows.is_some()) })
    }

    /// The columns of the row with that key.
    pub(super) fn row_cells(
        &self,
        table: &Table,
        key: &[(usize, Value)],
    ) -> Result<Option<Vec<Cell>>, Error> {
        if let Some(past) = &self.past {
            let row = past.row(table, key, &row_key(table, key)?)?;
            return Ok(row.map(|values| kept(values, &kinds(table))));
        }
        match storage::row(self.release.pages(), table, key) {
            Ok(Some(row)) => columns(query::Row::Scanned(&row, table), &kinds(table)).map(Some),
            Ok(None) => Ok(None),
            Err(NotHandled) => {
                let statement = Statement::row(table, key);
                query::one(&statement, self.release.connection()?, |row| columns(row, &kinds(table)))
            }
        }
    }

    /// The versions of the table's dataset, and what happened to a row, the oldest first.
    fn row_history(&self, table: &Table, key: &str) -> Result<(Vec<Version>, Vec<Change>), Error> {
        if let Some(past) = &self.past {
            let versions = past.history.of(&table.dataset)?.to_vec();
            return Ok((versions, past.row_history(&table.name, key)?));
        }
        let connection = self.release.connection()?;
        let versions = catalog::versions(connection, &table.dataset)?;
        Ok((versions, catalog::row_history(connection, &table.name, key, None, usize::MAX)?))
    }

    /// How many rows of `table` fit the filters; `None` where counting takes longer than a query may.
    fn count(&self, table: &Rc<Table>, query: &str, time: Duration) -> Result<Option<u64>, Error> {
        let path = format!("/{}", table.name);
        let asked = RawRequest { method: "GET", path: &path, query, headers: Headers::default() };
        let Request { parameters, .. } = Request::parse(&asked)?;
        let Plan::Rows(root) = Plan::rows(Rc::clone(table), parameters, self, &self.config)? else {
            return Err(Error::release("a table is planned as a row"));
        };
        self.total_within(&root, time)
    }
}
