//! The files of a release, open for reading.
//!
//! Opening reads the database's header and nothing more: SQLite is opened when a request needs
//! it, and the manifest waits until somebody asks for the release itself.

use std::cell::{Cell, OnceCell};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use catalog::{
    ATTESTATION_FILE, Attestation, DATABASE_FILE, FileDigest, Header, HeaderError, MANIFEST_FILE, Manifest,
    ManifestError, Table,
};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::deadline::{Deadline, Limited, Watch};
use crate::error::Error;
use crate::memory;
use crate::storage::Pages;

/// An open release.
#[derive(Debug)]
pub struct Release {
    directory: PathBuf,
    bytes: u64,
    pages: Pages,
    connection: OnceCell<(Connection, Deadline)>,
    manifest: OnceCell<Manifest>,
    /// Whether all tables of the manifest are known to be the database's.
    manifest_fits: Cell<bool>,
}

/// Why a release can't be served. Each names its file.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database's file is missing or unfit.
    #[error("{path}: {1}", path = .0.display())]
    Header(PathBuf, HeaderError),
    /// The manifest's file is missing or unfit.
    #[error("{path}: {1}", path = .0.display())]
    Manifest(PathBuf, ManifestError),
    /// SQLite can't open or read the database.
    #[error("{path}: {1}", path = .0.display())]
    Sqlite(PathBuf, rusqlite::Error),
    /// The manifest speaks of another database.
    #[error("{path}: {1}; build the release again", path = .0.display())]
    Mismatch(PathBuf, String),
}

impl Release {
    /// Opens the database of the release in `directory`, read-only. It must not change while it
    /// is open: SQLite opens it as immutable and takes no lock. (Replacing the directory
    /// as a whole, as the builder does, leaves an open release as it is.)
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.join(DATABASE_FILE);
        let failed = |error| OpenError::Header(path.clone(), error);
        let file = File::open(&path).map_err(|error| failed(HeaderError::Io(error)))?;
        let size = file.metadata().map_err(|error| failed(HeaderError::Io(error)))?.len();
        let Header { bytes, page_size } = Header::read(&file, size).map_err(failed)?;
        let pages = Pages::new(file, page_size as usize, bytes);
        Ok(Self {
            directory: directory.to_owned(),
            bytes,
            pages,
            connection: OnceCell::new(),
            manifest: OnceCell::new(),
            manifest_fits: Cell::default(),
        })
    }

    /// A database of its own beside this one, empty, for tables as they were: what has no room in its cache is in a
    /// temporary file. Errors: it can't be made.
    pub(crate) fn private(&self) -> Result<Self, OpenError> {
        let path = self.directory.join(DATABASE_FILE);
        let failed = |error| OpenError::Sqlite(path.clone(), error);
        // SQLite takes an empty name for a temporary file.
        let connection = Connection::open("").map_err(failed)?;
        connection
            .execute_batch(
                "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -2048",
            )
            .map_err(failed)?;
        let opened = configured(connection).map_err(failed)?;
        let pages = self.pages.again().map_err(|error| OpenError::Header(path, HeaderError::Io(error)))?;
        Ok(Self {
            directory: self.directory.clone(),
            bytes: self.bytes,
            pages,
            connection: OnceCell::from(opened),
            manifest: OnceCell::new(),
            manifest_fits: Cell::default(),
        })
    }

    /// The path of the database.
    pub(crate) fn database(&self) -> PathBuf {
        self.directory.join(DATABASE_FILE)
    }

    /// The database's pages.
    pub(crate) fn pages(&self) -> &Pages {
        &self.pages
    }

    /// The database, opened when it is first asked for.
    pub(crate) fn connection(&self) -> Result<&Connection, OpenError> {
        self.opened().map(|(connection, _)| connection)
    }

    /// The database, for statements that together may take that time while the second lives.
    pub(crate) fn limited(&self, time: Duration) -> Result<(&Connection, Limited<'_>), OpenError> {
        self.opened().map(|(connection, deadline)| (connection, deadline.limit(time)))
    }

    /// What knows whether the time of the connection's statements is over.
    pub(crate) fn watch(&self) -> Result<Watch, OpenError> {
        self.opened().map(|(_, deadline)| deadline.watch())
    }

    fn opened(&self) -> Result<&(Connection, Deadline), OpenError> {
        if let Some(opened) = self.connection.get() {
            return Ok(opened);
        }
        let path = self.directory.join(DATABASE_FILE);
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let failed = |error| OpenError::Sqlite(path.clone(), error);
        let connection = Connection::open_with_flags(uri(&path), flags).map_err(failed)?;
        let opened = configured(connection).map_err(failed)?;
        Ok(self.connection.get_or_init(|| opened))
    }

    /// The manifest, once it is known to belong to the open database: same size, same tables,
    /// same content digests. (The file's own digest is for `builder verify` to compute.) It is read
    /// once: another release may have replaced it since.
    pub(crate) fn manifest(&self) -> Result<&Manifest, OpenError> {
        let manifest = self.read_manifest()?;
        if self.manifest_fits.get() {
            return Ok(manifest);
        }
        let tables = catalog::tables(self.connection()?)
            .map_err(|error| OpenError::Sqlite(self.directory.join(DATABASE_FILE), error))?;
        for table in &tables {
            self.fits(manifest, &table.entry)?;
        }
        if manifest.tables.len() != tables.len() {
            return Err(self.mismatch(format!(
                "it has {} tables, {DATABASE_FILE} {}",
                manifest.tables.len(),
                tables.len()
            )));
        }
        self.manifest_fits.set(true);
        Ok(manifest)
    }

    /// The same for who shows one table: the others are not read, nor is SQLite opened for it.
    pub(crate) fn manifest_of(&self, table: &Table) -> Result<&Manifest, OpenError> {
        let manifest = self.read_manifest()?;
        self.fits(manifest, table).map(|()| manifest)
    }

    /// The bundle that attests the manifest; `None` if there isn't one, or one of another release, which may have
    /// replaced this one since. Errors: it can't be read.
    pub(crate) fn attestation(&self) -> Result<Option<Vec<u8>>, Error> {
        let bundle = match std::fs::read(self.directory.join(ATTESTATION_FILE)) {
            Ok(bundle) => bundle,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::release(format!("{ATTESTATION_FILE}: {error}"))),
        };
        let attestation = Attestation::parse(&bundle)
            .map_err(|error| Error::release(format!("{ATTESTATION_FILE}: {error}")))?;
        let mut digest = FileDigest::default();
        digest.update(&self.manifest()?.to_bytes());
        Ok(attestation.is_about(&digest.finish().0).then_some(bundle))
    }

    /// The manifest, known to be of a database of this size.
    pub(crate) fn read_manifest(&self) -> Result<&Manifest, OpenError> {
        if let Some(manifest) = self.manifest.get() {
            return Ok(manifest);
        }
        let path = self.directory.join(MANIFEST_FILE);
        let manifest = Manifest::load(&path).map_err(|error| OpenError::Manifest(path, error))?;
        if manifest.database.bytes != self.bytes {
            return Err(self.mismatch(format!(
                "it speaks of a database of {} bytes, {DATABASE_FILE} has {}",
                manifest.database.bytes, self.bytes
            )));
        }
        Ok(self.manifest.get_or_init(|| manifest))
    }

    fn fits(&self, manifest: &Manifest, table: &Table) -> Result<(), OpenError> {
        let found = manifest.table(&table.name);
        if found.is_none_or(|found| found.sha256 != table.digest) {
            return Err(self.mismatch(format!("its table {:?} is not that of {DATABASE_FILE}", table.name)));
        }
        Ok(())
    }

    fn mismatch(&self, what: String) -> OpenError {
        OpenError::Mismatch(self.directory.join(MANIFEST_FILE), what)
    }
}

