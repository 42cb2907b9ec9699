//! A body that is text, as the JSON string that Lambda takes.
//!
//! serde_json looks at a string byte by byte, which was a third of what a page for browsers cost.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A text that is serialized as a JSON string.
pub(crate) struct Text<'a>(pub(crate) &'a str);

/// The name by which serde_json knows a `RawValue`, and so JSON that is written as it is. A `RawValue` itself can only be had by
/// parsing, which takes as long as what is saved here. A test notices if another version has another name.
const RAW: &str = "$serde_json::private::RawValue";

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut raw = serializer.serialize_struct(RAW, 1)?;
        raw.serialize_field(RAW, &quoted(self.0))?;
        raw.end()
    }
}

/// The text as a JSON string (RFC 8259, section 7).
fn quoted(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + text.len() / 4 + 16);
    out.push('"');
    let (mut done, mut at) = (0, 0);
    while let Some(found) = next_escaped(bytes, at) {
        // What is escaped is ASCII, so both ends are between characters.
        out.push_str(&text[done..found]);
        match bytes[found] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => out.push_str(&format!("\\u{control:04x}")),
        }
        at = found + 1;
        done = at;
    }
    out.push_str(&text[done..]);
    out.push('"');
    out
}

/// The place of the next byte that has to be escaped, from `at` on: eight bytes are looked at together.
fn next_escaped(bytes: &[u8], mut at: usize) -> Option<usize> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The lowest bit that is set is that of the first such byte; those above it may be wrong (Hacker's Delight, 6-1).
    let below = |word: u64, least: u64| word.wrapping_sub(EACH * least) & !word;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let (quote, backslash) = (word ^ (EACH * 0x22), word ^ (EACH * 0x5c));
        let found = (below(word, 0x20) | below(quote, 1) | below(backslash, 1)) & HIGH;
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    bytes[at..].iter().position(|byte| matches!(byte, ..0x20 | b'"' | b'\\')).map(|place| at + place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_string_that_serde_json_reads() {
        let every: Vec<char> = ('\0'..'\u{300}').collect();
        let texts = every.windows(21).map(|text| text.iter().collect::<String>());
        for text in texts
            .chain(["", "\"", "1234567\"", "12345678\\", "\u{1f600}\n\"\"\"\"\u{1f600}"].map(str::to_owned))
        {
            let json = serde_json::to_string(&Text(&text)).unwrap();
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text, "{json}");
        }
    }
}
