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

/// What leads from leaf `index` and the one after it to the root, of their paths: without the hashes that both have,
/// and those that are made of the other leaf.
pub fn pair_path(index: u64, size: u64, before: &[Hash], after: &[Hash]) -> Vec<Hash> {
    let (mut index, mut last) = (index, size.saturating_sub(1));
    let (mut before, mut after) = (before.iter(), after.iter());
    let mut both = vec![];
    while index & 1 == 1 {
        both.extend(before.next());
        if index + 1 < last {
            both.extend(after.next());
        }
        index >>= 1;
        last >>= 1;
    }
    both.extend(before.skip(1)); // the first is made of the leaf after
    both
}

/// The root to which `path` leads from leaf `index` and the one after it; `None` where no tree of that size has such
/// leaves and such a path.
pub fn pair_root(index: u64, size: u64, leaves: [Hash; 2], path: &[Hash]) -> Option<Hash> {
    let [mut before, mut after] = leaves;
    let (mut index, mut last, mut path) = (index, size.checked_sub(1)?, path.iter());
    if index >= last {
        return None;
    }
    // As long as the two have different parents, each grows on its own side.
    while index & 1 == 1 {
        before = node_hash(path.next()?, &before);
        if index + 1 < last {
            after = node_hash(&after, path.next()?);
        }
        index >>= 1;
        last >>= 1;
    }
    path_root(index >> 1, (last >> 1) + 1, node_hash(&before, &after), path.as_slice())
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
    fn two_neighbours_lead_to_the_root_together() {
        for size in 2..70 {
            let leaves = leaves(size);
            let root = tree_root(&leaves);
            for index in 0..size - 1 {
                let both =
                    pair_path(index as u64, size as u64, &path(index, &leaves), &path(index + 1, &leaves));
                let pair = [leaves[index], leaves[index + 1]];
                let of = |index: usize, pair, path: &[Hash]| pair_root(index as u64, size as u64, pair, path);
                assert_eq!(of(index, pair, &both), Some(root), "{index} of {size}");
                assert_ne!(of(index, [pair[1], pair[0]], &both), Some(root), "{index} of {size}");
                for other in (0..size + 2).filter(|other| *other != index) {
                    assert_ne!(of(other, pair, &both), Some(root), "{index} of {size}: {other}");
                }
                let longer = [both.as_slice(), &[root]].concat();
                assert_eq!(of(index, pair, &longer), None);
                if let Some((_, shorter)) = both.split_last() {
                    assert_eq!(of(index, pair, shorter), None);
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
