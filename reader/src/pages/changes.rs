//! `/-/changes/<table>` and `/-/history/<table>/<key>`: versions, and what they did to rows.

use catalog::{Change, ChangeKind, ColumnChange, Table, TableVersion, Version};
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::layout::{Page, Site};
use super::text::{Root, day, grouped, member, short, shown};
use super::value::{IN_ROWS, Shown};

/// What a page of changes shows.
#[derive(Debug)]
pub(crate) struct ChangesPage<'a> {
    pub(crate) table: &'a Table,
    pub(crate) about: &'a Value,
    /// The row whose history it is; `None` for all rows.
    pub(crate) key: Option<&'a str>,
    /// The versions of the dataset, oldest first.
    pub(crate) versions: &'a [Version],
    /// The ordinals of those in which the table can be read.
    pub(crate) kept: &'a [u64],
    pub(crate) changes: &'a [Change],
    /// The version after which they happened, where one is named.
    pub(crate) since: Option<&'a str>,
    /// The path and query of the next page.
    pub(crate) next: Option<String>,
    pub(crate) site: &'a Site<'a>,
}

/// The page of changes.
pub(crate) fn changes(page: &ChangesPage<'_>) -> Vec<u8> {
    let ChangesPage { table, about, key, versions, kept, changes, since, next, site } = page;
    let root = site.root;
    let as_of = AsOf { table: &table.name, versions, kept, root };
    let table_title = member(about, "title").unwrap_or(&table.name);
    let title = match key {
        Some(key) => format!("What happened to {key} in {table_title}"),
        None => format!("What changed in {table_title}"),
    };
    let main = html! {
        h1 { (shown(&title)) }
        @if key.is_none() { (versions_of(table, &as_of)) }
        h2 id="changes" {
            @match (key, since) {
                (Some(_), _) => "Its versions",
                (None, Some(since)) => { "Rows that changed after " (shown(since)) },
                (None, None) => "Rows that changed",
            }
        }
        @if changes.is_empty() { p { "No row changed." } }
        @else if key.is_some() { (history(changes, &as_of, Fields::of(about), "changes")) }
        @else { (of_rows(table, changes, versions, Fields::of(about), root)) }
        @if let Some(next) = next {
            nav aria-label="Pages" { ul.links { li { a href=(next) rel="next" { "Next page" } } } }
        }
    };
    let here = if key.is_some() { "History" } else { "Changes" };
    let address = match key {
        Some(key) => root.path(&["-", "history", &table.name, key]),
        None => root.path(&["-", "changes", &table.name]),
    };
    let mut trail = vec![("Data", root.front()), (table_title, root.path(&[&table.name]))];
    if let Some(key) = key {
        trail.push((key, root.path(&[&table.name, key])));
    }
    Page {
        title: &title,
        description: &title,
        address: Some(&address),
        query: &"",
        trail: &trail,
        here,
        alternates: &[],
        root,
        site: Some(site),
        linked_data: None,
    }
    .render(&main)
}

/// The versions of a table's dataset, and where the table is as of each.
pub(super) struct AsOf<'a> {
    pub(super) table: &'a str,
    pub(super) versions: &'a [Version],
    /// The ordinals of those in which it can be read.
    pub(super) kept: &'a [u64],
    pub(super) root: Root<'a>,
}

impl AsOf<'_> {
    /// The address of the table, or of its row with that key, as of a version; `None` where it can't be read.
    fn address(&self, version: &Version, key: Option<&str>) -> Option<String> {
        self.kept.contains(&version.ordinal).then(|| {
            let version = catalog::version_address(self.versions, version);
            let parts = ["-", "at", version, self.table];
            self.root.path(&parts.into_iter().chain(key).collect::<Vec<_>>())
        })
    }

    fn version(&self, ordinal: u64) -> Option<&Version> {
        version(self.versions, ordinal)
    }
}

