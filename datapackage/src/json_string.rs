//! Text as a JSON string (RFC 8259, section 7).

use std::fmt::Write;

/// `text` as a JSON string.
pub(crate) fn write_json_string(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(json, "\\u{:04x}", c as u32); // a String takes everything
            }
            c => json.push(c),
        }
    }
    json.push('"');
}
