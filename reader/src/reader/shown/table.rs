//! `/<table>` and `/-/find/<table>` as a page.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use catalog::{ForeignKey, Statistics, Table};

use super::super::Reader;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::pages::{self, Link, Links, Members, Shown, TablePage, Tried};
use crate::plan::{Node, Output, Path, Plan, Tables};
use crate::query::{Prepared, Scanned};
use crate::request::{Find, Headers, RawRequest, Request, encode, query_of};
use crate::response::{Cell, Listed, Response, next_query, row_key};
use crate::sql::{Kind, Scan};

/// Rows of a page where the request names no limit: a screen or two.
const ROWS: u64 = 50;

impl Reader {
    /// The page of a table whose request is parsed. `tried` is a filter that can't be added to it.
    pub(super) fn table_page(
        &self,
        table: Rc<Table>,
        Request { parameters, pairs, .. }: Request,
        tried: Option<&Tried<'_>>,
        time: Duration,
    ) -> Result<Vec<u8>, Error> {
        let limits = Config { default_limit: ROWS.min(self.config.max_limit), ..self.config.clone() };
        let Plan::Rows(root) = Plan::rows(Rc::clone(&table), parameters, self, &limits)? else {
            return Err(Error::release("a table is planned as a row"));
        };
        let listed = self.listed(&root, time).map_err(|error| self.explained(error, &root))?;
        let total = self.total_within(&root, time).map_err(|error| self.explained(error, &root))?;
        let members = self.members(&root, &listed)?;
        let rows = listed.rows.len() as u64;
        let next = (listed.more && rows > 0).then(|| {
            let limit = root.limit.filter(|_| !root.limited_by_us);
            next_query(&root, &pairs, rows, listed.last, limit)
        });
        let connection = self.release.connection()?;
        let (about, dataset) = self.abouts(&table)?;
        let statistics = self.statistics(&table)?;
        let labels = self.value_labels(&table, statistics.as_ref())?;
        let newest = catalog::newest_version(connection, &table.dataset)?;
        let changed = newest.as_ref().filter(|version| version.tables.contains_key(&table.name));
        pages::table(&TablePage {
            table: &table,
            about: &about,
            dataset: &dataset,
            statistics: statistics.as_ref(),
            labels: &labels,
            changed,
            pairs: &pairs,
            listed: &listed,
            members: &members,
            before: root.offset,
            total,
            next,
            tried,
            site: &self.site()?,
            base: &self.base(),
        })
    }

    /// The address of the table with the filter that a form asks for.
    pub(in crate::reader) fn find(&self, table: &Table, find: &Find) -> Result<String, Error> {
        let query = find.query()?;
        let mut address = format!("{}/", self.config.base_path);
        encode(&table.name, &mut address);
        let path = format!("/{}", table.name);
        let asked = RawRequest { method: "GET", path: &path, query: &query, headers: Headers::default() };
        let Request { parameters, .. } =
            Request::parse(&asked).map_err(|error| self.guessed(error, &asked))?;
        let table = self.known_table(&table.name)?;
        Plan::rows(table, parameters, self, &self.config)?;
        Ok(format!("{address}?{query}"))
    }

    /// Where a form leads, or the page with the form and the error beside the field.
    pub(super) fn find_page(
        &self,
        name: &str,
        pairs: &[(String, String)],
        time: Duration,
    ) -> Result<Response, Error> {
        let table = self.known_table(name)?;
        let find = Find::parse(pairs)?;
        let error = match self.find(&table, &find) {
            Ok(address) => return Ok(Response::see_other(address)),
            Err(error) => error,
        };
        let hint = error.hint_text().map(|hint| format!("; {hint}")).unwrap_or_default();
        let tried = Tried { find: &find, message: format!("{}{hint}", error.message()) };
        let path = format!("/{name}");
        let before =
            RawRequest { method: "GET", path: &path, query: &find.with, headers: Headers::default() };
        // Where the query before is wrong too, that is what there is to say.
        let body = self.table_page(table, Request::parse(&before)?, Some(&tried), time)?;
        Ok(Response::error(&error, &self.config).into_html(self.with_base(body)))
    }

    fn listed(&self, root: &Node, time: Duration) -> Result<Listed, Error> {
        let most = self.config.max_bytes;
        if let Some(scan) = Scan::of(root)
            && let Some(mut rows) = Scanned::new(self.release.pages(), &scan, &root.table)
        {
            let listed = Listed::read(&mut rows, most);
            if !rows.not_handled() {
                return listed;
            }
        }
        let (connection, _limited) = self.release.limited(time)?;
        let statement = self.statement(root, connection)?;
        let mut rows = Prepared::new(connection, &statement)?;
        Listed::read(&mut rows, most)
    }

    /// Rows over all pages; `None` where counting them takes longer than a query may.
    pub(super) fn total_within(&self, root: &Node, time: Duration) -> Result<Option<u64>, Error> {
        let (connection, _limited) = self.release.limited(time)?;
        match self.total(root, connection) {
            Err(error) if error.code() == Code::TooSlow && time == self.config.query_time => Ok(None),
            total => total.map(Some),
        }
    }

