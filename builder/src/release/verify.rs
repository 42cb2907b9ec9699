//! A release against itself: what the manifest says, what the catalog says, what the rows are.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use catalog::{
    CATALOG_TABLE, ColumnType, DATABASE_FILE, Header, HeaderError, MANIFEST_FILE, Manifest, ManifestError,
    Search, Table, file_digest, hex, quote, release_root, table_root, tree_root,
};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::count::count;
use crate::database::{open, search};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::table::batch::{Batch, Returns};
use crate::table::content::{Content, ContentWriter};
use crate::tree::{TreeError, row_tree};

/// The result of a verification.
pub struct Verified {
    /// What does not fit, one sentence each, led by the file; empty where all is well.
    pub mismatches: Vec<String>,
    /// The manifest.
    pub manifest: Manifest,
}

/// Verifies the release at `path`: its directory, or its database with the manifest
/// beside it. Errors: a file that is missing or can't be read, or a release of another format.
pub fn verify(path: &Path, progress: &Progress) -> Result<Verified, Failure> {
    let database = if path.is_dir() { path.join(DATABASE_FILE) } else { path.to_owned() };
    let manifest_path = database.with_file_name(MANIFEST_FILE);
    let size = std::fs::metadata(&database).map_err(Failure::io("read", &database))?.len();
    let manifest = Manifest::load(&manifest_path).map_err(|error| match error {
        ManifestError::Io(error) => Failure::io("read", &manifest_path)(error),
        other => Failure::Refused(format!("`{}` can't be used: {other}", manifest_path.display())),
    })?;
    let mut verification = Verification { database: &database, mismatches: Vec::new(), progress };
    if verification.file(size, &manifest)? {
        // SQLite's complaints about the file are complaints about its content.
        if let Err(error) = verification.content(&manifest) {
            verification.say(format!("SQLite can't read it: {error}"));
        }
    }
    Ok(Verified { mismatches: verification.mismatches, manifest })
}

struct Verification<'a> {
    database: &'a Path,
    mismatches: Vec<String>,
    progress: &'a Progress,
}

