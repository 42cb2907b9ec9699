//! What follows `/-/at/`: a version, a commit, or a time.
//!
//! ```text
//! /-/at/1.4.0/products                 version 1.4.0 of the dataset of `products`
//! /-/at/shop@1.4.0/products            the moment at which version 1.4.0 of `shop` came
//! /-/at/3f2a9c1/products               a commit, by 7 of its digits or more
//! /-/at/2025-03-01/products            the end of a day, in UTC
//! /-/at/2025-03-01T08:00:00Z/products  a point in time
//! ```

use crate::error::{Code, Error};

/// A moment in a history, as it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum When {
    /// A version, by its number or its digest.
    Version {
        /// The dataset; `None` for that of the table that is asked for.
        dataset: Option<String>,
        version: String,
    },
    /// The first digits of a commit's name, in lower case; a version may have them as its digest.
    Commit(String),
    /// What begins with a date; a time of day with its zone may follow.
    Time(String),
}

/// Digits of a commit's name; fewer would soon mean several.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=64;

impl When {
    /// Errors: the text is none of them.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if let Some((dataset, version)) = text.rsplit_once('@') {
            if dataset.is_empty() || !(is_version(version) || is_hex(version)) {
                return Err(no_moment(text));
            }
            let (dataset, version) = (Some(dataset.to_owned()), version.to_owned());
            return Ok(Self::Version { dataset, version });
        }
        if is_date(text) {
            return Ok(Self::Time(text.to_owned()));
        }
        if is_version(text) {
            return Ok(Self::Version { dataset: None, version: text.to_owned() });
        }
        if is_hex(text) {
            if DIGITS.contains(&text.len()) {
                return Ok(Self::Commit(text.to_ascii_lowercase()));
            }
            return Err(no_moment(text)
                .details(format!("a commit has from 7 to 64 hexadecimal digits, this has {}", text.len())));
        }
        Err(no_moment(text))
    }
}

/// The error of a text that names no moment.
pub(crate) fn no_moment(text: &str) -> Error {
    Error::new(Code::InvalidMoment, format!("\"{text}\" is no version, commit or time")).hint(
        "after /-/at/ comes a version (1.4.0 or dataset@1.4.0), a commit (7 digits or more), a date (2025-03-01) or a \
         time with its zone (2025-03-01T08:00:00Z); for what is current, leave /-/at/ out",
    )
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether it is written like a semantic version.
fn is_version(text: &str) -> bool {
    let numbers = text.split(['-', '+']).next().unwrap_or_default();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte))
}

/// Whether it begins with `yyyy-mm-dd`.
fn is_date(text: &str) -> bool {
    let day = text.as_bytes().get(..10);
    let ends = matches!(text.as_bytes().get(10), None | Some(b'T' | b't' | b' '));
    ends && day.is_some_and(|day| {
        day.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_version_a_commit_or_a_time() {
        let version = |dataset: Option<&str>, version: &str| When::Version {
            dataset: dataset.map(str::to_owned),
            version: version.into(),
        };
        for (text, when) in [
            ("1.4.0", version(None, "1.4.0")),
            ("1.4.0-rc.1+b", version(None, "1.4.0-rc.1+b")),
            ("shop@1.4.0", version(Some("shop"), "1.4.0")),
            ("0ABCDEF", When::Commit("0abcdef".into())),
            ("20250301", When::Commit("20250301".into())),
            ("2025-03-01", When::Time("2025-03-01".into())),
            ("2025-03-01T08:00:00+02:00", When::Time("2025-03-01T08:00:00+02:00".into())),
        ] {
            assert_eq!(When::parse(text), Ok(when), "{text}");
        }
        for text in [
            "",
            "latest",
            "HEAD",
            "abcdef",
            "..",
            ".",
            "1.4",
            "v1.4.0",
            "@1.4.0",
            "shop@",
            "shop@latest",
            "2025-03-01x",
            &"a".repeat(65),
            "1.4.0/..",
            "1..0",
        ] {
            assert_eq!(When::parse(text).unwrap_err().code(), Code::InvalidMoment, "{text}");
        }
    }
}
