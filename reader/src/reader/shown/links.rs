//! Where values of foreign keys lead.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use catalog::{ForeignKey, Statistics, Table};

use super::super::Reader;
use super::super::tables::is_not_kept;
use crate::error::Error;
use crate::pages::{self, Labels, Link, Root, Shown, linked};
use crate::plan::{Plan, Tables};
use crate::request::query_of;
use crate::sql::Kind;

/// Links that are kept of each column; a page asks for the same ones again and again.
const KEPT: usize = 256;

/// Where values lead by table, column and value, as far as it is known; `None` where a value leads nowhere.
pub(in crate::reader) type KnownLinks = RefCell<BTreeMap<String, Vec<BTreeMap<String, Option<Rc<Known>>>>>>;

/// A link, and its markup around the value once that was asked for.
#[derive(Debug)]
pub(in crate::reader) struct Known {
    link: Link,
    markup: OnceCell<Rc<str>>,
}

impl Reader {
    /// The markup of a value of that column of `table` that leads to a row, by the first foreign key that does. `text`
    /// is the value as a filter has it, `value` how it is shown.
    pub(super) fn follow(
        &self,
        table: &Table,
        column: usize,
        text: &str,
        value: &dyn Fn() -> Result<Shown, Error>,
    ) -> Result<Option<Rc<str>>, Error> {
        let Some(known) = self.known_link(table, column, text)? else { return Ok(None) };
        if let Some(markup) = known.markup.get() {
            return Ok(Some(Rc::clone(markup)));
        }
        let markup: Rc<str> = linked(&known.link, &value()?).into_string().into();
        Ok(Some(Rc::clone(known.markup.get_or_init(|| markup))))
    }

    fn known_link(&self, table: &Table, column: usize, text: &str) -> Result<Option<Rc<Known>>, Error> {
        if let Some(columns) = self.links.borrow().get(&table.name)
            && let Some(known) = columns[column].get(text)
        {
            return Ok(known.clone());
        }
        let mut found = None;
        for key in &table.schema.foreign_keys {
            if found.is_none() && key.columns == [table.schema.columns[column].name.as_str()] {
                found = self.link(key, text)?;
            }
        }
        let found = found.map(|link| Rc::new(Known { link, markup: OnceCell::new() }));
        let mut links = self.links.borrow_mut();
        let columns = links
            .entry(table.name.clone())
            .or_insert_with(|| vec![BTreeMap::new(); table.schema.columns.len()]);
        if columns[column].len() == KEPT {
            columns[column].clear();
        }
        columns[column].insert(text.to_owned(), found.clone());
        Ok(found)
    }

    /// The path under which clients see the server.
    pub(in crate::reader) fn root(&self) -> Root<'_> {
        Root(if self.past.is_some() { &self.named.root } else { &self.config.base_path })
    }

    /// What the rows are called that the frequent values of references lead to, by column.
    pub(super) fn value_labels(
        &self,
        table: &Table,
        statistics: Option<&Statistics>,
    ) -> Result<Vec<Labels>, Error> {
        let mut labels: Vec<Labels> = table.schema.columns.iter().map(|_| BTreeMap::new()).collect();
        let Some(statistics) = statistics else { return Ok(labels) };
        for key in &table.schema.foreign_keys {
            let [column] = key.columns.as_slice() else { continue };
            let Some(place) = table.schema.columns.iter().position(|known| known.name == *column) else {
                continue;
            };
            for (value, _) in statistics.columns[place].values.iter().take(pages::FACET_VALUES) {
                if let Some(known) = self.known_link(table, place, value)?
                    && let Some(label) = &known.link.label
                {
                    labels[place].insert(value.clone(), label.clone());
                }
            }
        }
        Ok(labels)
    }

    /// Where a value of a foreign key of one column leads.
    pub(super) fn link(&self, key: &ForeignKey, text: &str) -> Result<Option<Link>, Error> {
        match self.linked_row(key, text) {
            Err(error) if is_not_kept(&error) => Ok(None),
            found => found,
        }
    }

    fn linked_row(&self, key: &ForeignKey, text: &str) -> Result<Option<Link>, Error> {
        let Some(target) = self.table(&key.table)? else { return Ok(None) };
        if target.schema.primary_key != key.references {
            let pairs: Vec<_> =
                key.references.iter().map(|name| (name.clone(), format!("eq.{text}"))).collect();
            return Ok(Some(Link {
                href: format!("{}?{}", self.root().path(&[&target.name]), query_of(&pairs)),
                label: None,
            }));
        }
        let label = match target.label_column() {
            Some(column) => match self.row_cells(&target, &Plan::key(&target, text, &self.config)?)? {
                Some(cells) => cells[column].shown()?.text().map(|label| label.into_owned()),
                None => return Ok(None),
            },
            None => None,
        };
        let label = label.filter(|label| !label.trim().is_empty());
        Ok(Some(Link { href: self.root().path(&[&target.name, text]), label }))
    }
}

/// How a table's columns turn into JSON.
pub(super) fn kinds(table: &Table) -> Vec<Kind> {
    table.schema.columns.iter().map(|column| Kind::of(column.column_type)).collect()
}
