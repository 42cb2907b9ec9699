//! `/<table>/<key>`: one row, what it refers to, what refers to it, and what happened to it.

use catalog::{Change, Table, Version};
use maud::html;
use serde_json::Value;

use super::changes::{AsOf, history};
use super::fields::Fields;
use super::layout::{Page, Site};
use super::rows::{Link, linked, web};
use super::text::{counted, member, shown};
use super::value::{ON_A_PAGE, Shown};

/// What the page of a row shows.
#[derive(Debug)]
pub(crate) struct RowPage<'a> {
    pub(crate) table: &'a Table,
    pub(crate) about: &'a Value,
    /// The key as it stands in the path.
    pub(crate) key: &'a str,
    /// A value for each column, and where it leads by a foreign key.
    pub(crate) values: &'a [(Shown, Option<Link>)],
    /// What else it refers to, by keys of several columns: name and address.
    pub(crate) refers: &'a [(String, String)],
    pub(crate) referred: &'a [Referred],
    pub(crate) changes: &'a [Change],
    pub(crate) versions: &'a [Version],
    /// The ordinals of those in which the table can be read.
    pub(crate) kept: &'a [u64],
    pub(crate) site: &'a Site<'a>,
}

/// Rows of a table that refer to this one.
#[derive(Debug)]
pub(crate) struct Referred {
    pub(crate) table: String,
    /// The columns by which they do.
    pub(crate) columns: String,
    /// `None` where counting them takes too long.
    pub(crate) rows: Option<u64>,
    pub(crate) href: String,
}

/// The page of a row.
pub(crate) fn row(page: &RowPage<'_>) -> Vec<u8> {
    let RowPage { table, about, key, values, refers, referred, changes, versions, kept, site } = page;
    let root = site.root;
    let fields = Fields::of(about);
    let columns = &table.schema.columns;
    let table_title = member(about, "title").unwrap_or(&table.name);
    let label = table.label_column().and_then(|at| values.get(at)).and_then(|(value, _)| value.text());
    let label = label.filter(|label| !label.trim().is_empty());
    let title: String = shown(label.as_deref().unwrap_or(key)).chars().take(200).collect();
    let query = {
        let parts = if table.schema.primary_key.len() == 1 {
            vec![(*key).to_owned()]
        } else {
            catalog::key_parts(key)
        };
        let names = table.schema.primary_key.iter();
        let pairs: Vec<_> = names
            .zip(&parts)
            .map(|(name, part)| (crate::request::field_name(name), format!("eq.{part}")))
            .collect();
        crate::request::query_of(&pairs)
    };
    let file = |extension: &str| format!("{}?{query}", root.path(&[&format!("{}{extension}", table.name)]));
    let main = html! {
        h1 { (title) }
        p.mut { (shown(table_title)) ", " (shown(key)) }
        ul.links {
            li { a href=(file(".json")) download { "JSON" } }
            li { a href=(file(".csv")) download { "CSV" } }
            @if !changes.is_empty() { li { a href="#history" { "History" } } }
            @if site.has_proofs { li { a href=(root.path(&["-", "proof", &table.name, key])) { "Proof" } } }
        }
        dl {
            @for (column, (value, link)) in columns.iter().zip(*values) {
                dt {
                    (shown(fields.title(&column.name)))
                    @if let Some(description) = fields.description(&column.name) { small { (shown(description)) } }
                }
                dd {
                    @match (value, link) {
                        (Shown::Nothing, _) => span.none { "no value" },
                        (value, Some(link)) => (linked(link, value)),
                        (Shown::Text(text), None) if fields.is_uri(&column.name) => (web(text)),
                        (value, None) => (value.markup(ON_A_PAGE)),
                    }
                }
            }
        }
        @if !refers.is_empty() {
            h2 { "Refers to" }
            ul { @for (name, href) in *refers { li { a href=(href) { (shown(name)) } } } }
        }
        @if !referred.is_empty() {
            h2 { "Referred to by" }
            ul {
                @for Referred { table, columns, rows, href } in *referred {
                    li {
                        a href=(href) {
                            @match rows { Some(rows) => (counted(*rows, "row")), None => "rows" }
                            " of " (shown(table))
                        }
                        " by " (shown(columns))
                    }
                }
            }
        }
        @if !changes.is_empty() {
            h2 id="history" { "What happened to this row" }
            (history(changes, &AsOf { table: &table.name, versions, kept, root: site.now }, fields, "history"))
            p { a href=(site.now.path(&["-", "history", &table.name, key])) { "All of its history" } }
        }
    };
    let address = root.path(&[&table.name, key]);
    Page {
        title: &format!("{title}, {table_title}"),
        description: &format!("{table_title}: {title}"),
        address: Some(&address),
        query: &"",
        trail: &[("Data", root.front()), (table_title, root.path(&[&table.name]))],
        here: key,
        alternates: &[(html! { (file(".json")) }, "application/json", "This row as JSON")],
        root,
        site: Some(site),
        linked_data: None,
    }
    .render(&main)
}
