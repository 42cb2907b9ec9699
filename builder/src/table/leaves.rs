//! The leaves of a table's Merkle tree: from the file's order to that of the key.
//!
//! A key that is the row number ascends through the file, and a table without a key has its rows in the file's
//! order: there the tree grows as rows pass by. For any other key the hashes of the leaves wait in a file that
//! has no name, until the key's index says in which order they are.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;

use catalog::{GROUP, Group, Hash, RowTree, TreeWriter};

/// How many hashes are kept in memory, of those that wait and of those that are put in order: 2 MB and 8 MB.
const WAITING: usize = 1 << 16;
const ORDERED: usize = 1 << 18;

/// Takes the next row number.
pub(crate) type Next<'a> = dyn FnMut(i64) -> io::Result<()> + 'a;

/// The hashes of leaves.
#[derive(Debug)]
pub(crate) enum Leaves {
    /// In order: already a tree.
    Ordered(OrderedLeaves),
    /// In the file's order.
    Waiting(WaitingLeaves),
}

/// A tree that grows.
#[derive(Debug, Default)]
pub(crate) struct OrderedLeaves {
    writer: TreeWriter,
    /// The row number of the first row of each group.
    first: Vec<i64>,
}

/// Leaf `n` is that of row number `n + 1`: of a table whose key is not the row number, rows are numbered.
#[derive(Debug, Default)]
pub(crate) struct WaitingLeaves {
    file: Option<File>,
    /// How many are in the file.
    written: usize,
    /// Those after them.
    kept: Vec<Hash>,
    failed: Option<io::Error>,
}

impl Default for Leaves {
    fn default() -> Self {
        Self::new(true)
    }
}

impl Leaves {
    /// No leaves yet. `ordered`: they come in the order of the tree.
    pub(crate) fn new(ordered: bool) -> Self {
        if ordered {
            Self::Ordered(OrderedLeaves::default())
        } else {
            Self::Waiting(WaitingLeaves::default())
        }
    }

    /// Adds the leaf of the next row.
    #[inline]
    pub(crate) fn add(&mut self, leaf: Hash, rowid: i64) {
        match self {
            Self::Ordered(leaves) => leaves.add(leaf, rowid),
            Self::Waiting(leaves) => leaves.add(leaf),
        }
    }

    /// The tree. `order` passes on the row numbers in the order of the key; it is called where rows came in
    /// another one. Errors: its own, those of the temporary file, and row numbers that are not those of the
    /// rows.
    pub(crate) fn into_tree<E: From<io::Error>>(
        self,
        order: impl FnOnce(&mut Next<'_>) -> Result<(), E>,
    ) -> Result<RowTree, E> {
        match self {
            Self::Ordered(leaves) => Ok(leaves.finish()),
            Self::Waiting(mut leaves) => {
                if let Some(error) = leaves.failed.take() {
                    return Err(error.into());
                }
                let (mut tree, mut wanted) = (OrderedLeaves::default(), Vec::new());
                order(&mut |rowid| {
                    wanted.push(rowid);
                    if wanted.len() == ORDERED {
                        leaves.pick(&wanted, &mut tree)?;
                        wanted.clear();
                    }
                    Ok(())
                })?;
                leaves.pick(&wanted, &mut tree)?;
                Ok(tree.finish())
            }
        }
    }
}

impl OrderedLeaves {
    fn add(&mut self, leaf: Hash, rowid: i64) {
        if self.writer.size().is_multiple_of(GROUP as u64) {
            self.first.push(rowid);
        }
        self.writer.leaf(leaf);
    }

    fn finish(self) -> RowTree {
        let groups = self.first.into_iter().zip(self.writer.finish());
        RowTree { groups: groups.map(|(rowid, hash)| Group { rowid, hash }).collect() }
    }
}

impl WaitingLeaves {
    fn add(&mut self, leaf: Hash) {
        self.kept.push(leaf);
        if self.kept.len() == WAITING && self.failed.is_none() {
            match self.spill() {
                Ok(()) => {
                    self.written += self.kept.len();
                    self.kept.clear();
                }
                Err(error) => self.failed = Some(error),
            }
        }
        if self.failed.is_some() {
            self.kept.clear();
        }
    }

    fn spill(&mut self) -> io::Result<()> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        file.write_all(self.kept.as_flattened())?;
        self.file = Some(file);
        Ok(())
    }

    /// Adds the leaves of these row numbers to `tree`. The file is read forwards, from the first that is wanted
    /// to the last one.
    fn pick(&self, wanted: &[i64], tree: &mut OrderedLeaves) -> io::Result<()> {
        let size = self.written + self.kept.len();
        let mut by_leaf = Vec::with_capacity(wanted.len());
        for (position, rowid) in wanted.iter().enumerate() {
            let leaf = usize::try_from(*rowid).ok().and_then(|rowid| rowid.checked_sub(1));
            let leaf = leaf.filter(|leaf| *leaf < size);
            let leaf = leaf.ok_or_else(|| io::Error::other(format!("an index has row {rowid} of {size}")))?;
            by_leaf.push((leaf, position));
        }
        by_leaf.sort_unstable();
        let mut found = vec![Hash::default(); wanted.len()];
        let mut block = Vec::new();
        let mut block_start = 0;
        for (leaf, position) in by_leaf {
            if let Some(index) = leaf.checked_sub(self.written) {
                found[position] = self.kept[index];
                continue;
            }
            if leaf >= block_start + block.len() || block.is_empty() {
                block_start = leaf;
                block.resize(BLOCK.min(self.written - leaf), Hash::default());
                if let Some(file) = &self.file {
                    file.read_exact_at(block.as_flattened_mut(), (leaf * size_of::<Hash>()) as u64)?;
                }
            }
            found[position] = block[leaf - block_start];
        }
        found.into_iter().zip(wanted).for_each(|(leaf, rowid)| tree.add(leaf, *rowid));
        Ok(())
    }
}

/// How many hashes are read at once: 64 KB.
const BLOCK: usize = 2048;

#[cfg(test)]
mod tests {
    use catalog::{leaf_hash, tree_root};

    use super::*;

    /// More leaves than are kept in memory, and more than are put in order at once.
    #[test]
    fn leaves_are_put_in_the_order_of_the_key() {
        for size in [0, 1, 300, WAITING, WAITING + 1, ORDERED + 77] {
            let leaf = |rowid: i64| leaf_hash(&rowid.to_le_bytes());
            // Steps of a prime that does not divide any of the sizes.
            let order: Vec<i64> = (0..size).map(|index| (index * 7919 % size) as i64 + 1).collect();
            let mut waiting = Leaves::new(false);
            (1..=size as i64).for_each(|rowid| waiting.add(leaf(rowid), rowid));
            let mut ordered = Leaves::new(true);
            order.iter().for_each(|rowid| ordered.add(leaf(*rowid), *rowid));
            let tree = waiting
                .into_tree::<io::Error>(|next| order.iter().try_for_each(|rowid| next(*rowid)))
                .unwrap();
            assert_eq!(tree, ordered.into_tree::<io::Error>(|_| unreachable!()).unwrap());
            let leaves: Vec<Hash> = order.iter().map(|rowid| leaf(*rowid)).collect();
            assert_eq!(tree_root(&tree.hashes()), tree_root(&leaves), "{size}");
        }
    }

    #[test]
    fn an_index_of_other_rows_is_an_error() {
        let mut waiting = Leaves::new(false);
        waiting.add(leaf_hash(b"a"), 1);
        let error = waiting.into_tree::<io::Error>(|next| next(2)).unwrap_err();
        assert_eq!(error.to_string(), "an index has row 2 of 1");
    }
}
