//! Proofs that a release has a row, or none with a key: what a reader answers and how anybody checks it.
//!
//! The path of a row leads to the root of its table's rows; that root with the table's name, columns and key has
//! the table's hash; the path of the table leads to the release's root, which is in the manifest. As of a version, it
//! leads to the root of the history, which is there too. docs/proof.md says it in full.
//!
//! Deliberately absent: where a manifest comes from and who attests it (publisher).

mod answer;
mod error;
mod history;
mod key;
mod root;
mod row;
mod verify;

#[cfg(test)]
mod tests;

pub use answer::{Absence, Leaf, Path, Proof, ProvedRow, ProvedTable};
pub use error::ProofError;
pub use history::{HistoryTree, ProvedVersion};
pub use key::typed_key;
pub use root::{ReleaseRoot, release_root, table_root};
pub use row::{row_leaf, row_values};
pub use verify::Verdict;
