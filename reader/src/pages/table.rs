//! `/<table>`: what its page has around the rows: what finds, orders and saves them.

use catalog::{ColumnType, Statistics, Table, Version};
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::choice::{choice, offered, select_of};
use super::facets::facets;
use super::fields::Fields;
use super::filters::{form, search};
use super::frame::{Frame, Title, Titles};
use super::front::provenance;
use super::layout::{Page, Site};
use super::linked_data::{Described, Object, downloads, variables};
use super::rows::{Labels, Member, heads, shapes};
use super::template::{Hole, Template};
use super::text::{Root, counted, day, member, shown};
use super::tried::Tried;
use super::usage::usage;

/// What the page of a table shows beside its rows.
#[derive(Debug)]
pub(crate) struct TablePage<'a> {
    pub(crate) table: &'a Table,
    /// The descriptors of the table and of its dataset.
    pub(crate) about: &'a Value,
    pub(crate) dataset: &'a Value,
    /// The columns in numbers, where the release has them, and what the frequent values of references are called.
    pub(crate) statistics: Option<&'a Statistics>,
    pub(crate) labels: &'a [Labels],
    /// The dataset's newest version, where there is a feed.
    pub(crate) changed: Option<&'a Version>,
    /// The members of the rows, and their names.
    pub(crate) members: &'a [Member],
    pub(crate) names: &'a [String],
    /// The most columns that a file has.
    pub(crate) most_columns: usize,
    pub(crate) site: &'a Site<'a>,
}

/// The frame of its pages.
pub(crate) fn table(page: &TablePage<'_>) -> Frame {
    let TablePage { table, about, dataset, statistics, labels, changed, members, names, most_columns, site } =
        page;
    let root = site.root;
    let fields = Fields::of(about);
    let path = root.path(&[&table.name]);
    let title = member(about, "title").unwrap_or(&table.name);
    let description = member(about, "description");
    let all = counted(table.rows, "row");
    let main = html! {
        h1 { (shown(title)) }
        @if let Some(description) = description { p { (shown(description)) } }
        p {
            strong { (all) }
            @if let Some(version) = changed {
                @if let Some(name) = &version.version { ", version " (shown(name)) }
                ", changed " time datetime=(version.date) { (day(&version.date)) }
            }
            ". " a href=(root.path(&["-", "columns", &table.name])) { (counted(table.schema.columns.len() as u64, "column")) }
            @if changed.is_some() { ". " a href=(site.now.path(&["-", "changes", &table.name])) { "What changed" } }
            "."
        }
        (search(table, fields, root))
    };
    let below_form = html! {
        (Hole::Chips)
        (choice(table, members, root))
        (PreEscaped("<div class=\"sides\"><div><h2 id=\"rows\">"))
    };
    let files = html! {
        ul.links aria-label="Downloads" {
            li { (Hole::Files) }
            @for (name, extension) in [("CSV", ".csv"), ("JSON", ".json"), ("NDJSON", ".ndjson")] {
                li { a href={ (path) (extension) (Hole::File) } download { (name) } }
            }
            @if site.then.is_none() { li { a href=(root.path(&["-", "schema", &table.name])) { "JSON Schema" } } }
        }
    };
    let after = html! {
        (usage(site, &table.name, &html! { (path) (Hole::First) }, &html! { (path) ".csv" (Hole::File) }))
        details {
            summary { "Licence and sources, and how to cite this" }
            (provenance(dataset))
            p {
                (shown(title)) ", " (shown(member(dataset, "title").unwrap_or(&table.dataset)))
                @if let Some(version) = changed { @if let Some(name) = &version.version { ", version " (shown(name)) } ", " (day(&version.date)) }
                ". Content SHA-256 " span.code { (table.digest) } "."
            }
        }
    };
    let (mut start, end) = Page {
        title: &Hole::Title,
        description: description.unwrap_or(&all),
        address: Some(&path),
        query: &Hole::First,
        trail: &[("Data", root.front())],
        here: title,
        alternates: &[
            (html! { (path) ".csv" (Hole::File) }, "text/csv", "Rows as CSV"),
            (html! { (path) ".json" (Hole::File) }, "application/json", "Rows as JSON"),
        ],
        root,
        site: Some(site),
        linked_data: Some(linked_data(page)),
    }
    .around();
    start.push_str(&main.0);
    let shapes = shapes(table, fields, members);
    let titles = table.schema.columns.iter().map(|column| Title {
        name: column.name.clone(),
        title: fields.title(&column.name).to_owned(),
        is_boolean: column.column_type == ColumnType::Boolean,
    });
    Frame {
        title: title.to_owned(),
        titles: Titles(titles.collect()),
        rows: table.rows,
        selection: (table.schema.columns.len() > *most_columns).then(|| select_of(table, members)),
        start: Template::new(&start),
        below_form: Template::new(&below_form.0),
        form: Template::new(&form(table, fields, root, None).0),
        heads: heads(table, fields, root, names, &shapes),
        downloads: Template::new(&files.0),
        values: facets(table, &offered(table, members), fields, root, *statistics, labels),
        end: Template::new(&(after.into_string() + &end)),
        shapes,
    }
}

/// The form of the page, with a filter that can't be.
pub(crate) fn tried_form(table: &Table, about: &Value, root: Root<'_>, tried: &Tried<'_>) -> Markup {
    form(table, Fields::of(about), root, Some(tried))
}

/// The page for search engines.
fn linked_data(page: &TablePage<'_>) -> Object {
    let TablePage { table, about, dataset, changed, site, .. } = page;
    let described = Described {
        name: &table.name,
        path: site.root.path(&[&table.name]),
        about,
        dataset,
        version: changed.and_then(|version| version.version.as_deref()),
        changed: *changed,
    };
    let mut data = described.object(site);
    data.list("distribution", downloads(&table.name, site));
    data.list("variableMeasured", variables(table, Fields::of(about)));
    let mut catalog = Object::of("DataCatalog");
    catalog.text("url", &site.at(&site.root.front()));
    data.object("includedInDataCatalog", catalog);
    data
}
