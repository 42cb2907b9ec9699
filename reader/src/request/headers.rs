//! The request headers that make a difference. Doors fill in these and drop the rest unread, so
//! that a request costs what it uses.

use crate::error::{Code, Error};

/// The request headers that make a difference, each as sent; repeats joined with a comma.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Headers {
    /// `Accept`
    pub accept: Option<String>,
    /// `If-None-Match`
    pub if_none_match: Option<String>,
}

impl Headers {
    /// Whether the header of that lower-case name makes a difference.
    #[cfg(feature = "lambda")]
    pub(crate) fn counts(name: &str) -> bool {
        Self::default().slot(name).is_some()
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "accept" => Some(&mut self.accept),
            "if-none-match" => Some(&mut self.if_none_match),
            _ => None,
        }
    }

    /// Sets the header of that lower-case name, if it is one that makes a difference.
    pub fn set(&mut self, name: &str, value: &str) {
        let Some(slot) = self.slot(name) else { return };
        match slot {
            Some(earlier) => {
                earlier.push_str(", ");
                earlier.push_str(value);
            }
            None => *slot = Some(value.to_owned()),
        }
    }

    /// Whether JSON is acceptable (RFC 9110, section 12.5.1).
    pub(super) fn check_accept(&self) -> Result<(), Error> {
        let Some(accept) = self.accept.as_deref() else { return Ok(()) };
        let acceptable = accept.split(',').any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let media = parts.next().unwrap_or_default().to_ascii_lowercase();
            let refused = parts.any(|parameter| {
                matches!(parameter.to_ascii_lowercase().as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
            });
            !refused && matches!(media.as_str(), "*/*" | "application/*" | "application/json" | "")
        });
        if acceptable {
            return Ok(());
        }
        Err(Error::new(Code::NotAcceptable, format!("None of these media types are available: {accept}"))
            .hint("application/json is served"))
    }

    /// Whether the client has the representation of that entity tag (RFC 9110, section 13.1.2:
    /// weak comparison). `*` is left to who knows whether there is a representation at all.
    pub(crate) fn has(&self, etag: &str) -> bool {
        self.if_none_match
            .as_deref()
            .is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag))
    }

    /// Whether the client has any representation: `If-None-Match: *`.
    pub(crate) fn has_any(&self) -> bool {
        self.if_none_match.as_deref().is_some_and(|tags| tags.trim() == "*")
    }
}
