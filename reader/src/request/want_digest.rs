//! The header `Want-Repr-Digest` -> whether a client wants the digest of what it gets (RFC 9530, section 4).

/// The algorithm that digests are made with.
const ALGORITHM: &str = "sha-256";

/// Whether a client wants a digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedDigest {
    /// It says nothing of it, or nothing of SHA-256: it gets the digest where that costs little.
    Unsaid,
    /// It asks for it.
    Asked,
    /// It takes none.
    Refused,
}

impl WantedDigest {
    /// A dictionary (RFC 8941, section 3.2) of algorithms with their weights, from 0 for one that is not taken
    /// to 10. One that is not such a dictionary is no header at all, as that section wants it.
    pub(super) fn parse(header: Option<&str>) -> Self {
        let Some(header) = header else { return Self::Unsaid };
        let mut wanted = Self::Unsaid;
        for member in header.split(',') {
            let Some((name, weight)) = member.trim().split_once('=') else { return Self::Unsaid };
            let weight = weight.split(';').next().unwrap_or_default();
            let Some(weight) = weight.parse::<u8>().ok().filter(|weight| *weight <= 10) else {
                return Self::Unsaid;
            };
            if name == ALGORITHM {
                wanted = if weight == 0 { Self::Refused } else { Self::Asked };
            }
        }
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::WantedDigest::{self, Asked, Refused, Unsaid};

    #[test]
    fn an_algorithm_has_a_weight() {
        for (header, expected) in [
            ("sha-256=1", Asked),
            ("sha-512=10, sha-256=3", Asked),
            ("sha-256=10;a=b ,\tsha=0", Asked),
            ("sha-256=0", Refused),
            ("sha-256=3, sha-256=0", Refused),
            ("sha-512=10", Unsaid),
            ("", Unsaid),
            ("sha-256", Unsaid),
            ("sha-256=11", Unsaid),
            ("sha-256=x", Unsaid),
            ("sha-256=1, x", Unsaid),
            ("SHA-256=1", Unsaid),
        ] {
            assert_eq!(WantedDigest::parse(Some(header)), expected, "{header}");
        }
        assert_eq!(WantedDigest::parse(None), Unsaid);
    }
}
