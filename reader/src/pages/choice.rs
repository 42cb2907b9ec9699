//! Tables with more columns than a page can show: which ones it shows, and links to the others.

use std::collections::BTreeSet;
use std::ops::Range;

use catalog::Table;
use maud::{Markup, html};

use super::rows::Member;
use super::template::Hole;
use super::text::{Root, counted, grouped};
use crate::request::{encode, field_name};

/// Columns of a page where the request selects none: what a browser lays out at once, with 50 rows.
const COLUMNS: usize = 100;
/// Bytes of their names in an address: half of what it may have, the filters need some too.
const NAMES: usize = 4096;

/// The columns that a page shows where its request selects none; `None` for all of them.
pub(crate) fn selection(table: &Table) -> Option<Vec<usize>> {
    if table.schema.columns.len() <= COLUMNS {
        return None;
    }
    ranges(table).into_iter().next().map(|range| with_key(table, range))
}

/// The columns whose values are offered beside rows with these members: those on the page, where it has not all of them.
pub(super) fn offered(table: &Table, members: &[Member]) -> Vec<usize> {
    match table.schema.columns.len() {
        all @ ..=COLUMNS => (0..all).collect(),
        _ => chosen(members).into_iter().collect(),
    }
}

/// The selection of these members' columns.
pub(super) fn select_of(table: &Table, members: &[Member]) -> String {
    let columns: Vec<_> = members.iter().filter_map(|member| member.column).collect();
    format!("select={}", names(table, &columns))
}

fn chosen(members: &[Member]) -> BTreeSet<usize> {
    members.iter().filter_map(|member| member.column).collect()
}

/// How many columns a page with these members lacks, and links to them; nothing where a page has room for all.
pub(super) fn choice(table: &Table, members: &[Member], root: Root<'_>) -> Markup {
    let all = table.schema.columns.len();
    let chosen = chosen(members).len();
    if all <= COLUMNS || chosen == all {
        return html! {};
    }
    let path = root.path(&[&table.name]);
    html! {
        p {
            strong { (grouped(chosen as u64)) " of " (counted(all as u64, "column")) }
            " are on this page. Choose others here, or name them with " code { "select" } " in the URL."
        }
        nav aria-label="Columns" {
            ul.links {
                @for range in ranges(table) {
                    @let (first, last) = (range.start as u64 + 1, range.end as u64);
                    li {
                        a href={ (path) "?" (Hole::Unselected) "select=" (names(table, &with_key(table, range))) } rel="nofollow" {
                            "Columns " (grouped(first)) " to " (grouped(last))
                        }
                    }
                }
            }
        }
    }
}

/// The table's columns in pieces that one page has room for.
fn ranges(table: &Table) -> Vec<Range<usize>> {
    let columns = &table.schema.columns;
    let (mut ranges, mut start, mut bytes) = (vec![], 0, 0);
    for (at, _) in columns.iter().enumerate() {
        let name = names(table, &[at]).len() + 1;
        if at - start == COLUMNS || (at > start && bytes + name > NAMES) {
            ranges.push(start..at);
            (start, bytes) = (at, 0);
        }
        bytes += name;
    }
    ranges.push(start..columns.len());
    ranges
}

/// These columns, and those of the key: without it no row leads to its page.
fn with_key(table: &Table, range: Range<usize>) -> Vec<usize> {
    let position = |name: &String| table.schema.columns.iter().position(|column| column.name == *name);
    let key = table.schema.primary_key.iter().filter_map(position).filter(|column| !range.contains(column));
    key.chain(range.clone()).collect()
}

/// The names of columns as `select` has them, percent-encoded.
fn names(table: &Table, columns: &[usize]) -> String {
    let mut names = String::new();
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            names.push(',');
        }
        encode(&field_name(&table.schema.columns[*column].name), &mut names);
    }
    names
}
