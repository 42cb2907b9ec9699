//! The query of a table's page, and the addresses of pages that ask something else.

use super::text::Root;
use crate::request::{field_name, query_of};

/// What is asked of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) table: &'a str,
    pub(super) pairs: &'a [(String, String)],
    pub(super) root: Root<'a>,
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
        self.with_pairs(|at, _| at != place, None)
    }

    /// The address without any filter.
    pub(super) fn without_filters(&self) -> String {
        let filters: Vec<_> = self.filters().map(|(place, _)| place).collect();
        self.with_pairs(|at, _| !filters.contains(&at), None)
    }

    /// The address with tests of a column more.
    pub(super) fn with_filters(&self, column: &str, tests: &[String]) -> String {
        self.with_pairs(|_, _| true, tests.iter().map(|test| (field_name(column), test.clone())))
    }

    /// The address in another order.
    pub(super) fn ordered(&self, column: &str, descending: bool) -> String {
        let order = format!("{}.{}", field_name(column), if descending { "desc" } else { "asc" });
        self.with_pairs(|_, name| name != "order", Some(("order".to_owned(), order)))
    }

    /// The address of the same rows from the first one on.
    pub(super) fn first_page(&self) -> String {
        self.with_pairs(|_, _| true, None)
    }

    /// The same rows as a file.
    pub(super) fn file(&self, extension: &str) -> String {
        let pairs: Vec<_> =
            self.pairs.iter().filter(|pair| !is_page(pair) && pair.0 != "limit").cloned().collect();
        self.address(&format!("{}{extension}", self.table), &pairs)
    }

    /// The query, for a form that adds to it.
    pub(super) fn query(&self) -> String {
        query_of(self.pairs)
    }

    fn with_pairs(
        &self,
        keep: impl Fn(usize, &str) -> bool,
        added: impl IntoIterator<Item = (String, String)>,
    ) -> String {
        let kept = self.pairs.iter().enumerate().filter(|(at, pair)| !is_page(pair) && keep(*at, &pair.0));
        let pairs: Vec<_> = kept.map(|(_, pair)| pair.clone()).chain(added).collect();
        self.address(self.table, &pairs)
    }

    fn address(&self, name: &str, pairs: &[(String, String)]) -> String {
        let path = self.root.path(&[name]);
        if pairs.is_empty() { path } else { format!("{path}?{}", query_of(pairs)) }
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
