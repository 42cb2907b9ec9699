//! `/<table>`: its rows, with what finds, orders and saves them.

use catalog::{Statistics, Table, Version};
use maud::html;
use serde_json::{Value, json};

use super::facets::facets;
use super::fields::Fields;
use super::filters::{Tried, chips, form, search};
use super::front::provenance;
use super::layout::{Page, Site};
use super::linked_data::{Described, downloads, variables};
use super::map::maps;
use super::question::Question;
use super::rows::{Links, Members, rows};
use super::text::{counted, day, grouped, member, path, shown};
use super::usage::usage;
use crate::error::Error;
use crate::response::Listed;

/// What the page of a table shows.
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
    pub(crate) listed: &'a Listed,
    pub(crate) members: &'a Members,
    /// Rows before the page, and over all pages where that is known.
    pub(crate) before: u64,
    pub(crate) total: Option<u64>,
    /// The query of the next page.
    pub(crate) next: Option<String>,
    /// A filter that can't be.
    pub(crate) tried: Option<&'a Tried<'a>>,
    pub(crate) site: &'a Site<'a>,
    pub(crate) base: &'a str,
}

/// Errors: the file has a value that is not text.
pub(crate) fn table(page: &TablePage<'_>) -> Result<Vec<u8>, Error> {
    let TablePage {
        table,
        about,
        dataset,
        statistics,
        labels,
        changed,
        pairs,
        listed,
        members,
        before,
        total,
        next,
        tried,
        site,
        base,
    } = page;
    let fields = Fields::of(about);
    let question = Question { table: &table.name, pairs };
    let title = member(about, "title").unwrap_or(&table.name);
    let description = member(about, "description");
    let all = counted(table.rows, "row");
    let shown_rows = listed.rows.len() as u64;
    let heading = match (shown_rows, total) {
        (0, _) => "No rows".to_owned(),
        (rows, Some(total)) => {
            format!("Rows {} to {} of {}", grouped(before + 1), grouped(before + rows), grouped(*total))
        }
        (rows, None) => format!("Rows {} to {}", grouped(before + 1), grouped(before + rows)),
    };
    let has_filters = question.filters().next().is_some();
    let files = [("CSV", ".csv"), ("JSON", ".json"), ("NDJSON", ".ndjson")];
    let main = html! {
        h1 { (shown(title)) }
        @if let Some(description) = description { p { (shown(description)) } }
        p {
            strong { (all) }
            @if let Some(version) = changed {
                @if let Some(name) = &version.version { ", version " (shown(name)) }
                ", changed " time datetime=(version.date) { (day(&version.date)) }
            }
            ". " a href=(path(&["-", "columns", &table.name])) { (counted(table.schema.columns.len() as u64, "column")) }
            @if changed.is_some() { ". " a href=(path(&["-", "changes", &table.name])) { "What changed" } }
            "."
        }
        (search(table, fields, question))
        (form(table, fields, question, *tried))
        (chips(fields, question))
        div.sides {
        div {
            h2 id="rows" { (heading) }
            @if shown_rows == 0 {
                p {
                    @if table.rows == 0 { "This table has no rows yet." }
                    @else if has_filters { "No row fits. " a href=(question.without_filters()) { "Show all rows" } }
                    @else { "There are no rows here. " a href=(question.first_page()) { "Go to the first page" } }
                }
            } @else {
                (rows(table, fields, question, listed, members)?)
                (maps(table, fields, listed, members)?)
            }
            @if *before > 0 || next.is_some() {
            nav aria-label="Pages" {
                ul.links {
                    @if *before > 0 { li { a href=(question.first_page()) rel="first" { "First page" } } }
                    @if let Some(query) = next {
                        li { a href={ (path(&[&table.name])) "?" (query) } rel="next" { "Next page" } }
                    }
                }
            }
            }
            ul.links aria-label="Downloads" {
                li { @if has_filters { "These rows as" } @else { "All rows as" } }
                @for (name, extension) in files { li { a href=(question.file(extension)) download { (name) } } }
                li { a href=(path(&["-", "schema", &table.name])) { "JSON Schema" } }
            }
        }
        (facets(table, fields, question, *statistics, labels))
        }
        (usage(base, &table.name, &question.first_page(), &question.file(".csv")))
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
    let address = path(&[&table.name]);
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
    data["includedInDataCatalog"] = json!({"@type": "DataCatalog", "url": site.at("/")});
    Ok(Page {
        title: &format!("{title}: {}", heading.to_lowercase()),
        description: description.unwrap_or(&all),
        address: Some(&address),
        trail: &[("Data", "/".to_owned())],
        here: title,
        alternates: &[
            (question.file(".csv"), "text/csv", "Rows as CSV"),
            (question.file(".json"), "application/json", "Rows as JSON"),
        ],
        site: Some(site),
        linked_data: Some(data),
        main,
    }
    .render())
}
