//! Digests: of a file's bytes, and of a table's logical content.
//!
//! The content digest covers the schema and the rows in order, and nothing of how SQLite lays
//! them out: page size, indexes and SQLite's version leave it as it is. Its input is
//!
//! ```text
//! "coldpress content digest 1\n"  schema as JSON  "\n"  then each row as in `canonical`
//! ```

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::manifest::Sha256Hex;
use crate::table::Schema;

/// Computes the content digest of one table while its rows pass by.
#[derive(Debug)]
pub struct ContentDigest {
    hash: Sha256,
}

impl ContentDigest {
    /// A digest that has seen the schema and no row.
    pub fn new(schema: &Schema) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"coldpress content digest 1\n");
        let schema = serde_json::to_vec(schema).expect("a schema has string keys only");
        hash.update(&schema);
        hash.update(b"\n");
        Self { hash }
    }

    /// Adds the bytes of the next rows, as [`write_canonical`](crate::write_canonical) makes them.
    pub fn rows(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
    }

    /// The digest of everything added.
    pub fn finish(self) -> Sha256Hex {
        hex(&self.hash.finalize())
    }
}

/// Computes the digest and the length of a file's bytes while they pass by.
#[derive(Debug, Default)]
pub struct FileDigest {
    hash: Sha256,
    bytes: u64,
}

impl FileDigest {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The digest of everything added, and its length in bytes.
    pub fn finish(self) -> (Sha256Hex, u64) {
        (hex(&self.hash.finalize()), self.bytes)
    }
}

/// The digest and the length in bytes of the file at `path`. Errors: those of reading it.
pub fn file_digest(path: &Path) -> io::Result<(Sha256Hex, u64)> {
    let mut file = File::open(path)?;
    let mut digest = FileDigest::default();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(digest.finish());
        }
        digest.update(&buffer[..read]);
    }
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use rusqlite::types::ValueRef;

    use super::*;
    use crate::canonical::write_canonical;
    use crate::table::{Column, ColumnType};

    fn schema() -> Schema {
        Schema {
            columns: vec![Column { name: "a".into(), column_type: ColumnType::String, required: false }],
            primary_key: vec![],
            unique_keys: vec![],
            foreign_keys: vec![],
        }
    }

    fn digest(values: &[ValueRef<'_>]) -> String {
        let mut digest = ContentDigest::new(&schema());
        let mut row = vec![];
        values.iter().for_each(|value| write_canonical(*value, &mut row));
        digest.rows(&row);
        digest.finish()
    }

    /// The number is part of the format: a change of it raises `FORMAT_VERSION`.
    #[test]
    fn the_documented_bytes_are_hashed() {
        let mut expected = Sha256::new();
        expected.update(b"coldpress content digest 1\n");
        expected.update(br#"{"columns":[{"name":"a","type":"string"}]}"#);
        expected.update(b"\n\x00\x01\x02\0\0\0\0\0\0\0\x03\x02\0\0\0\0\0\0\0hi");
        assert_eq!(
            digest(&[ValueRef::Null, ValueRef::Integer(2), ValueRef::Text(b"hi")]),
            hex(&expected.finalize())
        );
    }

    #[test]
    fn neighbours_do_not_run_together() {
        let ab_c = digest(&[ValueRef::Text(b"ab"), ValueRef::Text(b"c")]);
        let a_bc = digest(&[ValueRef::Text(b"a"), ValueRef::Text(b"bc")]);
        assert_ne!(ab_c, a_bc);
    }
}
