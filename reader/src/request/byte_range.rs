//! The header `Range` where it is of bytes (RFC 9110, section 14).

/// One range of bytes, as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteRange {
    /// From the first byte on, to the last one where it is named.
    From(u64, Option<u64>),
    /// That many bytes at the end.
    Last(u64),
}

impl ByteRange {
    /// The range of a header. `None` where it has another unit, is malformed or has several ranges: then
    /// the header is ignored, as section 14.2 allows, and the whole is the answer.
    pub(crate) fn parse(header: &str) -> Option<Self> {
        let (unit, range) = header.split_once('=')?;
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (first, last) = range.trim().split_once('-')?;
        match (number(first.trim_end()), number(last.trim_start())) {
            (Some(first), Some(last)) if first <= last => Some(Self::From(first, Some(last))),
            (Some(first), None) if last.is_empty() => Some(Self::From(first, None)),
            (None, Some(length)) if first.is_empty() => Some(Self::Last(length)),
            _ => None,
        }
    }

    /// The bytes of a representation of `length` bytes, from the first to the one behind the last. `None`
    /// where it has none of them: the range can't be satisfied.
    pub(crate) fn of(self, length: u64) -> Option<(u64, u64)> {
        let (start, end) = match self {
            Self::From(first, last) => {
                (first, last.map_or(length, |last| last.saturating_add(1).min(length)))
            }
            Self::Last(bytes) => (length.saturating_sub(bytes), length),
        };
        (start < end).then_some((start, end))
    }
}

/// Digits alone; a number beyond 64 bits is beyond every byte.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::ByteRange::{self, From, Last};

    #[test]
    fn a_range_is_one_of_bytes() {
        let parse = ByteRange::parse;
        assert_eq!(parse("bytes=0-3"), Some(From(0, Some(3))));
        assert_eq!(parse("bytes=5-"), Some(From(5, None)));
        assert_eq!(parse("Bytes = -7"), Some(Last(7)));
        assert_eq!(parse("bytes=0-99999999999999999999"), Some(From(0, Some(u64::MAX))));
        for other in ["0-3", "items=0-3", "bytes=3-2", "bytes=-", "bytes=0-1,4-5", "bytes=+1-2", "bytes"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_range_ends_with_the_representation() {
        assert_eq!(From(0, Some(3)).of(10), Some((0, 4)));
        assert_eq!(From(8, Some(30)).of(10), Some((8, 10)));
        assert_eq!(From(10, None).of(10), None);
        assert_eq!(From(0, Some(u64::MAX)).of(10), Some((0, 10)));
        assert_eq!(Last(3).of(10), Some((7, 10)));
        assert_eq!(Last(30).of(10), Some((0, 10)));
        assert_eq!(Last(0).of(10), None);
        assert_eq!(From(0, None).of(0), None);
    }
}
