//! Which rows of an answer are wanted: `limit` and `offset`.

use crate::error::{Code, Error};

/// The page that is asked for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// Rows at the most; `None` where the request leaves it to us.
    pub(crate) limit: Option<u64>,
    /// Rows to pass over; `None` counts as none.
    pub(crate) offset: Option<u64>,
}

impl Page {
    /// Takes `limit` or `offset` in; each may come once.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let slot = if name == "limit" { &mut self.limit } else { &mut self.offset };
        if slot.is_some() {
            return Err(Error::new(Code::RepeatedParameter, format!("\"{name}\" is given twice"))
                .hint("give it once"));
        }
        *slot = Some(count(name, value)?);
        Ok(())
    }
}

fn count(name: &str, value: &str) -> Result<u64, Error> {
    if name == "limit" && value.strip_prefix('-').is_some_and(digits) {
        return Err(Error::new(Code::NegativeLimit, "Requested range not satisfiable")
            .details("Limit should be greater than or equal to zero."));
    }
    // SQLite counts rows in 63 bits.
    match value.parse::<i64>() {
        Ok(count) if digits(value) => Ok(count.unsigned_abs()),
        _ => Err(Error::new(Code::InvalidPage, format!("{name} is \"{value}\""))
            .hint(format!("{name} takes a whole number of rows, as in {name}=20"))),
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
