//! The header `Accept-Encoding` -> how the answer is coded (RFC 9110, section 12.5.3).

use super::quality::thousandths;

/// A content coding that is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    /// RFC 7932. The plain server's alone: its tables are a fifth of a Lambda's binary, for 5 to 8 per cent
    /// of an answer.
    #[cfg(feature = "http")]
    Brotli,
    /// RFC 1952
    Gzip,
}

impl Coding {
    /// Every coding, the denser first: it is taken where a client likes both as much.
    pub(crate) const ALL: &[Coding] = &[
        #[cfg(feature = "http")]
        Self::Brotli,
        Self::Gzip,
    ];

    /// The name in `Accept-Encoding` and `Content-Encoding`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            #[cfg(feature = "http")]
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The coding that a client likes best; `None` if there isn't one.
    pub(crate) fn preferred(accept_encoding: &str) -> Option<Self> {
        // Where only codings are named, the client would rather have one of them.
        let plain = quality(accept_encoding, "identity").unwrap_or(0);
        let mut best = None;
        for &coding in Self::ALL {
            let quality = coding.quality(accept_encoding);
            if quality > 0 && best.map_or(quality >= plain, |(most, _)| quality > most) {
                best = Some((quality, coding));
            }
        }
        best.map(|(_, coding)| coding)
    }

    /// Whether a client takes this coding.
    pub(crate) fn is_taken(self, accept_encoding: &str) -> bool {
        self.quality(accept_encoding) > 0
    }

    fn quality(self, accept_encoding: &str) -> u32 {
        quality(accept_encoding, self.name()).unwrap_or(0)
    }
}

/// The weight of a coding in thousandths: its own, or that of `*`, or `None`.
fn quality(accept_encoding: &str, name: &str) -> Option<u32> {
    let mut any = None;
    for coding in accept_encoding.split(',') {
        let mut parts = coding.split(';').map(str::trim);
        let found = parts.next().unwrap_or_default();
        let quality = parts
            .find_map(|part| part.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('='))
            .and_then(|value| thousandths(value.trim()))
            .unwrap_or(1000);
        if found.eq_ignore_ascii_case(name) {
            return Some(quality);
        }
        if found == "*" {
            any = Some(quality);
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::Coding::{self, Brotli, Gzip};

    #[test]
    fn the_best_liked_coding_is_taken() {
        for (header, expected) in [
            ("", None),
            ("gzip", Some(Gzip)),
            ("gzip, deflate, br, zstd", Some(Brotli)),
            ("GZIP;Q=1, br; q=0.5", Some(Gzip)),
            ("br;q=0.001", Some(Brotli)),
            ("br;q=0, gzip;q=0.000", None),
            ("*", Some(Brotli)),
            ("br;q=0, *;q=0.1", Some(Gzip)),
            ("*;q=0", None),
            ("identity, gzip;q=0.5", None),
            ("identity;q=0.5, gzip;q=0.5", Some(Gzip)),
            ("identity;q=0, gzip;q=0.5", Some(Gzip)),
            ("deflate, zstd", None),
        ] {
            assert_eq!(Coding::preferred(header), expected, "{header}");
        }
    }
}
