//! The memory that SQLite may have, in the whole process: its sorts and lists go to temporary files before they
//! reach any limit, but a search for all words with some beginning is a list in memory as long as the index.

use std::sync::OnceLock;

use rusqlite::Connection;

/// SQLite has one limit for all connections of a process, and so there is one here.
static LIMIT: OnceLock<u64> = OnceLock::new();

/// Limits what SQLite may allocate, in bytes, from the next connection on. The first call counts. Beyond it a
/// statement fails ([`Code::OutOfMemory`](crate::error::Code::OutOfMemory)), and nothing else does.
pub fn limit_memory(bytes: u64) {
    let _ = LIMIT.set(bytes);
}

pub(crate) fn apply_to(connection: &Connection) -> rusqlite::Result<()> {
    match LIMIT.get() {
        Some(bytes) => connection.execute_batch(&format!("PRAGMA hard_heap_limit = {bytes}")),
        None => Ok(()),
    }
}
