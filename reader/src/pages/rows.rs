//! The table of HTML that rows are in: its heads, and how each member of a row is shown.

use std::collections::BTreeMap;

use catalog::{ColumnType, Storage, Table};
use maud::{Markup, PreEscaped, html};

use super::fields::Fields;
use super::frame::Head;
use super::template::{Hole, Template};
use super::text::{Root, shown, web_address};
use super::value::{IN_ROWS, Shown};
use crate::request::{encode, field_name};

/// Where a value leads by a foreign key, and what the row there is called.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) href: String,
    pub(crate) label: Option<String>,
}

/// What the rows are called that values lead to, by the text of the value.
pub(crate) type Labels = BTreeMap<String, String>;

/// A member of a row as far as it does not depend on the row.
#[derive(Debug)]
pub(crate) struct Shape {
    /// The column that it is, where it is one as it stands.
    pub(crate) column: Option<usize>,
    pub(super) is_key: bool,
    /// Whether it is a point on a map, and whether it says what the row is called there.
    pub(super) is_point: bool,
    pub(super) names: bool,
    pub(super) role: Role,
    is_number: bool,
    /// The tags around the value.
    pub(super) opens: &'static str,
    pub(super) closes: &'static str,
}

impl Shape {
    /// Whether its values may have letters.
    pub(super) fn has_letters(&self) -> bool {
        !self.opens.contains("class")
    }
}

/// What a value leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The page of its row.
    Head,
    /// A row that it refers to.
    Reference,
    /// An address that somebody wrote into a cell.
    Address,
    Plain,
}

/// A member of rows, for [`shapes`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    /// The column that it is, where it is one as it stands.
    pub(crate) column: Option<usize>,
    /// Whether it refers to rows, and whether those have labels.
    pub(crate) refers: bool,
    pub(crate) has_labels: bool,
}

/// How the members of rows are shown.
pub(super) fn shapes(table: &Table, fields: Fields<'_>, members: &[Member]) -> Vec<Shape> {
    let columns = &table.schema.columns;
    let place = |name: &String| {
        members.iter().position(|of| of.column.is_some_and(|column| columns[column].name == *name))
    };
    let key = &table.schema.primary_key;
    let key_is_shown = key.iter().all(|name| place(name).is_some());
    let head = key.first().filter(|_| key_is_shown).and_then(place);
    let label = table.label_column();
    let named = members.iter().position(|of| of.column.is_some() && of.column == label).unwrap_or(0);
    let is_point = |column: Option<usize>| {
        column.is_some_and(|index| columns[index].column_type == ColumnType::Geopoint)
    };
    let has_points = members.iter().any(|member| is_point(member.column));
    let shape = |(at, member): (usize, &Member)| {
        let column = member.column.map(|index| &columns[index]);
        let role = match column {
            _ if head == Some(at) => Role::Head,
            _ if member.refers => Role::Reference,
            Some(column) if fields.is_uri(&column.name) => Role::Address,
            _ => Role::Plain,
        };
        // A label in place of a number is text.
        let class = column.filter(|_| !member.has_labels).and_then(|column| class(column.column_type));
        let is_number = class == Some(Class::Number);
        let (opens, closes) = tags(role == Role::Head, class);
        Shape {
            column: member.column,
            is_key: column.is_some_and(|column| key.contains(&column.name)),
            is_point: is_point(member.column),
            names: has_points && at == named,
            role,
            is_number,
            opens,
            closes,
        }
    };
    members.iter().enumerate().map(shape).collect()
}

/// The heads of members that are called `names`: that of a column is a link that orders by it, and the other way round
/// where that is so already.
pub(super) fn heads(
    table: &Table,
    fields: Fields<'_>,
    root: Root<'_>,
    names: &[String],
    shapes: &[Shape],
) -> Vec<Head> {
    let path = root.path(&[&table.name]);
    let head = |(label, shape): (&String, &Shape)| {
        let class = shape.is_number.then_some("num");
        let Some(column) = shape.column.map(|index| &table.schema.columns[index]) else {
            let markup = html! { (PreEscaped("<th scope=\"col\"")) (Hole::Reading) (PreEscaped(">")) (shown(label)) (PreEscaped("</th>")) };
            return Head { title: label.clone(), name: None, template: Template::new(&markup.0) };
        };
        let (title, name) = (fields.title(&column.name), field_name(&column.name));
        let mut encoded = String::new();
        encode(&name, &mut encoded);
        let markup = html! {
            (PreEscaped("<th scope=\"col\""))
            @if let Some(class) = class { (PreEscaped(" class=")) (class) }
            (Hole::Sorted) (Hole::Reading) (PreEscaped(">"))
            a href={ (path) "?" (Hole::Unordered) "order=" (encoded) "." (Hole::Direction) } title=[fields.description(&column.name).map(shown)] rel="nofollow" {
                (shown(title)) (Hole::Arrow)
            }
            (PreEscaped("</th>"))
        };
        Head { title: title.to_owned(), name: Some(name), template: Template::new(&markup.0) }
    };
    names.iter().zip(shapes).map(head).collect()
}

/// A value that leads to a row.
pub(crate) fn linked(link: &Link, value: &Shown) -> Markup {
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

/// The tags of a cell. Without quotes, which Lambda's interface would have to escape: a page has hundreds of them.
fn tags(is_head: bool, class: Option<Class>) -> (&'static str, &'static str) {
    match (is_head, class) {
        (true, None) => ("<th scope=row>", "</th>"),
        (true, Some(Class::Number)) => ("<th scope=row class=num>", "</th>"),
        (true, Some(Class::Short)) => ("<th scope=row class=d>", "</th>"),
        (false, None) => ("<td>", "</td>"),
        (false, Some(Class::Number)) => ("<td class=num>", "</td>"),
        (false, Some(Class::Short)) => ("<td class=d>", "</td>"),
    }
}

/// How values are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// To the right.
    Number,
    /// In one line, since they are short and of one kind.
    Short,
}

fn class(of: ColumnType) -> Option<Class> {
    match of {
        ColumnType::Date
        | ColumnType::Datetime
        | ColumnType::Time
        | ColumnType::Yearmonth
        | ColumnType::Year
        | ColumnType::Boolean => Some(Class::Short),
        of if matches!(of.storage(), Storage::Integer | Storage::Real) => Some(Class::Number),
        _ => None,
    }
}
