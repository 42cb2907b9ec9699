//! The datasets -> a release: data.db and manifest.json, in their directory.
//!
//! A build reads everything once and stops at the first error; then `check` reads
//! again and says all that is. The release replaces the one before as a whole (`directory`).
//! It is a pure function of the datasets: no time, no path of the machine goes into it.

mod commit;
mod directory;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};

use catalog::{
    DATABASE_FILE, Database, FORMAT_VERSION, MANIFEST_FILE, Manifest, ManifestTable, SourceFile, file_digest,
    hex, release_root, table_root, tree_root,
};

use rusqlite::Connection;

use crate::check::{Checked, check, load_descriptors, shown};
use crate::database::{BuildError, described, found_by_check, load, schema};
use crate::failure::Failure;
use crate::history;
use crate::progress::Progress;
use crate::table::rows::Summary;
use commit::{Commit, commit};
use datapackage::schema::Dataset;
pub(crate) use directory::is_temporary;
pub use directory::{Directory, settle};
pub use verify::{Verified, verify};

/// The result of a build.
pub enum Outcome {
    /// The release is in its directory.
    Built(Box<Built>),
    /// The data has errors, and the directory is as it was.
    Findings(Checked),
}

/// A release that was built.
pub struct Built {
    /// Its record.
    pub manifest: Manifest,
    /// Why the manifest names no commit.
    pub without_commit: Option<String>,
    /// What the change feed leaves out, and why.
    pub notes: Box<history::Notes>,
    /// Whether the directory held this very release already, and was left alone.
    pub unchanged: bool,
    /// What was found: warnings.
    pub checked: Checked,
}

/// Builds the release of all datasets below `datasets` into the directory `target`, with the change
/// feed that `history` requests. Errors: what stops the builder itself; then the directory is as
/// it was.
pub fn build(
    datasets: &Path,
    target: &Path,
    history: Option<&history::Options>,
    progress: &Progress,
) -> Result<Outcome, Failure> {
    let directory = Directory::prepare(target, progress)?;
    progress.step("reading the descriptors");
    let (loaded, mut findings) = load_descriptors(datasets)?;
    if findings.has_errors() {
        return check(datasets, progress).map(Outcome::Findings);
    }
    let database = directory.file(DATABASE_FILE);
    let mut notes = Box::<history::Notes>::default();
    let mut kept = None;
    let mut feed = |connection: &Connection| {
        if let Some(options) = history {
            *notes = history::write(connection, datasets, &loaded, options, progress)?;
            let names = loaded.iter().map(|dataset| dataset.name.as_str());
            kept =
                history::summary(connection, names).map_err(Failure::sqlite("can't read the change feed"))?;
        }
        Ok(())
    };
    let summaries = match load(&database, &loaded, &shown(datasets), &mut findings, progress, &mut feed) {
        Ok(loaded) => loaded,
        Err(BuildError::Failure(failure)) => return Err(failure),
        Err(BuildError::Data) => return described(check(datasets, progress)?).map(Outcome::Findings),
    };
    if let Some(checked) = found_by_check(datasets, &loaded, &summaries, progress)? {
        return Ok(Outcome::Findings(checked));
    }
    progress.step("writing the database");
    let database = finish_database(&database)?;
    let (mut manifest, without_commit) = manifest(datasets, &loaded, summaries, database)?;
    manifest.history = kept;
    let bytes = manifest.to_bytes();
    let unchanged = is_current(&directory, &manifest, &bytes);
    if !unchanged {
        progress.step("writing the manifest");
        let path = directory.file(MANIFEST_FILE);
        fs::write(&path, &bytes).and_then(|()| settle(&path)).map_err(Failure::io("write", &path))?;
        directory.replace(progress)?;
    }
    findings.sort();
    let mut checked = Checked::new(findings, &loaded);
    checked.rows = manifest.tables.iter().map(|table| table.rows).sum();
    Ok(Outcome::Built(Box::new(Built { manifest, without_commit, notes, unchanged, checked })))
}

/// Has the database written to disk while its digest is computed.
fn finish_database(path: &Path) -> Result<Database, Failure> {
    let (settled, digest) = std::thread::scope(|scope| {
        let settled = scope.spawn(|| settle(path));
        let digest = file_digest(path);
        (settled.join(), digest)
    });
    let settled = settled.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    settled.map_err(Failure::io("write", path))?;
    let (sha256, bytes) = digest.map_err(Failure::io("read", path))?;
    Ok(Database { sha256, bytes })
}

fn manifest(
    datasets: &Path,
    loaded: &[Dataset],
    summaries: Vec<Summary>,
    database: Database,
) -> Result<(Manifest, Option<String>), Failure> {
    let mut manifest = Manifest {
        format: FORMAT_VERSION,
        commit: None,
        root: None,
        history: None,
        database,
        datasets: vec![],
        tables: vec![],
    };
    let mut summaries = summaries.into_iter();
    for dataset in loaded {
        manifest.datasets.push(catalog::Dataset {
            name: dataset.name.clone(),
            version: dataset.version.clone(),
            descriptor: source(datasets, &dataset.path)?,
        });
        for (table, summary) in dataset.tables.iter().zip(&mut summaries) {
            let root = summary.tree.map(|tree| {
                let tree = tree_root(&tree.hashes());
                hex(&table_root(&table.name, summary.rows, &schema(table), &tree))
            });
            manifest.tables.push(ManifestTable {
                name: table.name.clone(),
                dataset: dataset.name.clone(),
                rows: summary.rows,
                sha256: summary.content.map(|content| content.digest).unwrap_or_default(),
                root,
                sources: summary.sources,
            });
        }
    }
    manifest.datasets.sort_by(|a, b| a.name.cmp(&b.name));
    manifest.tables.sort_by(|a, b| a.name.cmp(&b.name));
    manifest.root = release_root(&manifest).map(|root| hex(&root));
    let descriptors = manifest.datasets.iter().map(|dataset| &dataset.descriptor);
    let sources = descriptors.chain(manifest.tables.iter().flat_map(|table| &table.sources));
    let without_commit = match commit(datasets, sources.map(|source| source.path.as_str())) {
        Commit::Known(commit) => {
            manifest.commit = Some(commit);
            None
        }
        Commit::Unknown(reason) => Some(reason),
    };
    Ok((manifest, without_commit))
}

fn source(datasets: &Path, path: &str) -> Result<SourceFile, Failure> {
    let file: PathBuf = datasets.join(path);
    let (sha256, bytes) = file_digest(&file).map_err(Failure::io("read", &file))?;
    Ok(SourceFile { path: path.to_owned(), sha256, bytes })
}

/// Whether the directory holds this release already, byte for byte.
fn is_current(directory: &Directory, manifest: &Manifest, bytes: &[u8]) -> bool {
    fs::read(directory.current(MANIFEST_FILE)).is_ok_and(|current| current == bytes)
        && file_digest(&directory.current(DATABASE_FILE))
            .is_ok_and(|(sha256, _)| sha256 == manifest.database.sha256)
}
