//! `/`: the datasets, how programs read them, and what proves that they are what they say.

use catalog::{Manifest, Version};
use maud::{Markup, html};
use serde_json::Value;

use super::commit::{linked_commit, repository};
use super::layout::{Page, Site};
use super::linked_data::{Described, Object, downloads};
use super::text::{counted, day, grouped, member, short, shown, web_address};
use super::usage::usage;

/// What the front page shows.
#[derive(Debug)]
pub(crate) struct Front<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) datasets: Vec<FrontDataset>,
    pub(crate) site: Site<'a>,
}

/// A dataset on it.
#[derive(Debug)]
pub(crate) struct FrontDataset {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    /// Its descriptor.
    pub(crate) about: Value,
    /// What changed it last.
    pub(crate) changed: Option<Version>,
    pub(crate) tables: Vec<FrontTable>,
}

/// A table of it.
#[derive(Debug)]
pub(crate) struct FrontTable {
    pub(crate) name: String,
    pub(crate) rows: u64,
    /// Whether its rows can be read: of earlier ones, not all are kept.
    pub(crate) is_kept: bool,
    /// Its descriptor.
    pub(crate) about: Value,
}

/// The front page.
pub(crate) fn front(shown: &Front<'_>) -> Vec<u8> {
    let Front { manifest, datasets, site } = shown;
    let root = site.root;
    let tables = datasets.iter().map(|dataset| dataset.tables.len() as u64).sum();
    let counts = format!("{}, {}", counted(datasets.len() as u64, "dataset"), counted(tables, "table"));
    let title = match datasets.as_slice() {
        [only] => member(&only.about, "title").unwrap_or(&only.name),
        _ => "Data",
    };
    let example = datasets.iter().find_map(|dataset| dataset.tables.first());
    let main = html! {
        h1 { (self::shown(title)) }
        p.mut { (counts) }
        div.cards { @for dataset in datasets { (card(dataset, site)) } }
        @if let Some(table) = example {
            h2 id="programs" { "For programs" }
            p {
                "Each address here gives a program JSON, and CSV at " span.code { "/<table>.csv" } ". Filters, orders and "
                "joins are PostgREST's. " a href=(site.now.at("/openapi.json")) { "The OpenAPI document" } " lists everything."
            }
            (usage(site, &table.name, &html! { (root.path(&[&table.name])) "?limit=10" }, &html! { (root.path(&[&table.name])) ".csv" }))
        }
        @if site.then.is_none() { (proof(manifest, repository(datasets.iter().map(|dataset| &dataset.about)))) }
    };
    let alternates = [
        (html! { (root.at("/openapi.json")) }, "application/json", "OpenAPI"),
        (html! { (root.at("/-/dcat.jsonld")) }, "application/ld+json", "DCAT"),
    ];
    Page {
        title: &title,
        description: &counts,
        address: Some(&root.front()),
        query: &"",
        trail: &[],
        here: "Data",
        alternates: if site.then.is_none() { &alternates } else { &[] },
        root,
        site: Some(site),
        linked_data: Some(catalog(title, datasets, site)),
    }
    .render(&main)
}

/// A `DataCatalog` with its datasets.
fn catalog(title: &str, datasets: &[FrontDataset], site: &Site<'_>) -> Object {
    let described = |dataset: &FrontDataset| {
        let FrontDataset { name, version, about, changed, tables } = dataset;
        let path = tables.first().map_or_else(|| site.root.front(), |table| site.root.path(&[&table.name]));
        let dataset = about;
        let version = version.as_deref();
        let mut object =
            Described { name, path, about, dataset, version, changed: changed.as_ref() }.object(site);
        object.list("distribution", tables.iter().flat_map(|table| downloads(&table.name, site)).collect());
        object.closed()
    };
    let mut catalog = Object::of("DataCatalog");
    catalog.text("name", title);
    catalog.text("url", &site.at(&site.root.front()));
    catalog.list("dataset", datasets.iter().map(described).collect());
    catalog
}

fn card(dataset: &FrontDataset, site: &Site<'_>) -> Markup {
    let root = site.root;
    let FrontDataset { name, version, about, changed, tables } = dataset;
    html! {
        section.card {
            h2 {
                (shown(member(about, "title").unwrap_or(name)))
                @if let Some(version) = version { " " small.mut { (shown(version)) } }
            }
            @if let Some(description) = member(about, "description") { p { (shown(description)) } }
            table {
                thead { tr { th scope="col" { "Table" } th.num scope="col" { "Rows" } } }
                tbody {
                    @for table in tables {
                        tr {
                            th scope="row" {
                                @let title = shown(member(&table.about, "title").unwrap_or(&table.name));
                                @if table.is_kept { a href=(root.path(&[&table.name])) { (title) } }
                                @else { (title) small { "its rows of then are not kept" } }
                                @if let Some(description) = member(&table.about, "description") { small { (shown(description)) } }
                            }
                            td.num { (grouped(table.rows)) }
                        }
                    }
                }
            }
            (provenance(about))
            @if let Some(version) = changed {
                p.mut {
                    "Changed on " time datetime=(version.date) { (day(&version.date)) } " by commit "
                    (linked_commit(&version.commit, short(&version.commit), member(about, "repository")))
                }
            }
            @if site.then.is_none() {
                ul.links {
                    li { a href=(root.path(&["-", "datapackage", &format!("{name}.json")])) { "Data Package" } }
                    li { a href=(root.path(&["-", "croissant", &format!("{name}.json")])) { "Croissant" } }
                }
            }
        }
    }
}

/// Licences, sources and home page of a descriptor.
pub(super) fn provenance(about: &Value) -> Markup {
    let list = |name: &str| about.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let (licences, sources) = (list("licenses"), list("sources"));
    html! {
        @if !licences.is_empty() {
            p { "Licence: " @for (index, licence) in licences.iter().enumerate() { @if index > 0 { ", " } (linked(licence, &["title", "name"])) } }
        }
        @if !sources.is_empty() {
            p { "Source: " @for (index, source) in sources.iter().enumerate() { @if index > 0 { "; " } (linked(source, &["title"])) } }
        }
        @if let Some(home) = member(about, "homepage").and_then(web_address) { p { a href=(home) rel="nofollow" { "Home page" } } }
    }
}

/// A licence or source by its first name that is there, linked where it has an address on the web.
fn linked(of: &Value, names: &[&str]) -> Markup {
    let address = member(of, "path");
    let name = names.iter().find_map(|name| member(of, name)).or(address).unwrap_or("not named");
    html! {
        @match address.and_then(web_address) {
            Some(address) => a href=(address) rel="nofollow" { (shown(name)) },
            None => (shown(name)),
        }
    }
}

fn proof(manifest: &Manifest, repository: Option<&str>) -> Markup {
    html! {
        h2 id="proof" { "What proves it" }
        p {
            @match &manifest.commit {
                Some(commit) => { "Everything here was built from commit " (linked_commit(commit, commit, repository)) ". Anyone who builds that commit gets the same bytes." },
                None => "This release was built from files that are in no commit.",
            }
        }
        details {
            summary { "SHA-256 of the database and of each table's content" }
            div.wrap tabindex="0" role="region" aria-labelledby="proof" {
                table {
                    thead { tr { th scope="col" { "Of" } th scope="col" { "SHA-256" } } }
                    tbody {
                        tr { th scope="row" { "data.db" } td.code { (manifest.database.sha256) } }
                        @for table in &manifest.tables {
                            tr { th scope="row" { (shown(&table.name)) } td.code { (table.sha256) } }
                        }
                    }
                }
            }
        }
    }
}
