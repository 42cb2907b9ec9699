//! Merkle trees as in RFC 9162, section 2.1: over a table's rows in the order of its key, and over the tables of
//! a release.
//!
//! Deliberately absent: which rows there are and in which order (builder), how a client checks them (`proof`).

mod hash;
mod key_order;
mod path;
mod root;
mod stored;

pub use hash::{Hash, empty_root, leaf_hash, node_hash, parse_hash};
pub use key_order::compare_keys;
pub use path::{pair_path, pair_root, path, path_root};
pub use root::{GROUP, TreeWriter, tree_root};
pub use stored::{Group, RowTree, put_row_tree, row_tree};
