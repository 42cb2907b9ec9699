//! string and its formats: email, uri, binary, uuid (Table Schema, `string`). The text is kept as
//! unchanged.

use super::problem::{CellProblem, quoted};

/// A format of `string`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Email,
    Uri,
    /// Base64 (RFC 4648, section 4).
    Binary,
    Uuid,
}

impl Format {
    pub(super) const NAMES: [&str; 5] = ["default", "email", "uri", "binary", "uuid"];

    pub(super) fn new(name: &str) -> Option<Self> {
        match name {
            "email" => Some(Self::Email),
            "uri" => Some(Self::Uri),
            "binary" => Some(Self::Binary),
            "uuid" => Some(Self::Uuid),
            _ => None,
        }
    }

    pub(super) fn check(self, cell: &str) -> Result<(), CellProblem> {
        let (right, what) = match self {
            Self::Email => (is_email(cell), "an email address"),
            Self::Uri => (is_uri(cell), "a URI"),
            Self::Binary => (is_base64(cell.as_bytes()), "base64"),
            Self::Uuid => (is_uuid(cell.as_bytes()), "a UUID"),
        };
        if right { Ok(()) } else { Err(CellProblem::type_error(format!("{} is not {what}", quoted(cell)))) }
    }
}

/// The rule of the HTML standard ("valid e-mail address"), with letters beyond ASCII (RFC 6531).
fn is_email(cell: &str) -> bool {
    let Some((local, domain)) = cell.rsplit_once('@') else { return false };
    let atom = |c: char| {
        c.is_ascii_alphanumeric()
            || ".!#$%&'*+/=?^_`{|}~-".contains(c)
            || (!c.is_ascii() && c.is_alphanumeric())
    };
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c == '-' || c.is_alphanumeric())
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    !local.is_empty() && local.chars().all(atom) && domain.split('.').all(label)
}

/// RFC 3986: a scheme, then only characters that a URI may have.
fn is_uri(cell: &str) -> bool {
    let Some((scheme, rest)) = cell.split_once(':') else { return false };
    let bytes = rest.as_bytes();
    let escaped = |at: usize| bytes[at + 1..].iter().take(2).filter(|b| b.is_ascii_hexdigit()).count() == 2;
    let character = |(at, byte): (usize, &u8)| match byte {
        b'%' => escaped(at),
        byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(byte),
    };
    // Brackets only around an IPv6 address, and one `#`.
    let authority = rest.strip_prefix("//").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    let outside = authority.map_or(rest, |authority| &rest[2 + authority.len()..]);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        && !rest.is_empty()
        && bytes.iter().enumerate().all(character)
        && !outside.contains(['[', ']'])
        && outside.matches('#').count() <= 1
}

fn is_base64(cell: &[u8]) -> bool {
    let digits = cell.len() - cell.iter().rev().take(2).take_while(|byte| **byte == b'=').count();
    cell.len().is_multiple_of(4)
        && cell[..digits].iter().all(|b| b.is_ascii_alphanumeric() || *b == b'+' || *b == b'/')
}

/// RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits, in either case.
fn is_uuid(cell: &[u8]) -> bool {
    cell.len() == 36
        && cell.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn formats() {
        for (format, right, wrong) in [
            (
                Format::Email,
                &["a@example.org", "a.b+c@localhost", "ünï@exämple.org", "o'neill@x.y"][..],
                &["a", "@x", "a@", "a b@x", "a@x..y", "a@-x", "a@b@c", "a@x y", "<a@x>"][..],
            ),
            (
                Format::Uri,
                &["https://example.org/a?b=c#d", "mailto:a@x", "urn:isbn:1", "http://[::1]:80/", "a:%41"],
                &[
                    "example.org",
                    "//x/y",
                    "http:",
                    "http://x y",
                    "http://x/%zz",
                    "http://x/%4",
                    "1:x",
                    "http://x/ä",
                    "a:b#c#d",
                    "a:[x]",
                ],
            ),
            (
                Format::Binary,
                &["", "YQ==", "YWI=", "YWJj", "+/+/"],
                &["YQ", "YQ=", "Y===", "YW Jj", "YWJj\n", "=YWJ", "_-_-"],
            ),
            (
                Format::Uuid,
                &["95ecc380-afe9-11e4-9b6c-751b66dd541e", "95ECC380-AFE9-11E4-9B6C-751B66DD541E"],
                &[
                    "",
                    "95ecc380afe911e49b6c751b66dd541e",
                    "{95ecc380-afe9-11e4-9b6c-751b66dd541e}",
                    "95ecc380-afe9-11e4-9b6c-751b66dd541g",
                ],
            ),
        ] {
            for cell in right {
                assert!(format.check(cell).is_ok(), "{format:?} {cell}");
            }
            for cell in wrong {
                assert!(format.check(cell).is_err(), "{format:?} {cell}");
            }
        }
        assert_eq!(Format::Uuid.check("x").unwrap_err().message, "\"x\" is not a UUID");
    }
}
