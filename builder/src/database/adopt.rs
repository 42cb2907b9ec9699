//! B-trees that are in the file, into SQLite's schema: the file is made by SQLite first, then the pages are appended
//! to it, then SQLite opens it again and everything else is SQL.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};

/// How SQLite is set up. The file is one that nobody else sees: nothing to sync, and no journal on disk. The cache
/// and two sorting threads bound the memory; what does not fit goes to temporary files.
const SETTINGS: &str = "
    PRAGMA page_size = 4096;
    PRAGMA journal_mode = MEMORY;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA temp_store = FILE;
    PRAGMA cache_size = -2048;
    PRAGMA threads = 2;
    PRAGMA foreign_keys = OFF;
";

/// A table or index whose b-tree is in the file.
pub(crate) struct Adopted<'a> {
    /// `table` or `index`.
    pub(crate) kind: &'a str,
    /// Its name.
    pub(crate) name: String,
    /// The table's name.
    pub(crate) table: &'a str,
    /// Where its b-tree starts.
    pub(crate) root: u32,
    /// The statement that would have made it, word for word.
    pub(crate) sql: String,
}

/// Creates the file at `path` with its header, the page of the schema and the empty catalog.
pub(crate) fn create(path: &Path) -> rusqlite::Result<()> {
    let connection = open(path)?;
    catalog::create(&connection)?;
    connection.close().map_err(|(_, error)| error)
}

/// Opens the file, or creates it without a page, to write it.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.execute_batch(SETTINGS)?;
    Ok(connection)
}

/// Puts tables and indexes into the schema, each index after its table, and has SQLite read it again.
pub(crate) fn adopt<'a>(
    connection: &Connection,
    objects: impl Iterator<Item = Adopted<'a>>,
) -> rusqlite::Result<()> {
    connection.execute_batch("PRAGMA writable_schema = ON")?;
    let mut insert = connection
        .prepare("INSERT INTO sqlite_schema(type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?)")?;
    for Adopted { kind, name, table, root, sql } in objects {
        insert.execute(params![kind, name, table, root, sql])?;
    }
    drop(insert);
    connection.execute_batch("PRAGMA writable_schema = RESET")
}
