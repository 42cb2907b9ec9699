//! `/<table>` and `/-/find/<table>` as a page.

use std::rc::Rc;
use std::time::Duration;

use catalog::Table;

use super::super::Reader;
use super::frames::Place;
use crate::config::Config;
use crate::error::{Code, Error};
use crate::pages::{Filled, Page, PageRows, RowWriter, Shown, Tried, selection};
use crate::plan::{Node, Plan};
use crate::query::{Prepared, Rows};
use crate::request::{Column, Field, Find, Headers, Item, Parameters, RawRequest, Request};
use crate::response::{Response, Written, each_row, next_query};

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
    ) -> Result<Page, Error> {
        let parameters = selecting(&table, parameters);
        let limits = Config { default_limit: ROWS.min(self.config.max_limit), ..self.config.clone() };
        let Plan::Rows(root) = Plan::rows(Rc::clone(&table), parameters, self, &limits)? else {
            return Err(Error::release("a table is planned as a row"));
        };
        let place = Place { pairs: &pairs, tried };
        let (frame, rows) = self.rows(&root, &place, time).map_err(|error| self.explained(error, &root))?;
        let total = self.total_within(&root, time).map_err(|error| self.explained(error, &root))?;
        Ok(Page { html: frame.page(&PageRows { total, ..rows }), is_whole: total.is_some() })
    }

    /// The rows of a page, but for their total, with what is around them.
    fn rows<'a>(
        &'a self,
        root: &'a Node,
        place: &Place<'a>,
        time: Duration,
    ) -> Result<(Filled<'a>, PageRows), Error> {
        if let Some(scan) = self.scan(root)
            && let Some(mut rows) = self.in_order(&root.table, &scan, time)?
        {
            let read = self.read_rows(root, &mut rows, place);
            if !rows.not_handled() {
                return read;
            }
        }
        let (connection, _limited) = self.release.limited(time)?;
        let statement = self.statement(root, connection)?;
        self.read_rows(root, &mut Prepared::new(connection, &statement, None)?, place)
    }

    fn read_rows<'a, 'r>(
        &'a self,
        root: &'a Node,
        source: &mut impl Rows<'r>,
        place: &Place<'a>,
    ) -> Result<(Filled<'a>, PageRows), Error> {
        let filled = self.filled(root, &source.labels(), place)?;
        let frame = &filled.frame;
        let path = self.root().path(&[&root.table.name]);
        let follow =
            |at: usize, text: &str, value: &dyn Fn() -> Result<Shown, Error>| match frame.shapes[at].column {
                Some(column) => self.follow(&root.table, column, text, value),
                None => Ok(None),
            };
        let mut writer = RowWriter::new(&root.table, &path, &frame.shapes, &follow);
        let mut html = Vec::with_capacity(16 * 1024);
        // What is around the rows has to have room too.
        let most = self.config.max_bytes.saturating_sub(filled.bytes());
        let Written { rows, more, last, .. } =
            each_row(source, most, &mut html, &mut writer, RowWriter::close)?;
        let next = (more && rows > 0).then(|| {
            let limit = root.limit.filter(|_| !root.limited_by_us);
            format!("{path}?{}", next_query(root, place.pairs, rows, last, limit))
        });
        let points = std::mem::take(&mut writer.points);
        let right_to_left = writer.right_to_left();
        drop(writer);
        Ok((filled, PageRows { html, rows, right_to_left, points, before: root.offset, total: None, next }))
    }

    /// The address of the table with the filter that a form asks for.
    pub(in crate::reader) fn find(&self, table: &Table, find: &Find) -> Result<String, Error> {
        let query = find.query()?;
        let address = self.root().path(&[&table.name]);
        let path = format!("/{}", table.name);
        let asked = RawRequest { method: "GET", path: &path, query: &query, headers: Headers::default() };
        let Request { parameters, .. } =
            Request::parse(&asked).map_err(|error| self.guessed(error, &asked))?;
        let table = self.known_table(&table.name)?;
        let parameters = selecting(&table, parameters);
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
        let tried = Tried { find: &find, error: &error };
        let path = format!("/{name}");
        let before =
            RawRequest { method: "GET", path: &path, query: &find.with, headers: Headers::default() };
        // Where the query before is wrong too, that is what there is to say.
        let page = self.table_page(table, Request::parse(&before)?, Some(&tried), time)?;
        Ok(Response::error(&error, &self.config).into_html(page.html))
    }

    /// Rows over all pages; `None` where counting them takes longer than a query may.
    pub(super) fn total_within(&self, root: &Node, time: Duration) -> Result<Option<u64>, Error> {
        if root.is_whole() {
            return Ok(Some(root.table.rows));
        }
        let (connection, _limited) = self.release.limited(time)?;
        match self.total(root, connection) {
            Err(error) if error.code() == Code::TooSlow && time == self.config.query_time => Ok(None),
            total => total.map(Some),
        }
    }
}

/// The parameters with the columns that a page shows where they select none and the table has too many.
fn selecting(table: &Table, parameters: Parameters) -> Parameters {
    if parameters.select.is_some() {
        return parameters;
    }
    let item = |index: usize| {
        let field = Field { name: table.schema.columns[index].name.clone(), path: vec![] };
        Item::Column(Column {
            alias: None,
            field: Some(field),
            cast: None,
            aggregate: None,
            aggregate_cast: None,
        })
    };
    let select = selection(table).map(|columns| columns.into_iter().map(item).collect());
    Parameters { select, ..parameters }
}
