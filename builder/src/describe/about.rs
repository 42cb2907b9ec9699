//! A descriptor as descriptions for other worlds quote it.

use serde_json::Value;

/// A descriptor in the catalog.
pub(super) struct About(Value);

impl About {
    /// Errors: it is not JSON.
    pub(super) fn parse(about: &str) -> serde_json::Result<Self> {
        serde_json::from_str(about).map(Self)
    }

    /// A member that is a text and not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        text(&self.0, name)
    }

    /// The members of a list.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.0.get(name).and_then(Value::as_array).into_iter().flatten()
    }

    /// A member of a field that is a text and not empty.
    pub(super) fn field(&self, field: &str, name: &str) -> Option<&str> {
        let fields = self.0.get("schema").and_then(|schema| schema.get("fields")).and_then(Value::as_array);
        let found = fields.into_iter().flatten().find(|known| text(known, "name") == Some(field));
        found.and_then(|field| text(field, name))
    }

    /// The address of each licence: its path on the web, or what SPDX has under its name.
    pub(super) fn licences(&self) -> impl Iterator<Item = String> {
        self.list("licenses").filter_map(|licence| match text(licence, "path").filter(|path| is_web(path)) {
            Some(path) => Some(path.to_owned()),
            None => text(licence, "name")
                .filter(|name| is_id(name))
                .map(|name| format!("https://spdx.org/licenses/{name}")),
        })
    }

    /// The name and address of who publishes it: the contributor with that role, or the first.
    pub(super) fn publisher(&self) -> Option<(&str, Option<&str>)> {
        let is_publisher = |contributor: &&Value| {
            let roles = contributor.get("roles").and_then(Value::as_array);
            text(contributor, "role") == Some("publisher")
                || roles.is_some_and(|roles| roles.iter().any(|role| role == "publisher"))
        };
        let found =
            self.list("contributors").find(is_publisher).or_else(|| self.list("contributors").next())?;
        Some((text(found, "title")?, text(found, "path").filter(|path| is_web(path))))
    }
}

/// A member that is a text and not empty.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

/// Whether a text is an address on the web that may stand in a document as it is (RFC 3986, section 2).
pub(super) fn is_web(text: &str) -> bool {
    let begins =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (begins("https://") || begins("http://"))
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>\"{}|\\^`".contains(c))
}

fn is_id(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+'))
}
