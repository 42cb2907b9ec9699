//! The tree of a table's rows as the release stores it: a hash for each group of rows, and where the group
//! begins. The hashes of single rows are made again when somebody asks.
//!
//! ```text
//! base64, without padding:
//!   1                            version, LEB128
//!   then for each group:
//!   rowid                        of its first row, as the difference from that before (zigzag), LEB128
//!   32 bytes                     its hash
//! ```

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rusqlite::Connection;

use super::Hash;
use crate::leb128::{read, unzigzag, write, zigzag};
use crate::store;

/// The `kind` of their rows in the catalog.
const KIND: &str = "tree";

/// Raised when the bytes get another meaning.
const VERSION: u64 = 1;

/// Some consecutive rows, in the order of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// The row number of the first one.
    pub rowid: i64,
    /// The root of the tree over them.
    pub hash: Hash,
}

/// The tree over a table's rows.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct RowTree {
    /// In order, each of [`GROUP`](super::GROUP) rows but the last.
    pub groups: Vec<Group>,
}

impl RowTree {
    /// The hashes of the groups.
    pub fn hashes(&self) -> Vec<Hash> {
        self.groups.iter().map(|group| group.hash).collect()
    }

    fn to_text(&self) -> String {
        let mut bytes = Vec::with_capacity(36 * self.groups.len() + 1);
        write(VERSION, &mut bytes);
        let mut before = 0;
        for Group { rowid, hash } in &self.groups {
            write(zigzag(rowid.wrapping_sub(before)), &mut bytes);
            bytes.extend_from_slice(hash);
            before = *rowid;
        }
        STANDARD_NO_PAD.encode(bytes)
    }

    /// `None` where the text is not such a tree.
    fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD_NO_PAD.decode(text).ok()?;
        let mut rest = bytes.as_slice();
        if read(&mut rest)? != VERSION {
            return None;
        }
        let (mut groups, mut before) = (Vec::with_capacity(rest.len() / 33), 0_i64);
        while !rest.is_empty() {
            before = before.wrapping_add(unzigzag(read(&mut rest)?));
            let (hash, after) = rest.split_first_chunk::<32>()?;
            groups.push(Group { rowid: before, hash: *hash });
            rest = after;
        }
        Some(Self { groups })
    }
}

/// Adds the tree of a table's rows. Errors: SQLite's.
pub fn put_row_tree(connection: &Connection, table: &str, tree: &RowTree) -> rusqlite::Result<()> {
    store::put(connection, KIND, table, "", &tree.to_text())
}

/// The tree of a table's rows, or `None` where the release has none that can be read.
pub fn row_tree(connection: &Connection, table: &str) -> rusqlite::Result<Option<RowTree>> {
    Ok(store::about(connection, KIND, table)?.and_then(|text| RowTree::parse(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_found() {
        let connection = Connection::open_in_memory().unwrap();
        store::create(&connection).unwrap();
        let groups = [5, -7, i64::MAX, i64::MIN].map(|rowid| Group { rowid, hash: [rowid as u8; 32] });
        let tree = RowTree { groups: groups.to_vec() };
        put_row_tree(&connection, "t", &tree).unwrap();
        put_row_tree(&connection, "empty", &RowTree::default()).unwrap();
        assert_eq!(row_tree(&connection, "t").unwrap(), Some(tree));
        assert_eq!(row_tree(&connection, "empty").unwrap(), Some(RowTree::default()));
        assert_eq!(row_tree(&connection, "u").unwrap(), None);
        assert_eq!(RowTree::parse("AQ"), Some(RowTree::default()));
        assert_eq!(RowTree::parse("Ag"), None);
        assert_eq!(RowTree::parse("AQI"), None);
    }
}