/// The versions of a table, the newest first.
fn versions_of(table: &Table, as_of: &AsOf<'_>) -> Markup {
    let AsOf { versions, root, .. } = as_of;
    let nothing = TableVersion::default();
    html! {
        h2 id="versions" { "Versions" }
        div.wrap tabindex="0" role="region" aria-labelledby="versions" {
            table {
                thead {
                    tr {
                        th scope="col" { "Version" } th scope="col" { "Date" } th scope="col" { "Commit" }
                        th.num scope="col" { "Rows" } th.num scope="col" { "Added" } th.num scope="col" { "Removed" }
                        th.num scope="col" { "Changed" } th scope="col" { "Columns" }
                        @if !as_of.kept.is_empty() { th scope="col" { "As it was" } }
                    }
                }
                tbody {
                    @for (at, version) in versions.iter().enumerate().rev() {
                        @if version.tables.contains_key(&table.name) {
                            @let did = version.tables.get(&table.name).unwrap_or(&nothing);
                            @let before = at.checked_sub(1).and_then(|at| versions.get(at));
                            tr {
                                th scope="row" {
                                    @match before.filter(|_| !did.reset) {
                                        Some(before) => a href={ (root.path(&["-", "changes", &table.name])) "?since=" (encoded(before.name())) } { (name(version)) },
                                        None => (name(version)),
                                    }
                                }
                                td { time datetime=(version.date) { (day(&version.date)) } }
                                td.code title=(version.commit) { (short(&version.commit)) }
                                td.num { (grouped(did.rows)) }
                                @if did.reset { td colspan="3" { "the feed begins here" } }
                                @else {
                                    td.num { (grouped(did.added)) } td.num { (grouped(did.removed)) } td.num { (grouped(did.changed)) }
                                }
                                td { @for change in &did.columns { div { (column_change(change)) } } }
                                @if !as_of.kept.is_empty() {
                                    td { @if let Some(address) = as_of.address(version, None) { a href=(address) rel="nofollow" { "as of " (name(version)) } } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn column_change(change: &ColumnChange) -> Markup {
    html! {
        @match change {
            ColumnChange::Added { column, .. } => ins { (shown(column)) },
            ColumnChange::Removed { column, .. } => del { (shown(column)) },
            ColumnChange::Retyped { column, old, new } => { (shown(column)) ": " del { (old.name()) } " → " ins { (new.name()) } },
            ColumnChange::Reordered => "in another order",
        }
    }
}

/// The changes of rows, each with a link to its row.
fn of_rows(
    table: &Table,
    changes: &[Change],
    versions: &[Version],
    fields: Fields<'_>,
    root: Root<'_>,
) -> Markup {
    html! {
        div.wrap tabindex="0" role="region" aria-labelledby="changes" {
            table {
                thead { tr { th scope="col" { "Row" } th scope="col" { "Version" } th scope="col" { "Change" } th scope="col" { "Values" } } }
                tbody {
                    @for change in changes {
                        tr {
                            th scope="row" { a href=(root.path(&[&table.name, &change.key])) { (shown(&change.key)) } }
                            td { @if let Some(version) = version(versions, change.ordinal) { (name(version)) } }
                            td { (change.kind.name()) }
                            td { (values(change, fields)) }
                        }
                    }
                }
            }
        }
    }
}

/// What happened to one row.
pub(super) fn history(changes: &[Change], as_of: &AsOf<'_>, fields: Fields<'_>, labelled: &str) -> Markup {
    html! {
        div.wrap tabindex="0" role="region" aria-labelledby=(labelled) {
            table {
                thead {
                    tr {
                        th scope="col" { "Version" } th scope="col" { "Date" } th scope="col" { "Commit" }
                        th scope="col" { "Change" } th scope="col" { "Values" }
                    }
                }
                tbody {
                    @for change in changes {
                        @let version = as_of.version(change.ordinal);
                        // A row that was removed is not there as of the version that removed it.
                        @let address = version.filter(|_| change.kind != ChangeKind::Removed).and_then(|version| as_of.address(version, Some(&change.key)));
                        tr {
                            th scope="row" {
                                @match (version, address) {
                                    (Some(version), Some(address)) => a href=(address) rel="nofollow" title={ "The row as of " (name(version)) } { (name(version)) },
                                    (Some(version), None) => (name(version)),
                                    (None, _) => {},
                                }
                            }
                            td { @if let Some(version) = version { time datetime=(version.date) { (day(&version.date)) } } }
                            td.code { @if let Some(version) = version { (short(&version.commit)) } }
                            td { (change.kind.name()) }
                            td { (values(change, fields)) }
                        }
                    }
                }
            }
        }
    }
}

/// The values that a change made others.
fn values(change: &Change, fields: Fields<'_>) -> Markup {
    let values: Value = serde_json::from_str(&change.values).unwrap_or_default();
    let empty = Map::new();
    let of = |name: &str| values.get(name).and_then(Value::as_object).unwrap_or(&empty);
    let (old, new) = (of("old"), of("new"));
    let names = if change.kind == ChangeKind::Removed { old } else { new };
    html! {
        @for name in names.keys().chain(old.keys().filter(|name| !names.contains_key(*name))) {
            div {
                (shown(fields.title(name))) ": "
                @if let Some(value) = old.get(name) { del { (value_of(value)) } }
                @if old.contains_key(name) && new.contains_key(name) { " → " }
                @if let Some(value) = new.get(name) { ins { (value_of(value)) } }
            }
        }
    }
}

fn value_of(value: &Value) -> Markup {
    match Shown::of_json(value) {
        Shown::Nothing => html! { span.none { "no value" } },
        value => value.markup(IN_ROWS),
    }
}

fn version(versions: &[Version], ordinal: u64) -> Option<&Version> {
    versions.iter().find(|version| version.ordinal == ordinal)
}

/// What people call a version.
fn name(version: &Version) -> &str {
    version.version.as_deref().unwrap_or_else(|| short(&version.digest))
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    crate::request::encode(text, &mut encoded);
    encoded
}
