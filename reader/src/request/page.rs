//! Which rows of an answer are wanted: `limit` and `offset`, or the header `Range`.

use crate::error::{Code, Error};

/// The page that is asked for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// Most rows; `None` where the request leaves it to us.
    pub(crate) limit: Option<u64>,
    /// Rows to pass over; `None` counts as none.
    pub(crate) offset: Option<u64>,
    /// How far a negative offset begins before the first row.
    before: u64,
}

/// What PostgREST says of a page that ends before the first row.
const NEGATIVE: &str = "Limit should be greater than or equal to zero.";

impl Page {
    /// Takes `limit` or `offset` in; each may come once. `key` is the parameter's whole name.
    pub(super) fn set(&mut self, name: &str, key: &str, value: &str) -> Result<(), Error> {
        let slot = if name == "limit" { &mut self.limit } else { &mut self.offset };
        if slot.is_some() {
            return Err(repeated(key));
        }
        let Some(before) = value.strip_prefix('-').filter(|text| digits(text)) else {
            *slot = Some(count(name, value)?);
            return Ok(());
        };
        if name == "limit" {
            return Err(unsatisfiable(NEGATIVE));
        }
        if key != name {
            return Err(Error::new(Code::InvalidPage, format!("{key} is \"{value}\""))
                .hint("the offset of an embed is not negative"));
        }
        (*slot, self.before) = (Some(0), before.parse().unwrap_or(u64::MAX));
        Ok(())
    }

    /// The page, once both parameters are known: what a negative offset puts before the first row
    /// is not there, and the limit counts it. PostgREST's clients make such pages of ranges.
    pub(super) fn settled(self) -> Result<Self, Error> {
        let limit = match self.limit {
            Some(limit) if limit > 0 && limit <= self.before => return Err(unsatisfiable(NEGATIVE)),
            limit => limit.map(|limit| limit.saturating_sub(self.before)),
        };
        Ok(Self { limit, before: 0, ..self })
    }

    /// The rows that are on this page and in the header's range too, as PostgREST joins them.
    /// A header that is not a range of rows is ignored (RFC 9110, section 14.2).
    pub(super) fn within(self, range: &str) -> Result<Self, Error> {
        let Some((first, last)) = rows(range) else { return Ok(self) };
        if last < first {
            return Err(unsatisfiable(
                "The lower boundary must be lower than or equal to the upper boundary in the Range header.",
            ));
        }
        if self.limit == Some(0) {
            return Ok(self);
        }
        let offset = self.offset.unwrap_or(0);
        let end = self.limit.map_or(u64::MAX, |limit| offset.saturating_add(limit));
        let (from, to) = (first.max(offset), end.min(last.saturating_add(1)));
        if to <= from {
            return Err(unsatisfiable(NEGATIVE));
        }
        let open = to >= i64::MAX as u64;
        Ok(Self { limit: (!open).then(|| to - from), offset: Some(from), before: 0 })
    }
}

/// The first and the last row of a range of rows, such as `0-9` and `10-`. Bytes are no rows.
pub(super) fn rows(range: &str) -> Option<(u64, u64)> {
    let (first, last) = range.trim().split_once('-')?;
    if !digits(first) || !(last.is_empty() || digits(last)) {
        return None;
    }
    // A number of more digits than SQLite counts rows is beyond every row.
    let row = |text: &str| text.parse::<i64>().map_or(i64::MAX as u64, i64::unsigned_abs);
    Some((row(first), if last.is_empty() { i64::MAX as u64 } else { row(last) }))
}

fn count(name: &str, value: &str) -> Result<u64, Error> {
    // SQLite counts rows in 63 bits.
    match value.parse::<i64>() {
        Ok(count) if digits(value) => Ok(count.unsigned_abs()),
        _ => Err(Error::new(Code::InvalidPage, format!("{name} is \"{value}\""))
            .hint(format!("{name} takes a whole number of rows, as in {name}=20"))),
    }
}

/// 416, with PostgREST's message.
pub(crate) fn unsatisfiable(details: impl Into<String>) -> Error {
    Error::new(Code::Range, "Requested range not satisfiable").details(details.into())
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The error of a parameter that may come once.
pub(super) fn repeated(key: &str) -> Error {
    Error::new(Code::RepeatedParameter, format!("\"{key}\" is given twice")).hint("give it once")
}
