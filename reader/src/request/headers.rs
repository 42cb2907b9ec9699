//! The request headers that make a difference. Doors fill in these and drop the rest unread, so
//! that a request costs what it uses.

use super::WantedDigest;

/// The request headers that make a difference, each as sent; repeats joined with a comma.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Headers {
    /// `Accept`
    pub accept: Option<String>,
    /// `Accept-Datetime`
    pub accept_datetime: Option<String>,
    /// `Accept-Encoding`
    pub accept_encoding: Option<String>,
    /// `If-None-Match`
    pub if_none_match: Option<String>,
    /// `If-Range`
    pub if_range: Option<String>,
    /// `Prefer`
    pub prefer: Option<String>,
    /// `Range`
    pub range: Option<String>,
    /// `Origin`
    pub origin: Option<String>,
    /// `Want-Repr-Digest`
    pub want_repr_digest: Option<String>,
}

impl Headers {
    /// Whether the header of that lower-case name makes a difference.
    pub fn counts(name: &str) -> bool {
        Self::default().slot(name).is_some()
    }

    fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
        match name {
            "accept" => Some(&mut self.accept),
            "accept-datetime" => Some(&mut self.accept_datetime),
            "accept-encoding" => Some(&mut self.accept_encoding),
            "if-none-match" => Some(&mut self.if_none_match),
            "if-range" => Some(&mut self.if_range),
            "prefer" => Some(&mut self.prefer),
            "range" => Some(&mut self.range),
            "origin" => Some(&mut self.origin),
            "want-repr-digest" => Some(&mut self.want_repr_digest),
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

    /// Whether the client has the representation of that entity tag (RFC 9110, section 13.1.2:
    /// weak comparison). `*` is left to who knows whether there is a representation at all.
    pub(crate) fn has(&self, etag: &str) -> bool {
        self.if_none_match
            .as_deref()
            .is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag))
    }

    /// Whether the client wants the digest of what it gets.
    pub(crate) fn wanted_digest(&self) -> WantedDigest {
        WantedDigest::parse(self.want_repr_digest.as_deref())
    }

    /// Whether the client has any representation: `If-None-Match: *`.
    pub(crate) fn has_any(&self) -> bool {
        self.if_none_match.as_deref().is_some_and(|tags| tags.trim() == "*")
    }
}
