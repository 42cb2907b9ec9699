//! Follows a proof from its rows to the root of the release.

use std::cmp::Ordering;

use rusqlite::types::{Value, ValueRef};

use super::ProofError;
use super::answer::{Absence, Leaf, Proof, ProvedRow, ProvedTable};
use super::key::typed_key;
use super::root::{ReleaseRoot, table_root};
use super::row::row_values;
use crate::canonical::read_canonical;
use crate::digest::hex;
use crate::tree::{Hash, compare_keys, empty_root, leaf_hash, pair_root, parse_hash, path_root};

/// What is proved of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The release has the row.
    Present,
    /// The release has no row with the key.
    Absent,
}

impl Proof {
    /// Whether the release has a row of `table` with that key, as in a path. `when` is the version that it is about,
    /// as [`ProvedVersion::is`](super::ProvedVersion::is) takes it; none for the release's own rows. Errors: why
    /// this is no proof of either.
    pub fn verify_row(
        &self,
        table: &str,
        key: &str,
        when: Option<&str>,
        release: &ReleaseRoot,
    ) -> Result<Verdict, ProofError> {
        let (tree, verdict) = match (&self.row, &self.absent) {
            (Some(row), None) => (self.tree_of(row)?, Verdict::Present),
            (None, Some(absent)) => (self.tree_around(absent)?, Verdict::Absent),
            (None, None) => return Err(ProofError::NoRow),
            (Some(_), Some(_)) => return Err(ProofError::TooMuch),
        };
        if self.table.tree.is_some() {
            return Err(ProofError::TooMuch);
        }
        self.verify_tree(table, tree, when, release)?;
        let wanted =
            Wanted { table: &self.table, columns: self.key_columns()?, key: typed_key(&self.table, key)? };
        if let Some(row) = &self.row {
            wanted.verify(row)?;
        }
        if let Some(Absence { before, after, .. }) = &self.absent {
            wanted.verify_beside(before.as_ref(), "the row before", Ordering::Less)?;
            wanted.verify_beside(after.as_ref(), "the row after", Ordering::Greater)?;
        }
        Ok(verdict)
    }

    /// Whether the release has the table as it is described: the root of its rows is that of the result.
    /// Errors: as [`Proof::verify_row`].
    pub fn verify_table(
        &self,
        table: &str,
        when: Option<&str>,
        release: &ReleaseRoot,
    ) -> Result<Hash, ProofError> {
        if self.row.is_some() || self.absent.is_some() {
            return Err(ProofError::TooMuch);
        }
        let tree = self.table.tree.as_deref().and_then(parse_hash).ok_or(ProofError::Table)?;
        self.verify_tree(table, tree, when, release)?;
        Ok(tree)
    }

    /// The root of the rows to which the row leads.
    fn tree_of(&self, row: &ProvedRow) -> Result<Hash, ProofError> {
        let tree = path_root(row.index, self.table.rows, leaf_hash(&row.leaf.0), &row.path.0);
        tree.ok_or(ProofError::Path)
    }

    /// The root of the rows to which the neighbours lead. Where there is one alone, it is the first row or the last.
    fn tree_around(&self, absent: &Absence) -> Result<Hash, ProofError> {
        let (Absence { index, before, after, path }, rows) = (absent, self.table.rows);
        let [before, after] = [before, after].map(|row| row.as_ref().map(|row| leaf_hash(&row.0)));
        let tree = match (before, after) {
            (Some(before), Some(after)) => {
                index.checked_sub(1).and_then(|index| pair_root(index, rows, [before, after], &path.0))
            }
            (Some(before), None) if *index == rows => {
                index.checked_sub(1).and_then(|last| path_root(last, rows, before, &path.0))
            }
            (None, Some(after)) if *index == 0 => path_root(0, rows, after, &path.0),
            (None, None) if *index == 0 && rows == 0 && path.0.is_empty() => Some(empty_root()),
            _ => return Err(ProofError::Gap),
        };
        tree.ok_or(ProofError::Path)
    }

    fn verify_tree(
        &self,
        table: &str,
        tree: Hash,
        when: Option<&str>,
        release: &ReleaseRoot,
    ) -> Result<(), ProofError> {
        if self.commit != release.commit {
            return Err(ProofError::OtherRelease("commit"));
        }
        let ProvedTable { name, rows, index, tables, path, .. } = &self.table;
        if name != table {
            return Err(ProofError::OtherTable(name.clone()));
        }
        let own = table_root(name, *rows, &self.table.schema(), &tree);
        let (leaf, (root, size)) = match (when, &self.version) {
            (None, None) => (own, (release.root, release.tables.len() as u64)),
            (Some(when), Some(version)) if version.is(when) => {
                (version.leaf(&own), release.history.ok_or(ProofError::NoHistory)?)
            }
            (_, version) => {
                let name = |version: &super::ProvedVersion| {
                    version.version.as_ref().unwrap_or(&version.commit).clone()
                };
                return Err(ProofError::OtherVersion(version.as_ref().map(name)));
            }
        };
        if self.root != hex(&root) {
            return Err(ProofError::OtherRelease("root"));
        }
        if *tables != size {
            return Err(ProofError::OtherRelease("number of tables"));
        }
        match path_root(*index, size, leaf, &path.0) {
            Some(found) if found == root => Ok(()),
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

/// The key that is asked for, of a table that is verified.
struct Wanted<'a> {
    table: &'a ProvedTable,
    /// The columns of the key.
    columns: Vec<usize>,
    key: Vec<Value>,
}

impl Wanted<'_> {
    /// A row with the key.
    fn verify(&self, row: &ProvedRow) -> Result<(), ProofError> {
        let values = self.values(&row.leaf, "the row")?;
        // As text: a document may have numbers that no type holds, or holds no better than others.
        let shown = row_values(&self.table.columns, &values);
        if shown.is_none_or(|shown| shown.get() != row.values.get()) {
            return Err(ProofError::Values);
        }
        if self.compare(&values).is_eq() { Ok(()) } else { Err(ProofError::OtherKey) }
    }

    /// A row beside the key, where there is one.
    fn verify_beside(
        &self,
        row: Option<&Leaf>,
        name: &'static str,
        side: Ordering,
    ) -> Result<(), ProofError> {
        let Some(row) = row else { return Ok(()) };
        let values = self.values(row, name)?;
        if self.compare(&values) == side { Ok(()) } else { Err(ProofError::NotBetween) }
    }

    fn values<'r>(&self, row: &'r Leaf, name: &'static str) -> Result<Vec<ValueRef<'r>>, ProofError> {
        let values = read_canonical(&row.0).filter(|values| values.len() == self.table.columns.len());
        values.ok_or(ProofError::Leaf(name))
    }

    /// How a row's key compares with the one that is asked for.
    fn compare(&self, values: &[ValueRef<'_>]) -> Ordering {
        let own: Vec<ValueRef<'_>> = self.columns.iter().map(|column| values[*column]).collect();
        let key: Vec<ValueRef<'_>> = self.key.iter().map(ValueRef::from).collect();
        compare_keys(&own, &key)
    }
}
