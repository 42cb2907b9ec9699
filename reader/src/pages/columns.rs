//! `/-/columns/<table>`: the data dictionary of a table.

use catalog::{Column, ColumnStatistics, Statistics, Table};
use maud::{Markup, html};
use serde_json::Value;

use super::fields::Fields;
use super::layout::{Page, Site};
use super::text::{counted, member, shown};

/// The data dictionary of a table, with what its columns hold where the release has their statistics.
pub(crate) fn columns(
    table: &Table,
    about: &Value,
    statistics: Option<&Statistics>,
    site: &Site<'_>,
) -> Vec<u8> {
    let root = site.root;
    let fields = Fields::of(about);
    let table_title = member(about, "title").unwrap_or(&table.name);
    let title = format!("Columns of {table_title}");
    let schema = &table.schema;
    let main = html! {
        h1 { (shown(&title)) }
        @if let Some(description) = member(about, "description") { p { (shown(description)) } }
        @if site.then.is_none() {
            ul.links {
                li { a href=(root.path(&["-", "schema", &table.name])) { "JSON Schema" } }
                li { a href=(root.path(&["-", "datapackage", &format!("{}.json", table.dataset)])) { "Data Package" } }
            }
        }
        h2 id="columns" { "Columns" }
        div.wrap tabindex="0" role="region" aria-labelledby="columns" {
            table {
                thead { tr { th scope="col" { "Column" } th scope="col" { "Type" } th scope="col" { "Meaning" } th scope="col" { "Rules" } @if statistics.is_some() { th scope="col" { "Values" } } } }
                tbody {
                    @for (index, column) in schema.columns.iter().enumerate() {
                        tr {
                            th scope="row" { span.code { (shown(&column.name)) } small { (shown(fields.title(&column.name))) } }
                            td {
                                (column.column_type.name())
                                @if let Some(format) = fields.get(&column.name).and_then(|field| member(field, "format")) { " (" (shown(format)) ")" }
                            }
                            td { @if let Some(description) = fields.description(&column.name) { (shown(description)) } }
                            td { (rules(column, fields)) }
                            @if let Some(statistics) = statistics { td { (numbers(&statistics.columns[index])) } }
                        }
                    }
                }
            }
        }
        h2 { "Keys" }
        @if schema.primary_key.is_empty() && schema.unique_keys.is_empty() && schema.foreign_keys.is_empty() && table.referenced_by.is_empty() {
            p { "This table has no keys." }
        } @else {
            ul {
                @if !schema.primary_key.is_empty() { li { "Primary key: " span.code { (schema.primary_key.join(", ")) } } }
                @for key in &schema.unique_keys { li { "Unique: " span.code { (key.join(", ")) } } }
                @for key in &schema.foreign_keys {
                    li { span.code { (key.columns.join(", ")) } " refers to " a href=(root.path(&[&key.table])) { (shown(&key.table)) } " (" (key.references.join(", ")) "): " span.code { (shown(&key.constraint(&table.name))) } }
                }
                @for key in &table.referenced_by {
                    li { a href=(root.path(&[&key.table])) { (shown(&key.table)) } " (" (key.columns.join(", ")) ") refers to " span.code { (key.references.join(", ")) } ": " span.code { (shown(&key.constraint())) } }
                }
            }
        }
    };
    let address = root.path(&["-", "columns", &table.name]);
    let schema = html! { (root.path(&["-", "schema", &table.name])) };
    let alternates = [(schema, "application/schema+json", "JSON Schema of a row")];
    Page {
        title: &title,
        description: &title,
        address: Some(&address),
        query: &"",
        trail: &[("Data", root.front()), (table_title, root.path(&[&table.name]))],
        here: "Columns",
        alternates: if site.then.is_none() { &alternates } else { &[] },
        root,
        site: Some(site),
        linked_data: None,
    }
    .render(&main)
}

/// What a column holds.
fn numbers(of: &ColumnStatistics) -> Markup {
    html! {
        @if let Some((low, high)) = &of.range { div { (shown(low)) @if low != high { " to " (shown(high)) } } }
        @if !of.values.is_empty() { div { (counted(of.values.len() as u64, "different value")) } }
        @if of.missing > 0 { div { (counted(of.missing, "row")) " without a value" } }
    }
}

/// What a column's values must be, and which cells of its file meant no value.
fn rules(column: &Column, fields: Fields<'_>) -> Markup {
    let field = fields.get(&column.name);
    let constraints = field.and_then(|field| field.get("constraints")).and_then(Value::as_object);
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    };
    html! {
        @if column.required { div { "required" } }
        @for (name, value) in constraints.into_iter().flatten().filter(|(name, _)| *name != "required") {
            div { (shown(name)) ": " (shown(&text(value))) }
        }
        @if let Some(missing) = field.and_then(|field| field.get("missingValues")) { div { "no value: " (shown(&text(missing))) } }
    }
}
