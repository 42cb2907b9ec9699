//! Rows as a table of HTML.

use std::collections::BTreeMap;

use catalog::{ColumnType, Storage, Table};
use maud::{Markup, html};

use super::fields::Fields;
use super::question::Question;
use super::text::{shown, web_address};
use super::value::{IN_ROWS, Shown};
use crate::error::Error;
use crate::response::Listed;

/// Where a value leads by a foreign key, and what the row there is called.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) label: Option<String>,
}

/// Links by the text of the value, for a member of the rows.
pub(crate) type Links = BTreeMap<String, Link>;

/// What is known of the members of the rows.
#[derive(Debug)]
pub(crate) struct Members {
    /// The column that each is, where it is one as it stands.
    pub(crate) columns: Vec<Option<usize>>,
    pub(crate) links: Vec<Links>,
    /// The address of each row, where it has one.
    pub(crate) addresses: Vec<Option<String>>,
}

/// Errors: the file has a value that is not text.
pub(super) fn rows(
    table: &Table,
    fields: Fields<'_>,
    question: Question<'_>,
    listed: &Listed,
    members: &Members,
) -> Result<Markup, Error> {
    let columns = &table.schema.columns;
    let of = |at: usize| members.columns.get(at).copied().flatten().map(|index| &columns[index]);
    // A label in place of a number is text.
    let class = |at: usize| {
        let has_labels =
            members.links.get(at).is_some_and(|links| links.values().any(|link| link.label.is_some()));
        of(at).filter(|_| !has_labels).and_then(|column| class(column.column_type))
    };
    let first_key = table.schema.primary_key.first();
    let key_place = (0..listed.labels.len())
        .find(|at| of(*at).is_some_and(|column| Some(&column.name) == first_key))
        .filter(|_| members.addresses.iter().any(Option::is_some));
    let mut body = vec![];
    for (cells, address) in listed.rows.iter().zip(&members.addresses) {
        let mut line = vec![];
        for (at, cell) in cells.iter().enumerate() {
            let value = Shown::of(cell)?;
            let link = members.links.get(at).and_then(|links| links.get(value.text()?.as_ref()));
            let is_uri = of(at).is_some_and(|column| fields.is_uri(&column.name));
            let inside = html! {
                @match (&value, link, address) {
                    (_, _, Some(address)) if key_place == Some(at) => a href=(address) { (value.markup(IN_ROWS)) },
                    (_, Some(link), _) => (linked(link, &value)),
                    (Shown::Text(text), ..) if is_uri => (web(text)),
                    _ => (value.markup(IN_ROWS)),
                }
            };
            let class = class(at);
            line.push(html! {
                @if key_place == Some(at) { th scope="row" class=[class] { (inside) } }
                @else { td class=[class] { (inside) } }
            });
        }
        body.push(html! { tr { @for cell in &line { (cell) } } });
    }
    Ok(html! {
        div.wrap.rows tabindex="0" role="region" aria-labelledby="rows" {
            table {
                thead {
                    tr {
                        @for (at, label) in listed.labels.iter().enumerate() {
                            @let class = class(at).filter(|class| *class == "num");
                            @match of(at) {
                                Some(column) => (header(&column.name, fields, question, class)),
                                None => th scope="col" { (shown(label)) },
                            }
                        }
                    }
                }
                tbody { @for row in &body { (row) } }
            }
        }
    })
}

/// The head of a column: a link that orders by it, and the other way round where that is so already.
fn header(name: &str, fields: Fields<'_>, question: Question<'_>, class: Option<&str>) -> Markup {
    let (ascending, descending) = (question.ordered(name, false), question.ordered(name, true));
    let order = question.order().map(|order| (order, crate::request::field_name(name)));
    let is = |suffix: &str| order.as_ref().is_some_and(|(order, name)| *order == format!("{name}{suffix}"));
    let sorted = match () {
        () if is("") || is(".asc") => Some("ascending"),
        () if is(".desc") => Some("descending"),
        () => None,
    };
    let href = if sorted == Some("ascending") { descending } else { ascending };
    html! {
        th scope="col" class=[class] aria-sort=[sorted] {
            a href=(href) title=[fields.description(name)] rel="nofollow" {
                (shown(fields.title(name)))
                @match sorted { Some("ascending") => " ↑", Some(_) => " ↓", None => {} }
            }
        }
    }
}

/// A value that leads to a row.
pub(super) fn linked(link: &Link, value: &Shown) -> Markup {
    html! {
        a href=(link.href) {
            @match &link.label { Some(label) => (shown(label)), None => (value.markup(IN_ROWS)) }
        }
    }
}

/// An address that somebody wrote into a cell: linked only into the web.
pub(super) fn web(text: &str) -> Markup {
    html! {
        @match web_address(text) {
            Some(address) => a href=(address) rel="nofollow ugc" { (shown(text)) },
            None => (shown(text)),
        }
    }
}

/// How values are set: numbers to the right, and what is short and of one kind in one line.
fn class(of: ColumnType) -> Option<&'static str> {
    match of {
        ColumnType::Date
        | ColumnType::Time
        | ColumnType::Yearmonth
        | ColumnType::Year
        | ColumnType::Boolean => Some("d"),
        of if matches!(of.storage(), Storage::Integer | Storage::Real) => Some("num"),
        _ => None,
    }
}
