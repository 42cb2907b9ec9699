//! One of the two releases that are compared.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use catalog::{DATABASE_FILE, Entry, Header, HeaderError, MANIFEST_FILE, Manifest, Table};

use crate::check::Checked;
use crate::count::count;
use crate::database::{build_database, open_uri, uri};
use crate::failure::Failure;
use crate::git::{Checkout, Repository};
use crate::progress::Progress;
use crate::temporary::Temporary;
use datapackage::finding::{Severity, text};

/// A release that is open for reading.
#[derive(Debug)]
pub struct ReleaseRef {
    /// What people call it: as they gave it.
    pub name: String,
    pub(crate) uri: String,
    /// The commit that it was built from, where that is known.
    pub(crate) commit: Option<String>,
    /// By name.
    pub(crate) datasets: Vec<(String, Entry<Option<String>>)>,
    /// By name.
    pub(crate) tables: Vec<Entry<Table>>,
    /// The versions that the release knows of, for each dataset.
    pub(crate) versions: Vec<Vec<catalog::Version>>,
    // The database of a revision is kept here as long as it is compared.
    _made: Option<Temporary>,
}

impl ReleaseRef {
    /// The release that `name` names: a database, a release's directory, or else a revision of
    /// the Git repository that holds `datasets`, which is built. Errors: it is not any of them, it
    /// can't be read, or it does not build.
    pub fn find(name: &OsStr, datasets: &Path, progress: &Progress) -> Result<Self, Failure> {
        let path = Path::new(name);
        let shown = name.to_string_lossy().into_owned();
        if path.join(DATABASE_FILE).is_file() {
            return Self::open(shown, &path.join(DATABASE_FILE), None);
        }
        if path.is_file() {
            return Self::open(shown, path, None);
        }
        Self::revision(shown, datasets, progress)
    }

    /// The datasets in the working tree, and their findings; no release where there are
    /// errors.
    pub fn build(datasets: &Path, progress: &Progress) -> Result<(Checked, Option<Self>), Failure> {
        let made = Temporary::new("compare")?;
        let database = made.path().join(DATABASE_FILE);
        let (checked, built) = build_database(datasets, &database, progress)?;
        let name = datasets.to_string_lossy().into_owned();
        let side = if built { Some(Self::open(name, &database, Some(made))?) } else { None };
        Ok((checked, side))
    }

    fn revision(name: String, datasets: &Path, progress: &Progress) -> Result<Self, Failure> {
        let neither = |error: &dyn std::fmt::Display| {
            Failure::Refused(format!(
                "`{name}` is not a release, and it can't be read as a revision: {error}"
            ))
        };
        let repository = Repository::of(datasets).map_err(|error| neither(&error))?;
        let commit = repository.commit(&name).map_err(|error| neither(&error))?;
        let mut objects = repository.objects()?;
        let Some(root) = objects.root(&commit)? else {
            return Err(neither(&format!("it has no directory `{}`", datasets.display())));
        };
        progress.step(&format!("reading {name}"));
        let files = objects.files(&root)?;
        let mut checkout = Checkout::new()?;
        if let Some(pointer) = checkout.update(&mut objects, &files, |_| true)?.first() {
            return Err(neither(&format!(
                "`{}` is stored in Git LFS; build that revision and compare the release",
                pointer.display()
            )));
        }
        match Self::build(checkout.path(), progress)? {
            (_, Some(side)) => Ok(Self { name, commit: Some(commit), ..side }),
            (checked, None) => Err(neither(&format!(
                "{} in its datasets, such as {}",
                count(checked.findings.total(Severity::Error), "problem"),
                first_error(&checked, checkout.path())
            ))),
        }
    }

    fn open(name: String, database: &Path, made: Option<Temporary>) -> Result<Self, Failure> {
        let read = |error| Failure::io("read", database)(error);
        let file = std::fs::File::open(database).map_err(read)?;
        let size = file.metadata().map_err(read)?.len();
        Header::read(file, size).map_err(|error| match error {
            HeaderError::Io(error) => read(error),
            error => Failure::Refused(format!("`{}` can't be compared: {error}", database.display())),
        })?;
        let failed = |error| Failure::sqlite(&format!("can't read `{}`", database.display()))(error);
        let uri = uri(database);
        let connection = open_uri(&uri).map_err(failed)?;
        let mut datasets = Vec::new();
        let mut versions = Vec::new();
        for name in catalog::dataset_names(&connection).map_err(failed)? {
            versions.push(catalog::versions(&connection, &name).map_err(failed)?);
            let entry = catalog::dataset(&connection, &name).map_err(failed)?;
            datasets.extend(entry.map(|entry| (name, entry)));
        }
        let tables = catalog::tables(&connection).map_err(failed)?;
        // A manifest of another release, or none, says nothing.
        let manifest = Manifest::load(&database.with_file_name(MANIFEST_FILE)).ok();
        let commit = manifest.filter(|manifest| manifest.database.bytes == size).and_then(|m| m.commit);
        Ok(Self { name, uri, commit, datasets, tables, versions, _made: made })
    }

    /// The names of its tables.
    pub fn table_names(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(|table| table.entry.name.as_str())
    }

    /// The dataset's version and its descriptor.
    pub(crate) fn dataset(&self, name: &str) -> Option<&Entry<Option<String>>> {
        self.datasets.iter().find(|(own, _)| own == name).map(|(_, entry)| entry)
    }

    /// The table of that name.
    pub(crate) fn table(&self, name: &str) -> Option<&Entry<Table>> {
        self.tables.iter().find(|table| table.entry.name == name)
    }

    /// The tables of a dataset.
    pub(crate) fn tables_of<'a>(&'a self, dataset: &'a str) -> impl Iterator<Item = &'a Entry<Table>> {
        self.tables.iter().filter(move |table| table.entry.dataset == dataset)
    }

    /// The digest of a dataset's content.
    pub(crate) fn digest(&self, dataset: &str) -> String {
        let tables = self.tables_of(dataset).map(|table| &table.entry);
        catalog::dataset_digest(tables.map(|table| (table.name.as_str(), table.digest.as_str())))
    }
}

/// The first error in one line, its path below `root`.
pub(crate) fn first_error(checked: &Checked, root: &Path) -> String {
    let errors = checked.findings.list().iter().filter(|finding| finding.severity == Severity::Error);
    let Some(finding) = errors.clone().next() else { return String::new() };
    let mut finding = finding.clone();
    if let Ok(below) = PathBuf::from(&finding.path).strip_prefix(root) {
        finding.path = below.display().to_string();
    }
    text::line(&finding)
}
