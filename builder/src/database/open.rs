//! A finished database, opened for reading.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

/// Read-only, and `immutable`: no lock, no journal beside the file, even in a writable directory.
pub(crate) fn open(path: &Path) -> rusqlite::Result<Connection> {
    open_uri(&uri(path))
}

/// As [`open`], by a URI that [`uri`] made.
pub(crate) fn open_uri(uri: &str) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(uri, flags)
}

/// A database that nobody writes, as an SQLite URI: read-only, without locks.
pub(crate) fn uri(path: &Path) -> String {
    let absolute: PathBuf = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = String::from("file:");
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                uri.push(char::from(*byte))
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?mode=ro&immutable=1");
    uri
}