impl Verification<'_> {
    fn say(&mut self, what: String) {
        self.mismatches.push(format!("{}: {what}", self.database.display()));
    }

    /// The file as bytes. False where it is nothing that SQLite could open.
    fn file(&mut self, size: u64, manifest: &Manifest) -> Result<bool, Failure> {
        let read = |path| Failure::io("read", path);
        let file = File::open(self.database).map_err(read(self.database))?;
        let is_database = match Header::read(file, size) {
            Ok(_) => true,
            Err(HeaderError::Io(error)) => return Err(read(self.database)(error)),
            Err(error @ HeaderError::Format { .. }) => {
                return Err(Failure::Refused(format!(
                    "`{}` can't be verified: {error}",
                    self.database.display()
                )));
            }
            Err(error) => {
                self.say(error.to_string());
                false
            }
        };
        if size != manifest.database.bytes {
            self.say(format!("file has {size} bytes, the manifest says {}", manifest.database.bytes));
        }
        let (digest, _) = file_digest(self.database).map_err(read(self.database))?;
        if digest != manifest.database.sha256 {
            self.say(format!("file has SHA-256 {digest}, the manifest says {}", manifest.database.sha256));
        }
        Ok(is_database)
    }

    fn content(&mut self, manifest: &Manifest) -> rusqlite::Result<()> {
        let connection = open(self.database)?;
        self.pragma(&connection, "integrity_check", |row| {
            let found: String = row.get(0)?;
            Ok(Some(found).filter(|found| found != "ok").map(|found| format!("integrity check: {found}")))
        })?;
        self.pragma(&connection, "foreign_key_check", |row| {
            let (table, line, referred): (String, Option<i64>, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let row = line.map_or_else(|| "a row".into(), |row| format!("row {row}"));
            Ok(Some(format!("table `{table}`: {row} refers to a missing row of `{referred}`")))
        })?;
        let tables: Vec<Table> = catalog::tables(&connection)?.into_iter().map(|table| table.entry).collect();
        for table in &tables {
            self.progress.step(&format!("verifying {}", table.name));
            self.table(&connection, table, manifest)?;
        }
        for table in &manifest.tables {
            if !tables.iter().any(|other| other.name == table.name) {
                self.say(format!("table `{}` is in the manifest, not in the database", table.name));
            }
        }
        self.progress.step("verifying the change feed");
        for mismatch in crate::history::mismatches(&connection, &tables, self.progress)? {
            self.say(mismatch);
        }
        for mismatch in crate::describe::mismatches(&connection)? {
            self.say(mismatch);
        }
        if manifest.root != release_root(manifest).map(|root| hex(&root)) {
            self.say("the manifest's root is not that of its tables".to_owned());
        }
        let names = catalog::dataset_names(&connection)?;
        if manifest.history != crate::history::summary(&connection, names.iter().map(String::as_str))? {
            self.say("the manifest's root of earlier versions is not that of the change feed".to_owned());
        }
        self.strangers(&connection, &tables)?;
        self.datasets(&connection, manifest)
    }

    /// Runs a pragma each of whose rows may be a mismatch.
    fn pragma(
        &mut self,
        connection: &Connection,
        pragma: &str,
        mismatch: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<Option<String>>,
    ) -> rusqlite::Result<()> {
        self.progress.step(pragma);
        let mut statement = connection.prepare(&format!("PRAGMA {pragma}"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(mismatch) = mismatch(row)? {
                self.say(mismatch);
            }
        }
        Ok(())
    }

    fn table(&mut self, connection: &Connection, table: &Table, manifest: &Manifest) -> rusqlite::Result<()> {
        let name = &table.name;
        let Read { rows, nan, content: Content { digest, leaves, offsets, statistics } } =
            match read(connection, table) {
                Ok(read) => read,
                Err(error) => {
                    self.say(format!("table `{name}` can't be read as the catalog describes it: {error}"));
                    return Ok(());
                }
            };
        if rows != table.rows {
            self.say(format!("table `{name}` has {}, the catalog says {}", count(rows, "row"), table.rows));
        }
        if digest != table.digest {
            self.say(format!(
                "table `{name}` has content digest {digest}, the catalog says {}",
                table.digest
            ));
        }
        if nan != table.nan {
            let [found, said] = [&nan, &table.nan].map(|columns| match columns.is_empty() {
                true => "no column".to_owned(),
                false => columns.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
            });
            self.say(format!("table `{name}` has NaN in {found}, the catalog says {said}"));
        }
        for search in table.searches() {
            let problem = match search::is_of_its_rows(connection, table, search) {
                Ok(true) => None,
                Ok(false) => Some("does not match its rows".to_owned()),
                Err(error) => Some(format!("can't be read: {error}")),
            };
            problem
                .into_iter()
                .for_each(|problem| self.say(format!("table `{name}`: its search index {problem}")));
        }
        match catalog::offsets(connection, name)? {
            // Other rows have other offsets, which is said already.
            _ if digest != table.digest => {}
            Some(stored) if stored == offsets => {}
            Some(_) => self.say(format!("table `{name}`: its row offsets do not match its rows")),
            None => self.say(format!("table `{name}` has no row offsets; build the release again")),
        }
        match catalog::statistics(connection, name)? {
            _ if digest != table.digest => {}
            Some(stored) if stored == statistics => {}
            Some(_) => self.say(format!("table `{name}`: its statistics do not match its rows")),
            // Releases of earlier versions have none.
            None => {}
        }
        let root = match row_tree(connection, name, &table.schema, leaves) {
            Ok(tree) => {
                match catalog::row_tree(connection, name)? {
                    _ if digest != table.digest => {}
                    Some(stored) if stored == tree => {}
                    Some(_) => self.say(format!("table `{name}`: its Merkle tree does not match its rows")),
                    // Releases of earlier versions have none, and a manifest that names a root demands one.
                    None if manifest.root.is_none() => {}
                    None => self.say(format!("table `{name}` has no Merkle tree; build the release again")),
                }
                let root = table_root(name, rows, &table.schema, &tree_root(&tree.hashes()));
                // Rows that are not committed are in no version.
                let newest = catalog::newest_version(connection, &table.dataset)?;
                let recorded = newest.as_ref().and_then(|version| version.tables.get(name));
                if recorded.is_some_and(|recorded| recorded.digest == digest)
                    && catalog::past_roots(connection, name)?.last().is_some_and(|(_, last)| *last != root)
                {
                    self.say(format!(
                        "table `{name}`: the change feed ends with another root than its rows have"
                    ));
                }
                hex(&root)
            }
            Err(TreeError::Sqlite(error)) => return Err(error),
            Err(TreeError::Io(error)) => {
                self.say(format!("table `{name}`: its rows can't be hashed: {error}"));
                return Ok(());
            }
        };
        let Some(recorded) = manifest.table(name) else {
            self.say(format!("table `{name}` is not in the manifest"));
            return Ok(());
        };
        // Other rows have another root, which the digest says already.
        let same_rows = digest == recorded.sha256;
        if let Some(said) = recorded.root.as_ref().filter(|said| same_rows && **said != root) {
            self.say(format!("table `{name}` has the root {root}, the manifest says {said}"));
        }
        if rows != recorded.rows {
            self.say(format!(
                "table `{name}` has {}, the manifest says {}",
                count(rows, "row"),
                recorded.rows
            ));
        }
        if digest != recorded.sha256 {
            self.say(format!(
                "table `{name}` has content digest {digest}, the manifest says {}",
                recorded.sha256
            ));
        }
        if table.dataset != recorded.dataset {
            self.say(format!(
                "table `{name}` belongs to dataset `{}`, the manifest says `{}`",
                table.dataset, recorded.dataset
            ));
        }
        Ok(())
    }

    /// Tables that the catalog does not know.
    fn strangers(&mut self, connection: &Connection, tables: &[Table]) -> rusqlite::Result<()> {
        let mut statement =
            connection.prepare("SELECT type, name FROM sqlite_schema WHERE type <> 'index' ORDER BY name")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, name): (String, String) = (row.get(0)?, row.get(1)?);
            let searches = tables.iter().flat_map(catalog::Table::searches);
            let internal = name == CATALOG_TABLE
                || name.starts_with("sqlite_")
                || searches.flat_map(Search::tables).any(|table| table == name);
            if !internal && !tables.iter().any(|table| table.name == name) {
                self.say(format!("{kind} `{name}` is not in the catalog"));
            }
        }
        Ok(())
    }

    fn datasets(&mut self, connection: &Connection, manifest: &Manifest) -> rusqlite::Result<()> {
        let names = catalog::dataset_names(connection)?;
        for recorded in &manifest.datasets {
            match catalog::dataset(connection, &recorded.name)? {
                None => {
                    self.say(format!("dataset `{}` is in the manifest, not in the database", recorded.name));
                }
                Some(dataset) if dataset.entry != recorded.version => self.say(format!(
                    "dataset `{}` has version {}, the manifest says {}",
                    recorded.name,
                    dataset.entry.as_deref().unwrap_or("none"),
                    recorded.version.as_deref().unwrap_or("none")
                )),
                Some(_) => {}
            }
        }
        for name in names {
            if !manifest.datasets.iter().any(|dataset| dataset.name == name) {
                self.say(format!("dataset `{name}` is not in the manifest"));
            }
        }
        Ok(())
    }
}