/// How every connection of a release is set up.
fn configured(mut connection: Connection) -> rusqlite::Result<(Connection, Deadline)> {
    memory::apply_to(&connection)?;
    // One statement for each shape of request; the default of 16 is soon full.
    connection.set_prepared_statement_cache_capacity(128);
    // Plans that do not depend on the values bound (SQLite, "The SQLite Query Optimizer Overview", section 20): SQLite
    // would prepare a kept statement again at each of its uses where it compares with a parameter.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    let deadline = Deadline::of(&mut connection)?;
    Ok((connection, deadline))
}

/// The path as an SQLite URI (SQLite, "Uniform Resource Identifiers", section 3.1) with the
/// promise that the file does not change.
fn uri(path: &Path) -> PathBuf {
    let mut uri = std::ffi::OsString::from("file:");
    let mut plain = String::new();
    match path.to_str() {
        Some(path) => {
            for c in path.chars() {
                match c {
                    '%' => plain.push_str("%25"),
                    '?' => plain.push_str("%3f"),
                    '#' => plain.push_str("%23"),
                    c => plain.push(c),
                }
            }
            uri.push(plain);
        }
        // Not UTF-8: rusqlite hands the bytes on as they are.
        None => uri.push(path),
    }
    uri.push("?immutable=1");
    uri.into()
}

impl OpenError {
    /// The reason in words that show nothing of this machine.
    #[cfg(feature = "http")]
    pub(crate) fn for_everybody(&self) -> String {
        match self {
            Self::Header(_, error) => format!("{DATABASE_FILE}: {error}"),
            Self::Manifest(_, error) => format!("{MANIFEST_FILE}: {error}"),
            // SQLite's own words name the file, and may have SQL in them.
            Self::Sqlite(_, error) => match error.sqlite_error_code() {
                Some(code) => format!("{DATABASE_FILE}: SQLite can't read it ({code:?})"),
                None => format!("{DATABASE_FILE}: it can't be read"),
            },
            Self::Mismatch(_, what) => format!("{MANIFEST_FILE}: {what}"),
        }
    }
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        Self::release(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_statement_is_prepared_once_whatever_is_bound() {
        let (connection, _) = configured(Connection::open("").unwrap()).unwrap();
        connection.execute_batch("CREATE TABLE t (a TEXT, b INTEGER); CREATE INDEX i ON t (a, b)").unwrap();
        let sql = "SELECT a FROM t WHERE a = ?1 AND b > ?2 AND a LIKE ?3 ORDER BY b LIMIT ?4 OFFSET ?5";
        for number in 0..5 {
            let mut statement = connection.prepare_cached(sql).unwrap();
            statement.query(("a", number, "a%", number, number)).unwrap().next().unwrap();
        }
        let statement = connection.prepare_cached(sql).unwrap();
        assert_eq!(statement.get_status(rusqlite::StatementStatus::Run), 5);
        assert_eq!(statement.get_status(rusqlite::StatementStatus::RePrepare), 0);
    }

    /// As the conditions of `like` are written: the pattern alone, when it is bound, would be compared with every row.
    #[test]
    fn the_start_of_a_pattern_is_a_range_of_an_index() {
        let (connection, _) = configured(Connection::open("").unwrap()).unwrap();
        connection.execute_batch("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a)").unwrap();
        let sql = "EXPLAIN QUERY PLAN SELECT a FROM t WHERE (a >= ? AND a < ? AND a GLOB ?)";
        let plan: String = connection.query_row(sql, ["a"; 3], |row| row.get(3)).unwrap();
        assert_eq!(plan, "SEARCH t USING COVERING INDEX i (a>? AND a<?)");
    }
}
