//! SHA-256 digests as S3 and Lambda encode them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use catalog::FileDigest;

/// A digest in base64, from hex. Anything but pairs of hex digits is skipped, so that the result
/// equals no digest.
pub fn base64(hex: &str) -> String {
    BASE64_STANDARD.encode(raw(hex))
}

/// The digest of `bytes`, in hex.
pub(super) fn of(bytes: &[u8]) -> String {
    let mut digest = FileDigest::default();
    digest.update(bytes);
    digest.finish().0
}

/// S3's checksum of a multipart upload: the digest of the parts' digests, and their number
/// (S3 User Guide, "Checking object integrity", composite checksums).
pub(super) fn composite(parts: &[String]) -> String {
    let digests: Vec<u8> = parts.iter().flat_map(|part| raw(part)).collect();
    format!("{}-{}", base64(&of(&digests)), parts.len())
}

fn raw(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_nothing() {
        // openssl dgst -sha256 -binary /dev/null | base64
        assert_eq!(base64(&of(b"")), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn a_composite_counts_its_parts() {
        // printf a | openssl dgst -sha256 -binary > p; printf b | ... >> p; openssl dgst -sha256 -binary p | base64
        assert_eq!(composite(&[of(b"a"), of(b"b")]), "5aAf7hTg7VxIcU8iGA8lrYNltT+XefedxKPX6Tlj+Uo=-2");
    }
}
