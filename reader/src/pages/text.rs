//! Text as a page shows it.

use std::borrow::Cow;

use catalog::percent_encode;
use serde_json::Value;

/// The text without characters that no HTML document may have: each control character is its picture
/// (Unicode, "Control Pictures").
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let picture = |c: char| match c {
        c if !is_control(c) => c,
        '\u{7f}' => '\u{2421}',
        c => char::from_u32(u32::from(c) + 0x2400).filter(|_| c < ' ').unwrap_or('\u{fffd}'),
    };
    Cow::Owned(text.chars().map(picture).collect())
}

/// A number with a comma at every third digit.
pub(super) fn grouped(number: u64) -> String {
    let mut grouped = String::with_capacity(26);
    push_grouped(number, &mut grouped);
    grouped
}

/// The number with its noun: `1 row`, `4,999 rows`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let mut counted = String::with_capacity(28 + noun.len());
    push_grouped(number, &mut counted);
    counted.push(' ');
    counted.push_str(noun);
    if number != 1 {
        counted.push('s');
    }
    counted
}

fn push_grouped(number: u64, out: &mut String) {
    let digits = number.to_string();
    let (first, others) = digits.split_at((digits.len() - 1) % 3 + 1);
    out.push_str(first);
    for group in others.as_bytes().chunks(3) {
        out.push(',');
        out.extend(group.iter().copied().map(char::from));
    }
}

/// The path under which clients see the server, without a slash at its end: each path on a page begins with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Root<'a>(pub(crate) &'a str);

impl Root<'_> {
    /// The path of these parts, percent-encoded.
    pub(crate) fn path(self, parts: &[&str]) -> String {
        let mut path = self.0.to_owned();
        for part in parts {
            path.push('/');
            percent_encode(part, &mut path);
        }
        path
    }

    /// The path of all data.
    pub(crate) fn front(self) -> String {
        self.at("/")
    }

    /// A path that needs no encoding.
    pub(super) fn at(self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// A truth, wherever it is shown.
pub(super) fn yes_or_no(truth: bool) -> &'static str {
    if truth { "yes" } else { "no" }
}

/// The day of a point in time (RFC 3339).
pub(super) fn day(instant: &str) -> &str {
    instant.get(..10).unwrap_or(instant)
}

/// The start of a digest or commit, long enough to tell it from others.
pub(super) fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// The address, where it is one of the web. Others, such as `javascript:`, are no links.
pub(super) fn web_address(text: &str) -> Option<&str> {
    let scheme = text.split_once("://")?.0;
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")).then_some(text)
}

/// The member of a descriptor, where it is a text that is not empty.
pub(super) fn member<'v>(about: &'v Value, name: &str) -> Option<&'v str> {
    about.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_pictures() {
        assert_eq!(shown("a\0b\u{1b}\u{7f}\u{85}\n"), "a\u{2400}b\u{241b}\u{2421}\u{fffd}\n");
    }

    #[test]
    fn numbers_have_commas() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn only_the_web_is_linked() {
        for text in
            ["javascript:alert(1)", "data:text/html,x", "ftp://a", "//a", "java\nscript://%0aalert(1)"]
        {
            assert_eq!(web_address(text), None, "{text}");
        }
        assert_eq!(web_address("HTTPS://a.org/?b"), Some("HTTPS://a.org/?b"));
    }
}
