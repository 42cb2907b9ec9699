//! `rawPath`, which in an HTTP API is not raw.
//!
//! Captured from the real one (github.com/hotsock/voker, `vokerhttp/testdata/ingress-paths.json`,
//! 2026): the path is percent-decoded, cut at a `?` that appears, and percent-decoded again; an
//! escape that is malformed in either pass is refused with 400. So `%2F` can't be told from `/`,
//! a `?` has to be sent as `%253F`, and a `%` as `%2525`.
//!
//! Not known, so chosen: bytes that are no UTF-8 are replaced by U+FFFD, since the event is JSON.

/// The event's `rawPath` for the path in the request line, or `None` where it is refused.
pub(super) fn raw_path(path: &str) -> Option<String> {
    let mut once = decoded(path.as_bytes())?;
    if let Some(cut) = once.iter().position(|byte| *byte == b'?') {
        once.truncate(cut);
    }
    decoded(&once).map(|path| String::from_utf8_lossy(&path).into_owned())
}

/// Percent-decodes (RFC 3986, section 2.1); `None` where a `%` begins no escape.
fn decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        decoded.push(if byte == b'%' { hex(*rest.next()?)? << 4 | hex(*rest.next()?)? } else { byte });
    }
    Some(decoded)
}

pub(super) fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::raw_path;

    #[test]
    fn as_captured() {
        for (sent, raw) in [
            ("/capture/plain", Some("/capture/plain")),
            ("/capture/space%20value", Some("/capture/space value")),
            ("/capture/question%3Fvalue", Some("/capture/question")),
            ("/capture/percent%25done", None),
            ("/capture/hash%23value", Some("/capture/hash#value")),
            ("/capture/slash%2Fvalue", Some("/capture/slash/value")),
            ("/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C", Some("/capture/unicode-λ-世界")),
            ("/capture/literal%252Fvalue", Some("/capture/literal/value")),
            ("/capture/literal%253Fvalue", Some("/capture/literal?value")),
            ("/capture/literal%2525value", Some("/capture/literal%value")),
        ] {
            assert_eq!(raw_path(sent).as_deref(), raw, "{sent}");
        }
    }

    #[test]
    fn beyond_the_captures() {
        assert_eq!(raw_path("/a+b/%2e%2E//c/").as_deref(), Some("/a+b/..//c/"));
        assert_eq!(raw_path("/%FF%00").as_deref(), Some("/\u{FFFD}\0"));
        for malformed in ["/%", "/%2", "/%zz", "/%+1", "/100%25"] {
            assert_eq!(raw_path(malformed), None, "{malformed}");
        }
    }
}
