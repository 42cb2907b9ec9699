//! The filters of a table's page: a form that adds one, and those that are on, each with a link that takes it off.

use catalog::Table;
use maud::{Markup, html};

use super::conditions::{CONDITIONS, says};
use super::fields::Fields;
use super::frame::Titles;
use super::question::Question;
use super::template::Hole;
use super::text::{Root, shown, yes_or_no};
use super::tried::{Asked, Tried};
use crate::plan::boolean;

/// The form that adds a filter: empty, with a hole for the query, or with the filter that can't be.
pub(super) fn form(table: &Table, fields: Fields<'_>, root: Root<'_>, tried: Option<&Tried<'_>>) -> Markup {
    let find = tried.map(|tried| tried.find);
    let is = find.map_or("eq", |find| find.is.as_str());
    let wrong = tried.map(|tried| tried.wrong(table, fields));
    let is_wrong = |field: Asked| wrong.as_ref().is_some_and(|(wrong, _)| *wrong == field);
    let invalid = |field: Asked| is_wrong(field).then_some("true");
    let described = |field: Asked| is_wrong(field).then_some("wrong");
    html! {
        form action=(root.path(&["-", "find", &table.name])) aria-label="Add a filter" {
            div {
                label for="column" { "Column" }
                select id="column" name="column" aria-invalid=[invalid(Asked::Column)] aria-describedby=[described(Asked::Column)] {
                    @for column in &table.schema.columns {
                        option value=(column.name) selected[find.is_some_and(|find| find.column == column.name)] {
                            (shown(fields.title(&column.name)))
                        }
                    }
                }
            }
            div {
                label for="is" { "Condition" }
                select id="is" name="is" aria-invalid=[invalid(Asked::Condition)] aria-describedby=[described(Asked::Condition)] {
                    @for (name, says) in CONDITIONS.iter().filter(|(name, _)| *name != "wfts" || table.searches().next().is_some()) {
                        option value=(name) selected[*name == is] { (says) }
                    }
                }
            }
            div {
                label for="value" { "Value" }
                input id="value" name="value" autocomplete="off" value=[find.map(|find| &find.value)]
                    aria-invalid=[invalid(Asked::Value)] aria-describedby=[described(Asked::Value)];
            }
            @match find { Some(find) => (with(&find.with)), None => (Hole::With) }
            button { "Add filter" }
            @if let Some((_, message)) = &wrong { p.wrong id="wrong" { (shown(message)) } }
        }
    }
}

/// The search box, where a column is searchable.
pub(super) fn search(table: &Table, fields: Fields<'_>, root: Root<'_>) -> Markup {
    let names = table.schema.columns.iter().map(|column| column.name.as_str());
    let columns: Vec<&str> = names.filter(|name| table.searched(name).is_some()).collect();
    if columns.is_empty() {
        return html! {};
    }
    html! {
        form action=(root.path(&["-", "find", &table.name])) role="search" {
            @match columns.as_slice() {
                [column] => input type="hidden" name="column" value=(column);,
                columns => div {
                    label for="in" { "Search in" }
                    select id="in" name="column" { @for column in columns { option value=(column) { (shown(fields.title(column))) } } }
                },
            }
            input type="hidden" name="is" value="wfts";
            div {
                label for="words" { "Words" @if let [column] = columns.as_slice() { " in " (shown(fields.title(column))) } }
                input id="words" name="value" type="search";
            }
            (Hole::With)
            button { "Search" }
        }
    }
}

/// The filters that are on, in words.
pub(super) fn sentences(titles: &Titles, question: Question<'_>) -> Vec<String> {
    question.filters().map(|(_, (name, test))| sentence(titles, name, test)).collect()
}

/// The field of a form that has the query to which it adds.
pub(super) fn with(query: &str) -> Markup {
    html! { @if !query.is_empty() { input type="hidden" name="with" value=(query); } }
}

/// The filters that are on, each with a link that takes it off.
pub(super) fn chips(sentences: &[String], question: Question<'_>) -> Markup {
    html! {
        ul.chips aria-label="Filters" {
            @for (says, (place, _)) in sentences.iter().zip(question.filters()) {
                li { a href=(question.without(place)) aria-label={ "Remove the filter: " (says) } { (shown(says)) " ✕" } }
            }
            @if sentences.len() > 1 { li { a href=(question.without_filters()) { "Remove all" } } }
        }
    }
}

/// A filter in words, where it is one that the form makes.
fn sentence(titles: &Titles, name: &str, test: &str) -> String {
    let known = titles.of(name.trim_matches('"'));
    let title = known.map_or(name.trim_matches('"'), |known| known.title.as_str());
    let as_shown = |value: &str| match boolean(value).filter(|_| known.is_some_and(|known| known.is_boolean))
    {
        Some(truth) => yes_or_no(truth).to_owned(),
        None => value.to_owned(),
    };
    let Some((operator, value)) = test.split_once('.') else { return format!("{name}={test}") };
    match operator {
        "is" => match says(value) {
            Some(says) => format!("{title} {says}"),
            None => format!("{name}={test}"),
        },
        "in" => match value.strip_prefix('(').and_then(|list| list.strip_suffix(')')) {
            Some(list) => {
                let values: Vec<_> = list.split(',').map(as_shown).collect();
                format!("{title} is one of ({})", values.join(","))
            }
            None => format!("{name}={test}"),
        },
        "ilike" => {
            let inside = value.trim_end_matches('*');
            match inside.strip_prefix('*') {
                Some(text) if !text.contains('*') => format!("{title} contains {text}"),
                None if !inside.contains('*') && value.ends_with('*') => {
                    format!("{title} starts with {inside}")
                }
                _ => format!("{name}={test}"),
            }
        }
        operator => match says(operator) {
            Some(says) => format!("{title} {says} {}", as_shown(value)),
            None => format!("{name}={test}"),
        },
    }
}