/// What a table's rows say.
struct Read {
    rows: u64,
    /// As in the catalog.
    nan: Vec<String>,
    content: Content,
}

fn read(connection: &Connection, table: &Table) -> rusqlite::Result<Read> {
    let columns: Vec<String> = table.schema.columns.iter().map(|column| quote(&column.name)).collect();
    let order = table.rowid().map_or_else(String::new, |rowid| format!(" ORDER BY {rowid}"));
    let rowid = table.rowid().unwrap_or("NULL");
    let sql = format!("SELECT {}, {rowid} FROM {}{order}", columns.join(", "), quote(&table.name));
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let row_number_is_key = table.key_pages.is_some_and(|pages| pages.key.is_none());
    let (returns, empty) = Returns::new();
    let mut content = ContentWriter::new(&table.schema, row_number_is_key, returns);
    let mut batch = Batch::default();
    let is_number: Vec<bool> =
        table.schema.columns.iter().map(|column| column.column_type == ColumnType::Number).collect();
    let mut nan = BTreeSet::new();
    let mut found: u64 = 0;
    while let Some(row) = rows.next()? {
        for (column, is_number) in is_number.iter().enumerate() {
            let value = row.get_ref(column)?;
            if *is_number && matches!(value, ValueRef::Text(_)) {
                nan.insert(column);
            }
            batch.push(value);
        }
        found += 1;
        if batch.end_row(row.get::<_, Option<i64>>(is_number.len())?.unwrap_or(found.cast_signed())) {
            content = content.add(Arc::new(batch));
            batch = empty.try_recv().unwrap_or_default();
        }
    }
    content = content.add(Arc::new(batch));
    let nan = nan.into_iter().map(|column| table.schema.columns[column].name.clone()).collect();
    Ok(Read { rows: found, nan, content: content.finish() })
}
