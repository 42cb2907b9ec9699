//! A form's filter -> the query that says the same: `/-/find/<table>?column=price&is=lt&value=20`.
//!
//! A form can't write `price=lt.20`: it writes a name and a value for each of its fields. So a form asks here, and
//! is sent on to the table.

use super::parameters::is_reserved;
use super::{encode, field_name};
use crate::error::{Code, Error};

/// What a form asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Find {
    pub(crate) column: String,
    /// The name of one of [`CONDITIONS`].
    pub(crate) is: String,
    pub(crate) value: String,
    /// The query that the filter is added to, not decoded.
    pub(crate) with: String,
}

/// The conditions of a form, by their names in its query. What they say is the pages' matter.
pub(crate) const CONDITIONS: [&str; 14] = [
    "eq", "neq", "contains", "starts", "gt", "gte", "lt", "lte", "in", "true", "false", "not_null", "null",
    "wfts",
];

/// Parameters that say which page is shown; a filter begins at the first one.
const OF_PAGES: [&str; 2] = ["cursor", "offset"];

impl Find {
    /// Errors: a parameter that the form does not have, or one that comes twice.
    pub(crate) fn parse(pairs: &[(String, String)]) -> Result<Self, Error> {
        let mut find = Self::default();
        let mut seen: Vec<&str> = vec![];
        for (name, value) in pairs {
            let slot = match name.as_str() {
                "column" => &mut find.column,
                "is" => &mut find.is,
                "value" => &mut find.value,
                "with" => &mut find.with,
                other => {
                    let message = format!("unknown query parameter \"{other}\"");
                    return Err(Error::new(Code::UnknownParameter, message)
                        .hint("this path takes column, is, value and with"));
                }
            };
            if seen.contains(&name.as_str()) {
                return Err(super::page::repeated(name));
            }
            seen.push(name);
            slot.clone_from(value);
        }
        Ok(find)
    }

    /// The query with the filter added. Errors: `is` is none of [`CONDITIONS`], `with` can't be decoded.
    pub(crate) fn query(&self) -> Result<String, Error> {
        let mut pairs = super::query::pairs(&self.with)?;
        pairs.retain(|(name, _)| !OF_PAGES.contains(&name.as_str()));
        pairs.push((self.name(), self.test()?));
        Ok(query_of(&pairs))
    }

    fn name(&self) -> String {
        let name = field_name(&self.column);
        // A column may be called as a parameter is.
        if is_reserved(&self.column) && !name.starts_with('"') {
            format!("\"{}\"", self.column)
        } else {
            name
        }
    }

    fn test(&self) -> Result<String, Error> {
        let value = &self.value;
        Ok(match self.is.as_str() {
            "contains" => like("", value),
            "starts" => like("^", value),
            "in" => format!("in.({value})"),
            state @ ("true" | "false" | "null" | "not_null") => format!("is.{state}"),
            operator if CONDITIONS.contains(&operator) => format!("{operator}.{value}"),
            other => {
                return Err(Error::new(Code::Syntax, format!("there is no condition \"{other}\""))
                    .hint(format!("is takes {}", CONDITIONS.join(", "))));
            }
        })
    }
}

/// A pattern for the text, at the beginning or anywhere; a regular expression where the text has characters that
/// mean something in a pattern.
fn like(begin: &str, text: &str) -> String {
    if !text.contains(['*', '%', '_', '\\']) {
        return match begin {
            "" => format!("ilike.*{text}*"),
            _ => format!("ilike.{text}*"),
        };
    }
    let mut regex = format!("imatch.{begin}");
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            regex.push('\\');
        }
        regex.push(c);
    }
    regex
}

/// The parameters as a query, in their order.
pub(crate) fn query_of<'a>(pairs: impl IntoIterator<Item = &'a (String, String)>) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        encode(name, &mut query);
        query.push('=');
        encode(value, &mut query);
    }
    query
}
