//! Hashes of leaves and nodes (RFC 9162, section 2.1.1): the first byte keeps one from being taken for the other.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

type Block = [u8; 64];

/// The first state (FIPS 180-4, section 5.3.3).
const START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// What is after a message: a bit and the message's length (section 5.1.1).
const END: usize = 1 + 8;

/// A row of at most this many blocks is hashed in place. A digest's own buffer takes a sixth of what trees cost.
const SHORT: usize = 4;

/// The hash of a leaf with these bytes.
#[inline]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    let length = 1 + bytes.len();
    let mut message = [[0; 64]; SHORT];
    if length + END > size_of_val(&message) {
        return Sha256::new_with_prefix([0]).chain_update(bytes).finalize().into();
    }
    message.as_flattened_mut()[1..length].copy_from_slice(bytes);
    hash_of(&mut message, length)
}

/// The hash of the node over these two.
#[inline]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut message = [[0; 64]; 2];
    let bytes = message.as_flattened_mut();
    bytes[0] = 1;
    bytes[1..33].copy_from_slice(left);
    bytes[33..65].copy_from_slice(right);
    hash_of(&mut message, 65)
}

/// The hash of the first `length` bytes. There are zeros after them, enough for the end of a message.
#[inline]
fn hash_of(message: &mut [Block], length: usize) -> Hash {
    let blocks = &mut message[..(length + END).div_ceil(size_of::<Block>())];
    let bytes = blocks.as_flattened_mut();
    bytes[length] = 0x80;
    let end = bytes.len() - 8;
    bytes[end..].copy_from_slice(&(8 * length as u64).to_be_bytes());
    let mut state = START;
    compress256(&mut state, blocks);
    let mut hash = Hash::default();
    for (bytes, word) in hash.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hash
}

/// The root of a tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The hash that these 64 lower-case hex digits are.
pub fn parse_hash(hex: &str) -> Option<Hash> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut hash = Hash::default();
    if hex.len() != 2 * hash.len() {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = digit(digits[0])? << 4 | digit(digits[1])?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::hex;

    /// The test vectors of Certificate Transparency's first implementation, for the same hashing (RFC 6962).
    #[test]
    fn hashes_are_those_of_certificate_transparency() {
        let hashed = |hash: Hash| hex(&hash);
        assert_eq!(hashed(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(
            hashed(leaf_hash(b"")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        assert_eq!(
            hashed(node_hash(&leaf_hash(b""), &leaf_hash(b"\0"))),
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
        );
    }

    /// Around each border of a block, and where a message is too long to be hashed in place.
    #[test]
    fn short_and_long_leaves_are_hashed_alike() {
        let row: Vec<u8> = (0..=255).chain(0..=255).collect();
        for length in 0..row.len() {
            let hash: Hash = Sha256::new_with_prefix([0]).chain_update(&row[..length]).finalize().into();
            assert_eq!(leaf_hash(&row[..length]), hash, "{length}");
        }
    }

    #[test]
    fn hex_is_of_lower_case() {
        let hash = leaf_hash(b"x");
        assert_eq!(parse_hash(&hex(&hash)), Some(hash));
        assert_eq!(parse_hash(&hex(&hash).to_uppercase()), None);
        assert_eq!(parse_hash(&hex(&hash)[1..]), None);
    }
}
