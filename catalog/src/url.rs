//! Names in URLs.

/// Appends `text` percent-encoded: everything but unreserved characters (RFC 3986, section 2.3).
pub fn percent_encode(text: &str, encoded: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            other => {
                encoded.push('%');
                for digit in [other >> 4, other & 15] {
                    encoded
                        .extend(char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()));
                }
            }
        }
    }
}
