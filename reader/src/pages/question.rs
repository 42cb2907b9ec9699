//! The query of a table's page, and the addresses of pages that ask something else.

use super::text::Root;
use crate::request::query_of;

/// What is asked of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) table: &'a str,
    pub(crate) pairs: &'a [(String, String)],
    pub(crate) root: Root<'a>,
}

/// Parameters that are no filter.
const OTHERS: [&str; 5] = ["select", "order", "limit", "offset", "cursor"];

impl Question<'_> {
    /// The filters, each with its place among the parameters.
    pub(super) fn filters(&self) -> impl Iterator<Item = (usize, &(String, String))> {
        let is_filter = |pair: &(String, String)| {
            let last = pair.0.rsplit('.').next().unwrap_or_default();
            !OTHERS.contains(&last) || (pair.0 == "cursor" && !is_page(pair))
        };
        self.pairs.iter().enumerate().filter(move |(_, pair)| is_filter(pair))
    }

    /// The order, if one is asked for.
    pub(super) fn order(&self) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == "order").map(|(_, order)| order.as_str())
    }

    /// The address without the parameter at that place, from the first page on.
    pub(super) fn without(&self, place: usize) -> String {
        self.address(&self.query_where(&|at, _| at != place))
    }

    /// The address without any filter.
    pub(super) fn without_filters(&self) -> String {
        let filters: Vec<_> = self.filters().map(|(place, _)| place).collect();
        self.address(&self.query_where(&|at, _| !filters.contains(&at)))
    }

    /// The address of the same rows from the first one on.
    pub(super) fn first_page(&self) -> String {
        self.address(&self.query())
    }

    /// Whether it leaves the columns to the page.
    pub(super) fn selects_nothing(&self) -> bool {
        self.pairs.iter().all(|(name, _)| name != "select")
    }

    /// The query of the first page.
    pub(super) fn query(&self) -> String {
        self.query_where(&|_, _| true)
    }

    /// The same without the parameters of that name.
    pub(super) fn query_without(&self, name: &str) -> String {
        self.query_where(&|_, known| known != name)
    }

    fn query_where(&self, keep: &dyn Fn(usize, &str) -> bool) -> String {
        let kept = self.pairs.iter().enumerate().filter(|(at, pair)| !is_page(pair) && keep(*at, &pair.0));
        query_of(kept.map(|(_, pair)| pair))
    }

    fn address(&self, query: &str) -> String {
        let path = self.root.path(&[self.table]);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

/// Whether a parameter names one of several pages.
pub(crate) fn is_page((name, value): &(String, String)) -> bool {
    match name.as_str() {
        "offset" => true,
        // A column may be called so; every filter has a dot.
        "cursor" => !value.contains('.'),
        _ => false,
    }
}
