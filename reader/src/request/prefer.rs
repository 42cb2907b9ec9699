//! The header `Prefer` (RFC 7240): `count`, `handling`.

use crate::error::{Code, Error};

/// What a client prefers, as far as it is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Preferences {
    /// `count=exact|planned|estimated`: the total is shown. The name of the value as asked for.
    pub(crate) count: Option<&'static str>,
    /// `handling=strict|lenient`.
    handling: Option<&'static str>,
}

const COUNTS: [&str; 3] = ["count=exact", "count=planned", "count=estimated"];
const HANDLINGS: [&str; 2] = ["handling=strict", "handling=lenient"];

/// What PostgREST understands and has no meaning for a read: accepted without effect, also under
/// `handling=strict`, so that clients may send the same header always.
const WITHOUT_EFFECT: [&str; 9] = [
    "resolution=merge-duplicates",
    "resolution=ignore-duplicates",
    "return=representation",
    "return=minimal",
    "return=headers-only",
    "missing=default",
    "missing=null",
    "tx=commit",
    "tx=rollback",
];

impl Preferences {
    /// Errors: a preference that is not understood, where the client wants to know.
    pub(super) fn parse(header: Option<&str>) -> Result<Self, Error> {
        let Some(header) = header else { return Ok(Self::default()) };
        let mut preferences = Self::default();
        let mut unknown = vec![];
        for preference in header.split(',').map(str::trim) {
            let find = |known: &[&'static str]| known.iter().copied().find(|known| *known == preference);
            if let Some(count) = find(&COUNTS) {
                preferences.count.get_or_insert(count);
            } else if let Some(handling) = find(&HANDLINGS) {
                preferences.handling.get_or_insert(handling);
            } else if find(&WITHOUT_EFFECT).is_none() && !preference.starts_with("max-affected=") {
                unknown.push(preference);
            }
        }
        if preferences.handling == Some("handling=strict") && !unknown.is_empty() {
            return Err(Error::new(Code::Preference, "Invalid preferences given with handling=strict")
                .details(format!("Invalid preferences: {}", unknown.join(", "))));
        }
        Ok(preferences)
    }

    /// The value of `Preference-Applied`, where anything was.
    pub(crate) fn applied(&self) -> Option<String> {
        match (self.count, self.handling) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
            (Some(count), Some(handling)) => Some(format!("{count}, {handling}")),
        }
    }
}