    /// What is known of the rows' members.
    fn members(&self, root: &Node, listed: &Listed) -> Result<Members, Error> {
        let table = &root.table;
        let columns = columns(root, listed.labels.len());
        let place = |name: &str| {
            let index = table.schema.columns.iter().position(|column| column.name == name)?;
            columns.iter().position(|column| *column == Some(index)).map(|place| (place, index))
        };
        let mut links: Vec<Links> = listed.labels.iter().map(|_| BTreeMap::new()).collect();
        for key in &table.schema.foreign_keys {
            let ([column], [_]) = (key.columns.as_slice(), key.references.as_slice()) else { continue };
            let Some((place, _)) = place(column) else { continue };
            for row in &listed.rows {
                let value = Shown::of(&row[place])?;
                let Some(text) = value.text() else { continue };
                if !links[place].contains_key(text.as_ref())
                    && let Some(link) = self.link(key, &text)?
                {
                    links[place].insert(text.into_owned(), link);
                }
            }
        }
        let key: Option<Vec<_>> = table.schema.primary_key.iter().map(|name| place(name)).collect();
        let key = key.filter(|key| !key.is_empty());
        let mut addresses = vec![];
        for row in &listed.rows {
            addresses.push(match &key {
                Some(key) => {
                    let part = |(place, index): &(usize, usize)| match &row[*place] {
                        Cell::Value(value, _) => Some((*index, value.clone())),
                        Cell::Json(_) => None,
                    };
                    let values: Option<Vec<_>> = key.iter().map(part).collect();
                    values.map(|values| row_key(table, &values)).transpose()?.map(|key| address(table, &key))
                }
                None => None,
            });
        }
        Ok(Members { columns, links, addresses })
    }

    /// The table's columns in numbers, where the release has them.
    pub(super) fn statistics(&self, table: &Table) -> Result<Option<Statistics>, Error> {
        let found = catalog::statistics(self.release.connection()?, &table.name)?;
        Ok(found.filter(|found| found.columns.len() == table.schema.columns.len()))
    }

    /// What the frequent values of references lead to, by column.
    fn value_labels(&self, table: &Table, statistics: Option<&Statistics>) -> Result<Vec<Links>, Error> {
        let mut labels: Vec<Links> = table.schema.columns.iter().map(|_| BTreeMap::new()).collect();
        let Some(statistics) = statistics else { return Ok(labels) };
        for key in &table.schema.foreign_keys {
            let [column] = key.columns.as_slice() else { continue };
            let Some(place) = table.schema.columns.iter().position(|known| known.name == *column) else {
                continue;
            };
            for (value, _) in statistics.columns[place].values.iter().take(pages::FACET_VALUES) {
                if let Some(link) = self.link(key, value)? {
                    labels[place].insert(value.clone(), link);
                }
            }
        }
        Ok(labels)
    }

    /// Where a value of a foreign key of one column leads.
    pub(super) fn link(&self, key: &ForeignKey, text: &str) -> Result<Option<Link>, Error> {
        let Some(target) = self.table(&key.table)? else { return Ok(None) };
        if target.schema.primary_key != key.references {
            let pairs: Vec<_> =
                key.references.iter().map(|name| (name.clone(), format!("eq.{text}"))).collect();
            return Ok(Some(Link {
                href: format!("{}?{}", address_of(&target), query_of(&pairs)),
                label: None,
            }));
        }
        let label = match target.label_column() {
            Some(column) => match self.row_cells(&target, &Plan::key(&target, text, &self.config)?)? {
                Some(cells) => Shown::of(&cells[column])?.text().map(|label| label.into_owned()),
                None => return Ok(None),
            },
            None => None,
        };
        let label = label.filter(|label| !label.trim().is_empty());
        Ok(Some(Link { href: address(&target, text), label }))
    }
}

/// The column that each member of a row is, where it is one as it stands.
fn columns(root: &Node, members: usize) -> Vec<Option<usize>> {
    if root.outputs.len() != members {
        return vec![None; members]; // rows are spread into these
    }
    let column = |output: &Output| match output {
        Output::Value { shown: crate::plan::Shown::Scalar(scalar), .. }
            if scalar.path == Path::Whole && scalar.cast.is_none() =>
        {
            Some(scalar.column)
        }
        _ => None,
    };
    root.outputs.iter().map(column).collect()
}

pub(super) fn address_of(table: &Table) -> String {
    let mut address = String::from("/");
    encode(&table.name, &mut address);
    address
}

pub(super) fn address(table: &Table, key: &str) -> String {
    let mut address = address_of(table);
    address.push('/');
    encode(key, &mut address);
    address
}

/// How a table's columns turn into JSON.
pub(super) fn kinds(table: &Table) -> Vec<Kind> {
    table.schema.columns.iter().map(|column| Kind::of(column.column_type)).collect()
}
