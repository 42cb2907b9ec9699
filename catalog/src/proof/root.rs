//! The roots above a table's rows: the table's, and the release's.

use rusqlite::types::ValueRef;

use crate::canonical::write_canonical;
use crate::manifest::{Manifest, ManifestTable};
use crate::table::Schema;
use crate::tree::{Hash, leaf_hash, parse_hash, tree_root};

/// What a client has to trust: the release that a manifest speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRoot {
    /// The root.
    pub root: Hash,
    /// The commit, where it is known.
    pub commit: Option<String>,
    /// The names of its tables, in order. The path of a leaf leads to the same root in some trees of another size,
    /// so the size has to be known.
    pub tables: Vec<String>,
    /// The root of its history and how many leaves that has, where it has one.
    pub history: Option<(Hash, u64)>,
}

impl ReleaseRoot {
    /// Of a manifest whose root is that of its tables; `None` for others, and those without roots.
    pub fn of(manifest: &Manifest) -> Option<Self> {
        let root = release_root(manifest)?;
        let said = parse_hash(manifest.root.as_deref()?)?;
        let tables = sorted(manifest).iter().map(|table| table.name.clone()).collect();
        let history = match &manifest.history {
            Some(history) => Some((parse_hash(&history.root)?, history.tables)),
            None => None,
        };
        (root == said).then(|| Self { root, commit: manifest.commit.clone(), tables, history })
    }
}

/// The root of a table: a leaf of the release's tree, so the hash of a leaf with these bytes:
///
/// ```text
/// "coldpress table 1\n"  then values as in `canonical`:
///   text name, integer rows, integer number of columns, for each of them text name, text type,
///   integer number of key columns, for each of them text name, text root of the rows in hex
/// ```
///
/// No row begins with the letter `c`, so no row is taken for a table.
pub fn table_root(name: &str, rows: u64, schema: &Schema, tree: &Hash) -> Hash {
    let mut bytes = b"coldpress table 1\n".to_vec();
    let mut put = |value: ValueRef<'_>| write_canonical(value, &mut bytes);
    let count = |count: usize| ValueRef::Integer((count as u64).cast_signed());
    put(ValueRef::Text(name.as_bytes()));
    put(ValueRef::Integer(rows.cast_signed()));
    put(count(schema.columns.len()));
    for column in &schema.columns {
        put(ValueRef::Text(column.name.as_bytes()));
        put(ValueRef::Text(column.column_type.name().as_bytes()));
    }
    put(count(schema.primary_key.len()));
    for name in &schema.primary_key {
        put(ValueRef::Text(name.as_bytes()));
    }
    put(ValueRef::Text(crate::digest::hex(tree).as_bytes()));
    leaf_hash(&bytes)
}

/// The root of the tree over the tables' roots, in the order of their names; `None` where a table has none.
pub fn release_root(manifest: &Manifest) -> Option<Hash> {
    let root = |table: &&ManifestTable| parse_hash(table.root.as_deref()?);
    let roots = sorted(manifest).iter().map(root).collect::<Option<Vec<_>>>()?;
    Some(tree_root(&roots))
}

fn sorted(manifest: &Manifest) -> Vec<&ManifestTable> {
    let mut tables: Vec<_> = manifest.tables.iter().collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    tables
}
