//! A double as clients see it.

/// Appends a number as JSON: the fewest digits that give it back, a whole one without a fraction; an
/// infinity, for which JSON has no number (RFC 8259, section 6), as a string.
pub fn write_number(number: f64, out: &mut Vec<u8>) {
    if number.is_infinite() {
        out.extend_from_slice(if number > 0.0 { b"\"Infinity\"" } else { b"\"-Infinity\"" });
        return;
    }
    serde_json::to_writer(&mut *out, &number).expect("a Vec takes every byte");
    if out.ends_with(b".0") {
        out.truncate(out.len() - 2);
    }
}
