//! How large an answer may get: Lambda takes 6,291,556 bytes of JSON, in which the body is a
//! string, and what is larger fails after all the work.
//!
//! A body is weighed as that string, for every door and coding, so that one question has
//! one answer everywhere.

use crate::error::{Code, Error};

/// The most that one byte weighs: a control character is `\u0001`.
const HEAVIEST: usize = 6;

/// What room is left for a body that grows.
#[derive(Debug)]
pub(crate) struct SizeLimit {
    most: usize,
    /// How many bytes of the body are weighed already, and what they weigh.
    weighed: usize,
    weight: usize,
}

impl SizeLimit {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, weighed: 0, weight: 0 }
    }

    /// Weighs what was added to `body` since the last call. Errors: it is too much.
    pub(crate) fn take(&mut self, body: &[u8]) -> Result<(), Error> {
        // Most answers are so small that they need not be looked at.
        if body.len() <= self.most / HEAVIEST {
            return Ok(());
        }
        self.weight += weight(&body[self.weighed..]);
        self.weighed = body.len();
        if self.weight > self.most { Err(too_large(self.most)) } else { Ok(()) }
    }
}

/// The error of an answer whose parts can't be served one by one.
pub(super) fn too_large(most: usize) -> Error {
    Error::new(Code::TooLarge, "the answer is too large")
        .details(format!("{most} bytes are allowed, counted as JSON text"))
        .hint("select fewer columns, and give embeds a limit, as in embed.limit=10")
}

/// The bytes of `body` as the inside of a JSON string.
fn weight(body: &[u8]) -> usize {
    let extra = |byte: &u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
        0..0x20 => HEAVIEST - 1,
        _ => 0,
    };
    body.len() + body.iter().map(extra).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::weight;

    #[test]
    fn a_body_weighs_what_serde_json_writes() {
        let every: String = ('\0'..'\u{300}').collect();
        let written = serde_json::to_string(&every).unwrap();
        assert_eq!(weight(every.as_bytes()), written.len() - 2);
    }
}
