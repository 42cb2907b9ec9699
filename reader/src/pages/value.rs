//! Values of cells as a page shows them.

use std::borrow::Cow;

use maud::{Markup, html};
use serde_json::Value;

use super::text::shown;
use crate::error::Error;
use crate::response::Cell;

/// Characters of a value in a list of rows; the page of its row has all of them.
pub(super) const IN_ROWS: usize = 200;

/// Characters of a value on the page of its row: what a browser still lays out at once.
pub(super) const ON_A_PAGE: usize = 100_000;

/// A value by how it is shown.
#[derive(Debug)]
pub(crate) enum Shown {
    Nothing,
    Text(String),
    Number(String),
    Boolean(bool),
    List(Vec<String>),
    /// JSON as it is.
    Code(String),
}

impl Shown {
    /// Of a cell. Errors: the file has a value that is not text.
    pub(crate) fn of(cell: &Cell) -> Result<Self, Error> {
        let json = cell.json()?;
        Ok(match json.as_bytes().first() {
            Some(b'"') => match serde_json::from_str(&json) {
                Ok(text) => Self::Text(text),
                Err(_) => Self::Code(json),
            },
            Some(b'n') => Self::Nothing,
            Some(b't') => Self::Boolean(true),
            Some(b'f') => Self::Boolean(false),
            // Texts alone: numbers would have to be read and written again.
            Some(b'[') => serde_json::from_str(&json).map_or(Self::Code(json), Self::List),
            Some(b'{') => Self::Code(json),
            _ => Self::Number(json),
        })
    }

    /// Of a value of the change feed.
    pub(super) fn of_json(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nothing,
            Value::Bool(truth) => Self::Boolean(*truth),
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text.clone()),
            other => Self::Code(other.to_string()),
        }
    }

    /// The value as it stands in a filter or key.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Nothing | Self::List(_) | Self::Code(_) => None,
            Self::Text(text) | Self::Number(text) => Some(Cow::Borrowed(text)),
            Self::Boolean(truth) => Some(Cow::Borrowed(if *truth { "true" } else { "false" })),
        }
    }

    /// At most `most` characters of it.
    pub(super) fn markup(&self, most: usize) -> Markup {
        match self {
            Self::Nothing => html! {},
            Self::Text(text) if text.trim().is_empty() => html! { span.none { "\"" (shown(text)) "\"" } },
            Self::Text(text) => cut(text, most),
            Self::Number(text) => html! { (text) },
            Self::Boolean(truth) => html! { (if *truth { "yes" } else { "no" }) },
            Self::List(texts) if texts.is_empty() => html! { span.none { "[]" } },
            Self::List(texts) => cut(&texts.join(", "), most),
            Self::Code(json) => html! { code { (cut(json, most)) } },
        }
    }
}

fn cut(text: &str, most: usize) -> Markup {
    match text.char_indices().nth(most) {
        None => html! { (shown(text)) },
        Some((end, _)) => {
            let all = super::text::grouped(text.chars().count() as u64);
            html! { (shown(&text[..end])) "… " small.mut { "(" (all) " characters)" } }
        }
    }
}
