//! Follows a proof from its rows to the root of the release.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::types::{Value, ValueRef};

use super::ProofError;
use super::answer::{Absence, PathHash, Proof, ProvedRow, ProvedTable};
use super::key::typed_key;
use super::root::{ReleaseRoot, table_root};
use super::row::row_values;
use crate::canonical::read_canonical;
use crate::digest::hex;
use crate::tree::{Hash, compare_keys, empty_root, leaf_hash, parse_hash, path_root};

/// What is proved of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The release has the row.
    Present,
    /// The release has no row with the key.
    Absent,
}

impl Proof {
    /// Whether the release has a row of `table` with that key, as in a path. Errors: why this is no proof
    /// of either.
    pub fn verify_row(&self, table: &str, key: &str, release: &ReleaseRoot) -> Result<Verdict, ProofError> {
        let tree = self.table_tree(table, release)?;
        let rows = Rows { table: &self.table, tree, columns: self.key_columns()? };
        let key = typed_key(&self.table, key)?;
        match (&self.row, &self.absent) {
            (Some(row), None) => {
                rows.verify(
                    row,
                    "the row",
                    |found| match found {
                        Ordering::Equal => Ok(()),
                        _ => Err(ProofError::OtherKey),
                    },
                    &key,
                )?;
                Ok(Verdict::Present)
            }
            (None, Some(absent)) => rows.verify_absence(absent, &key).map(|()| Verdict::Absent),
            (None, None) => Err(ProofError::NoRow),
            (Some(_), Some(_)) => Err(ProofError::TooMuch),
        }
    }

    /// Whether the release has the table as it is described: the root of its rows is that of the result.
    /// Errors: as [`Proof::verify_row`].
    pub fn verify_table(&self, table: &str, release: &ReleaseRoot) -> Result<Hash, ProofError> {
        match (&self.row, &self.absent) {
            (None, None) => self.table_tree(table, release),
            _ => Err(ProofError::TooMuch),
        }
    }

    fn table_tree(&self, table: &str, release: &ReleaseRoot) -> Result<Hash, ProofError> {
        if self.commit != release.commit {
            return Err(ProofError::OtherRelease("commit"));
        }
        if self.root != hex(&release.root) {
            return Err(ProofError::OtherRelease("root"));
        }
        let ProvedTable { name, rows, tree, index, tables, path, .. } = &self.table;
        if name != table {
            return Err(ProofError::OtherTable(name.clone()));
        }
        if *tables != release.tables.len() as u64 {
            return Err(ProofError::OtherRelease("number of tables"));
        }
        let tree = parse_hash(tree).ok_or(ProofError::Table)?;
        let root = table_root(name, *rows, &self.table.schema(), &tree);
        match path_root(*index, *tables, root, &hashes(path)) {
            Some(found) if found == release.root => Ok(tree),
            _ => Err(ProofError::Table),
        }
    }

    fn key_columns(&self) -> Result<Vec<usize>, ProofError> {
        match self.table.key_columns() {
            Some(columns) if columns.is_empty() => Err(ProofError::NoKey),
            // The key is part of the root, so a key without columns is the builder's.
            columns => columns.ok_or(ProofError::Table),
        }
    }
}

/// The rows of a table whose root is verified.
struct Rows<'a> {
    table: &'a ProvedTable,
    tree: Hash,
    /// The columns of the key.
    columns: Vec<usize>,
}

impl Rows<'_> {
    fn verify_absence(&self, absent: &Absence, key: &[Value]) -> Result<(), ProofError> {
        let Absence { before, after } = absent;
        let between = |expected: Ordering| {
            move |found: Ordering| if found == expected { Ok(()) } else { Err(ProofError::NotBetween) }
        };
        if let Some(before) = before {
            self.verify(before, "the row before", between(Ordering::Less), key)?;
        }
        if let Some(after) = after {
            let whole = after.whole(before.as_ref()).ok_or(ProofError::Row("the row after"))?;
            self.verify(&whole, "the row after", between(Ordering::Greater), key)?;
        }
        let rows = self.table.rows;
        let neighbours = match (before, after) {
            (Some(before), Some(after)) => before.index.checked_add(1) == Some(after.index),
            (Some(before), None) => before.index.checked_add(1) == Some(rows),
            (None, Some(after)) => after.index == 0,
            (None, None) => rows == 0 && self.tree == empty_root(),
        };
        if neighbours { Ok(()) } else { Err(ProofError::Gap) }
    }

    /// A row, whose key compares with `key` as `fits` says.
    fn verify(
        &self,
        row: &ProvedRow,
        name: &'static str,
        fits: impl FnOnce(Ordering) -> Result<(), ProofError>,
        key: &[Value],
    ) -> Result<(), ProofError> {
        let leaf = STANDARD.decode(&row.leaf).map_err(|_| ProofError::Leaf(name))?;
        if path_root(row.index, self.table.rows, leaf_hash(&leaf), &hashes(&row.path)) != Some(self.tree) {
            return Err(ProofError::Row(name));
        }
        let values = read_canonical(&leaf).filter(|values| values.len() == self.table.columns.len());
        let values = values.ok_or(ProofError::Leaf(name))?;
        // As text: a document may have numbers that no type holds, or holds no better than others.
        let shown = row_values(&self.table.columns, &values);
        if shown.is_none_or(|shown| shown.get() != row.values.get()) {
            return Err(ProofError::Values(name));
        }
        let own: Vec<ValueRef<'_>> = self.columns.iter().map(|column| values[*column]).collect();
        let key: Vec<ValueRef<'_>> = key.iter().map(ValueRef::from).collect();
        fits(compare_keys(&own, &key))
    }
}

fn hashes(path: &[PathHash]) -> Vec<Hash> {
    path.iter().map(|hash| hash.0).collect()
}
