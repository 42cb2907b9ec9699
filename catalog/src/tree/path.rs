//! The path from a leaf to the root: RFC 9162, sections 2.1.3.1 (made) and 2.1.3.2 (followed).

use super::root::split;
use super::{Hash, node_hash, tree_root};

/// The hashes beside the way from leaf `index` up to the root, the lowest first. An index that no leaf has gets
/// the path of the last leaf.
pub fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() < 2 {
        return vec![];
    }
    let (left, right) = leaves.split_at(split(leaves.len()));
    let (mut below, beside) = match index.checked_sub(left.len()) {
        None => (path(index, left), right),
        Some(index) => (path(index, right), left),
    };
    below.push(tree_root(beside));
    below
}

/// The root to which `path` leads from a leaf with that hash; `None` where no tree of that size has such a
/// path.
pub fn path_root(index: u64, size: u64, leaf: Hash, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut index, mut last, mut hash) = (index, size - 1, leaf);
    for beside in path {
        if last == 0 {
            return None;
        }
        if index & 1 == 1 || index == last {
            hash = node_hash(beside, &hash);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, beside);
        }
        index >>= 1;
        last >>= 1;
    }
    (last == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{GROUP, leaf_hash};

    fn leaves(size: usize) -> Vec<Hash> {
        (0..size).map(|leaf| leaf_hash(&leaf.to_le_bytes())).collect()
    }

    #[test]
    fn every_path_leads_to_the_root_and_to_no_other() {
        for size in 1..20 {
            let leaves = leaves(size);
            let root = tree_root(&leaves);
            for (index, leaf) in leaves.iter().enumerate() {
                let path = path(index, &leaves);
                for (other, other_size) in (0..size).flat_map(|other| (1..20).map(move |size| (other, size)))
                {
                    let found = path_root(other as u64, other_size as u64, *leaf, &path);
                    let same_way = found == Some(root);
                    // Two leaves never share a path; a tree of another size can have the same one only
                    // with the same turns, so a size is part of what is hashed above.
                    assert!(same_way || (other, other_size) != (index, size), "{index} of {size}");
                    assert!(!same_way || other_size != size || other == index, "{index} of {size}: {other}");
                }
            }
        }
    }

    #[test]
    fn a_path_is_that_of_the_group_and_that_of_the_groups() {
        for size in [1, 256, 257, 600, 1025] {
            let leaves = leaves(size);
            let groups: Vec<Hash> = leaves.chunks(GROUP).map(tree_root).collect();
            for index in 0..size {
                let group = index / GROUP;
                let mut both = path(index % GROUP, &leaves[group * GROUP..size.min((group + 1) * GROUP)]);
                both.extend(path(group, &groups));
                assert_eq!(both, path(index, &leaves), "{index} of {size}");
            }
        }
    }
}
