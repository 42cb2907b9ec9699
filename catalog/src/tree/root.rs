//! Leaves, one after another -> the root, and a hash for each group of leaves.
//!
//! A tree splits at the largest power of two that is smaller than its size (RFC 9162, section 2.1.1), so each
//! [`GROUP`] leaves from the first on are a tree of their own, and the whole is the tree whose leaves are those
//! trees' roots.

use super::{Hash, empty_root, node_hash};

/// How many leaves have one hash in the release. A power of two: of 256 rows, their hash is a few tenths of a
/// percent, and hashing them again takes less than reading them.
pub const GROUP: usize = 256;

/// Takes the hashes of leaves, in order. Its memory is the logarithm of their number, and the groups.
#[derive(Debug, Default)]
pub struct TreeWriter {
    size: u64,
    /// The roots of complete trees, of descending size: one for each bit of `size` within a group.
    complete: Vec<Hash>,
    groups: Vec<Hash>,
}

impl TreeWriter {
    /// Adds the next leaf.
    #[inline]
    pub fn leaf(&mut self, mut hash: Hash) {
        let mut before = self.size;
        self.size += 1;
        while before & 1 == 1
            && let Some(left) = self.complete.pop()
        {
            hash = node_hash(&left, &hash);
            before >>= 1;
        }
        if self.size.is_multiple_of(GROUP as u64) {
            self.groups.push(hash);
        } else {
            self.complete.push(hash);
        }
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of each group, the last one incomplete perhaps.
    pub fn finish(mut self) -> Vec<Hash> {
        let incomplete = self.complete.into_iter().rev().reduce(|hash, left| node_hash(&left, &hash));
        self.groups.extend(incomplete);
        self.groups
    }
}

/// The root of the tree over these leaves, or over these groups.
pub fn tree_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [hash] => *hash,
        hashes => {
            let (left, right) = hashes.split_at(split(hashes.len()));
            node_hash(&tree_root(left), &tree_root(right))
        }
    }
}

/// The largest power of two that is smaller than `size`, which is at least 2.
pub(super) fn split(size: usize) -> usize {
    1 << (size - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::leaf_hash;

    fn leaves(size: usize) -> Vec<Hash> {
        (0..size).map(|leaf| leaf_hash(&leaf.to_le_bytes())).collect()
    }

    #[test]
    fn groups_have_the_root_of_their_leaves() {
        for size in (0..20).chain([255, 256, 257, 511, 512, 513, 700, 1023, 1025, 5000]) {
            let leaves = leaves(size);
            let mut writer = TreeWriter::default();
            leaves.iter().for_each(|leaf| writer.leaf(*leaf));
            assert_eq!(writer.size(), size as u64);
            let groups = writer.finish();
            assert_eq!(groups.len(), size.div_ceil(GROUP), "{size}");
            assert!(groups.iter().zip(leaves.chunks(GROUP)).all(|(group, of)| *group == tree_root(of)));
            assert_eq!(tree_root(&groups), tree_root(&leaves), "{size}");
        }
    }

    #[test]
    fn trees_split_as_the_standard_says() {
        // RFC 9162, section 2.1.5: the tree of seven leaves.
        let [a, b, c, d, e, f, g] = leaves(7).try_into().unwrap();
        let (ab, cd, ef) = (node_hash(&a, &b), node_hash(&c, &d), node_hash(&e, &f));
        let (abcd, efg) = (node_hash(&ab, &cd), node_hash(&ef, &g));
        assert_eq!(tree_root(&leaves(7)), node_hash(&abcd, &efg));
    }
}
