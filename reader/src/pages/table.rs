//! `/<table>`: what its page has around the rows: what finds, orders and saves them.

use catalog::{Statistics, Table, Version};
use maud::{PreEscaped, html};
use serde_json::{Value, json};

use super::facets::facets;
use super::fields::Fields;
use super::filters::{Tried, chips, form, search, sentences};
use super::frame::Frame;
use super::front::provenance;
use super::layout::{Page, Site};
use super::linked_data::{Described, downloads, variables};
use super::question::Question;
use super::rows::{Links, Member, head, shapes};
use super::text::{counted, day, member, shown};
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
    pub(crate) labels: &'a [Links],
    /// The dataset's newest version, where there is a feed.
    pub(crate) changed: Option<&'a Version>,
    /// The parameters of the query.
    pub(crate) pairs: &'a [(String, String)],
    /// The members of the rows, and their names.
    pub(crate) members: &'a [Member],
    pub(crate) names: &'a [String],
    /// A filter that can't be.
    pub(crate) tried: Option<&'a Tried<'a>>,
    pub(crate) site: &'a Site<'a>,
}

/// The frame of the page.
pub(crate) fn table(page: &TablePage<'_>) -> Frame {
    let TablePage { table, about, dataset, statistics, labels, changed, pairs, members, names, tried, site } =
        page;
    let root = site.root;
    let fields = Fields::of(about);
    let question = Question { table: &table.name, pairs, root };
    let title = member(about, "title").unwrap_or(&table.name);
    let description = member(about, "description");
    let all = counted(table.rows, "row");
    let has_filters = question.filters().next().is_some();
    let files = [("CSV", ".csv"), ("JSON", ".json"), ("NDJSON", ".ndjson")];
    let before = html! {
        h1 { (shown(title)) }
        @if let Some(description) = description { p { (shown(description)) } }
        p {
            strong { (all) }
            @if let Some(version) = changed {
                @if let Some(name) = &version.version { ", version " (shown(name)) }
                ", changed " time datetime=(version.date) { (day(&version.date)) }
            }
            ". " a href=(root.path(&["-", "columns", &table.name])) { (counted(table.schema.columns.len() as u64, "column")) }
            @if changed.is_some() { ". " a href=(root.path(&["-", "changes", &table.name])) { "What changed" } }
            "."
        }
        (search(table, fields, question))
        (form(table, fields, question, *tried))
        (chips(fields, question))
        (PreEscaped("<div class=\"sides\"><div><h2 id=\"rows\">"))
    };
    let nothing = html! {
        p {
            @if table.rows == 0 { "This table has no rows yet." }
            @else if has_filters { "No row fits. " a href=(question.without_filters()) { "Show all rows" } }
            @else { "There are no rows here. " a href=(question.first_page()) { "Go to the first page" } }
        }
    };
    let after = html! {
        ul.links aria-label="Downloads" {
            li { @if has_filters { "These rows as" } @else { "All rows as" } }
            @for (name, extension) in files { li { a href=(question.file(extension)) download { (name) } } }
            li { a href=(root.path(&["-", "schema", &table.name])) { "JSON Schema" } }
        }
        (PreEscaped("</div>"))
        (facets(table, fields, question, *statistics, labels))
        (PreEscaped("</div>"))
        (usage(site, &table.name, &question.first_page(), &question.file(".csv")))
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
    let address = root.path(&[&table.name]);
    let described = Described {
        name: &table.name,
        path: address.clone(),
        about,
        dataset,
        version: changed.and_then(|version| version.version.as_deref()),
        changed: *changed,
    };
    let mut data = described.object(site);
    data["distribution"] = downloads(&table.name, site);
    data["variableMeasured"] = variables(table, fields);
    data["includedInDataCatalog"] = json!({"@type": "DataCatalog", "url": site.at(&root.front())});
    let filters = sentences(fields, question).join(", ");
    let (mut start, end) = Page {
        title: &if filters.is_empty() { title.to_owned() } else { format!("{title}: {filters}") },
        description: description.unwrap_or(&all),
        address: Some(&address),
        trail: &[("Data", root.front())],
        here: title,
        alternates: &[
            (question.file(".csv"), "text/csv", "Rows as CSV"),
            (question.file(".json"), "application/json", "Rows as JSON"),
        ],
        root,
        site: Some(site),
        linked_data: Some(data),
    }
    .around();
    start.push_str(&before.0);
    let shapes = shapes(table, fields, members);
    let mut head = head(table, fields, question, names, &shapes).into_string();
    // The first one is: no text has it, it would be escaped.
    let foot = head.split_off(head.find("</tbody>").unwrap_or(head.len()));
    let title_of = |(name, member): (&String, &Member)| match member.column {
        Some(column) => fields.title(&table.schema.columns[column].name).to_owned(),
        None => name.clone(),
    };
    Frame {
        before: start,
        head,
        foot,
        after: after.into_string() + &end,
        nothing: nothing.into_string(),
        first: question.first_page(),
        titles: names.iter().zip(*members).map(title_of).collect(),
        shapes,
    }
}
