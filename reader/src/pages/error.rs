//! What was wrong, what to do about it, and ways on.

use maud::html;
use serde_json::Value;

use super::layout::{Page, Site};
use super::text::{Root, shown};
use crate::error::{Code, Error};

/// A link to somewhere else.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) href: String,
    pub(crate) text: String,
}

/// The page of an error. `ways` lead on from there.
pub(crate) fn error(error: &Error, ways: &[Way], root: Root<'_>, site: Option<&Site<'_>>) -> Vec<u8> {
    let heading = match error.code() {
        Code::RemovedRow => "This row was removed",
        Code::NotKept | Code::StaleCursor => "This is no longer here",
        code => match code.status() {
            404 => "There is nothing here",
            500.. => "The data can't be read now",
            _ => "This can't be shown",
        },
    };
    let main = html! {
        h1 { (heading) }
        p { (shown(error.message())) }
        @match error.details_value() {
            Some(Value::Object(members)) => dl {
                @for (name, value) in members {
                    dt { (shown(name)) }
                    dd { (details(value)) }
                }
            },
            Some(Value::Null) | None => {},
            Some(value) => p { (details(value)) },
        }
        @if let Some(hint) = error.hint_text() { p { "Hint: " (shown(hint)) } }
        ul {
            @for Way { href, text } in ways { li { a href=(href) { (shown(text)) } } }
            li { a href=(root.front()) { "All data" } }
        }
        p.mut { "Status " (error.code().status()) ", code " span.code { (error.code().name()) } }
    };
    Page {
        title: &heading,
        description: heading,
        address: None,
        query: &"",
        trail: &[("Data", root.front())],
        here: "Error",
        alternates: &[],
        root,
        site,
        linked_data: None,
    }
    .render(&main)
}

fn details(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(name, value)| format!("{name}: {}", details(value))).collect();
            members.join("\n")
        }
        other => other.to_string(),
    };
    shown(&text).into_owned()
}
