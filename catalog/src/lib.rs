//! The contract between builder and reader: what the files of a release contain, defined once.
//!
//! A release is `data.db` (one SQLite file: the published tables and one internal table, the
//! catalog) and `manifest.json`. The builder writes both through this crate and the reader reads
//! both through it, so a name, a digest or a format number is in one place.
//!
//! Deliberately absent: how a CSV becomes rows (builder), how a request becomes SQL (reader).

#[cfg(feature = "sqlite")]
mod attestation;
pub mod btree;
#[cfg(feature = "sqlite")]
mod canonical;
#[cfg(feature = "sqlite")]
mod csv;
#[cfg(feature = "sqlite")]
mod digest;
#[cfg(feature = "sqlite")]
mod document;
#[cfg(feature = "sqlite")]
mod feed;
mod header;
#[cfg(feature = "sqlite")]
mod json;
#[cfg(feature = "sqlite")]
mod key;
mod label;
mod language;
#[cfg(feature = "sqlite")]
mod leb128;
mod manifest;
mod names;
mod number;
#[cfg(feature = "sqlite")]
mod offsets;
mod program;
#[cfg(feature = "sqlite")]
mod proof;
#[cfg(feature = "sqlite")]
mod restore;
mod search;
mod similar;
#[cfg(feature = "sqlite")]
mod statistics;
mod stop_words;
#[cfg(feature = "sqlite")]
mod store;
mod table;
#[cfg(feature = "sqlite")]
mod tree;
mod url;

#[cfg(feature = "sqlite")]
pub use attestation::{Attestation, AttestationError};
#[cfg(feature = "sqlite")]
pub use canonical::{read_canonical, take_canonical, write_canonical};
#[cfg(feature = "sqlite")]
pub use csv::{write_csv, write_csv_cell};
#[cfg(feature = "sqlite")]
pub use digest::{ContentDigest, FileDigest, file_digest, hex};
#[cfg(feature = "sqlite")]
pub use document::{ADDRESS, CATALOG, DocumentKind, document, documents, put_document};
#[cfg(feature = "sqlite")]
pub use feed::{
    After, Change, ChangeKind, ChangeRef, ColumnChange, TableVersion, Version, changes_since, dataset_digest,
    each_change_since, feed_begin, find_version, last_change, newest_version, past_ordinals, past_roots,
    past_table, put_change, put_past_root, put_past_table, put_row_order, put_version, removed_keys,
    row_history, row_order, row_order_text, row_orders_since, stored_version, version_address, version_kind,
    versions,
};
pub use header::{Header, HeaderError};
#[cfg(feature = "sqlite")]
pub use json::{
    ValueError, is_document, json_string, write_cell, write_document, write_json, write_json_string,
};
#[cfg(feature = "sqlite")]
pub use key::{key_part, key_parts, key_text};
pub use language::Language;
pub use manifest::{
    Database, Dataset, Manifest, ManifestError, ManifestHistory, ManifestTable, Sha256Hex, SourceFile,
};
pub use names::{
    APPLICATION_ID, ATTESTATION_FILE, CATALOG_PAGE, CATALOG_TABLE, DATABASE_FILE, FORMAT_VERSION,
    MANIFEST_FILE, PACKAGE_FILE, RESERVED_PREFIXES, index_on, quote,
};
pub use number::{number_length, write_number};
#[cfg(feature = "sqlite")]
pub use offsets::{Offsets, OffsetsWriter, Place, offsets, put_offsets};
pub use program::program_version;
#[cfg(feature = "sqlite")]
pub use proof::{
    Absence, HistoryTree, Leaf, Path as ProofPath, Proof, ProofError, ProvedRow, ProvedTable, ProvedVersion,
    ReleaseRoot, Verdict, release_root, row_leaf, row_values, table_root, typed_key,
};
#[cfg(feature = "sqlite")]
pub use restore::{Order, Origin, Restoration, RestoreError, Undone, converted};
pub use search::Search;
pub use similar::similar;
#[cfg(feature = "sqlite")]
pub use statistics::{ColumnStatistics, Histogram, Statistics, put_statistics, statistics};
pub use stop_words::STOP_WORD;
#[cfg(feature = "sqlite")]
pub use store::{
    Entry, create, dataset, dataset_names, put_dataset, put_table, table, table_about, table_names, tables,
};
pub use table::{
    Column, ColumnType, ForeignKey, KeyPages, NAN, Reference, Schema, Storage, Table, constraint,
};
#[cfg(feature = "sqlite")]
pub use tree::{
    GROUP, Group, Hash, RowTree, TreeWriter, compare_keys, empty_root, leaf_hash, node_hash, pair_path,
    pair_root, parse_hash, path, path_root, put_row_tree, row_tree, tree_root,
};
pub use url::percent_encode;
