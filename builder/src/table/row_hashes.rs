//! What is hashed of a table's rows: the content digest, and the leaves of the table's Merkle tree.

use catalog::{ContentDigest, Schema, Sha256Hex, leaf_hash};

use super::batch::Batch;
use super::leaves::Leaves;

/// Takes rows.
pub(crate) struct RowHashes {
    digest: ContentDigest,
    leaves: Leaves,
}

impl RowHashes {
    /// Of no row. `ordered`: rows come in the order of the table's leaves.
    pub(crate) fn new(schema: &Schema, ordered: bool) -> Self {
        Self { digest: ContentDigest::new(schema), leaves: Leaves::new(ordered) }
    }

    /// Adds the next rows.
    pub(crate) fn add(&mut self, batch: &Batch) {
        self.digest.rows(batch.bytes());
        for (rowid, row) in batch.rows() {
            self.leaves.add(leaf_hash(row), rowid);
        }
    }

    /// The content digest and the leaves.
    pub(crate) fn finish(self) -> (Sha256Hex, Leaves) {
        (self.digest.finish(), self.leaves)
    }
}
