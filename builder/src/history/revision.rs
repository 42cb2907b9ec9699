//! A dataset as a commit had it: its version, whether it builds, and its rows.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use catalog::{Hash, Table, dataset_digest, table_root, tree_root};
use serde::{Deserialize, Serialize};

use super::cache::Cache;
use crate::check::{check_rows, load_descriptors};
use crate::database::{BuildError, load, open, uri};
use crate::failure::Failure;
use crate::git::{Checkout, Commit, Entry, EntryKind, Objects, Repository};
use crate::progress::Progress;
use crate::temporary::Temporary;
use datapackage::descriptor;
use datapackage::finding::{Finding, Findings, Severity, text};

/// A commit that touches the datasets, and what they were then.
#[derive(Debug, Clone)]
pub(crate) struct Revision {
    pub(crate) commit: Commit,
    /// Its place among all of them, from 1 for the oldest.
    pub(crate) ordinal: u64,
    /// The tree of the datasets directory; `None` where it did not exist.
    pub(crate) root: Option<String>,
}

/// What a dataset was in a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Evaluated {
    /// It builds; its tables by name, with their descriptors.
    Good(BTreeMap<String, PastTable>),
    /// It does not, and why.
    Broken(Problem),
}

/// A table of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PastTable {
    pub(crate) entry: Table,
    /// Its descriptor.
    pub(crate) about: String,
    /// Its root: that of its rows, with its name, columns and key.
    pub(crate) root: Hash,
}

/// Why a dataset does not build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Problem {
    /// What revisions with the same cause have in common.
    pub(crate) kind: String,
    pub(crate) reason: String,
}

impl From<String> for Problem {
    fn from(reason: String) -> Self {
        Self { kind: reason.clone(), reason }
    }
}

impl Evaluated {
    /// The digest of its content.
    pub(crate) fn digest(&self) -> Option<String> {
        let Self::Good(tables) = self else { return None };
        Some(dataset_digest(tables.iter().map(|(name, table)| (name.as_str(), table.entry.digest.as_str()))))
    }
}

/// Reads revisions of a repository.
pub(crate) struct Revisions<'r> {
    repository: &'r Repository,
    objects: Objects,
    cache: &'r Cache,
    checkout: Option<Checkout>,
    /// Descriptors by blob: their version, where it is a semantic one.
    versions: HashMap<String, Option<String>>,
    /// Databases that were built, by the dataset's directory and the tree of all datasets.
    built: Vec<((String, String), Database)>,
}

/// A dataset's tables in a file that ends with it.
struct Database {
    directory: Temporary,
}

impl Database {
    fn path(&self) -> PathBuf {
        self.directory.path().join("data.db")
    }
}

impl<'r> Revisions<'r> {
    pub(crate) fn new(repository: &'r Repository, cache: &'r Cache) -> Result<Self, Failure> {
        let objects = repository.objects()?;
        Ok(Self { repository, objects, cache, checkout: None, versions: HashMap::new(), built: vec![] })
    }

    pub(super) fn cache(&self) -> &'r Cache {
        self.cache
    }

    /// The first-parent history of a commit as far as it touches the datasets, newest first.
    pub(crate) fn commits(&mut self, from: &str) -> Result<Vec<Revision>, Failure> {
        let commits = self.repository.history(from)?;
        let count = commits.len() as u64;
        let mut revisions = Vec::with_capacity(commits.len());
        for (index, commit) in commits.into_iter().enumerate() {
            let root = self.objects.root(&commit.id)?;
            revisions.push(Revision { commit, ordinal: count - index as u64, root });
        }
        Ok(revisions)
    }

    /// One commit, outside of any history.
    pub(crate) fn commit(&mut self, id: &str) -> Result<Revision, Failure> {
        let commit = Commit { id: id.to_owned(), seconds: 0 };
        Ok(Revision { root: self.objects.root(id)?, commit, ordinal: 0 })
    }

    /// The tree of the dataset in `directory`, below the datasets directory; `None` where there
    /// was no descriptor.
    pub(crate) fn tree(&mut self, revision: &Revision, directory: &str) -> Result<Option<String>, Failure> {
        let Some(root) = &revision.root else { return Ok(None) };
        match self.objects.entry(root, Path::new(directory))? {
            Some(Entry { kind: EntryKind::Directory, id }) => {
                Ok(self.descriptor(&id)?.is_some().then_some(id))
            }
            _ => Ok(None),
        }
    }

    /// The version that the descriptor in a dataset's tree gives, where it is a semantic one.
    pub(crate) fn version(&mut self, tree: &str) -> Result<Option<String>, Failure> {
        let Some((name, blob)) = self.descriptor(tree)? else { return Ok(None) };
        if let Some(known) = self.versions.get(&blob) {
            return Ok(known.clone());
        }
        let bytes = self.objects.blob(&blob, descriptor::MAX_BYTES)?;
        let version = bytes
            .and_then(|bytes| descriptor::version::find(name, &bytes))
            .map(|found| found.text)
            .filter(|version| semver::Version::parse(version).is_ok());
        self.versions.insert(blob, version.clone());
        Ok(version)
    }

    fn descriptor(&mut self, tree: &str) -> Result<Option<(&'static str, String)>, Failure> {
        let tree = self.objects.tree(tree)?;
        let found = descriptor::DESCRIPTORS.into_iter().find_map(|name| {
            let entry = tree.get(name.as_bytes())?;
            matches!(entry.kind, EntryKind::File | EntryKind::Link).then(|| (name, entry.id.clone()))
        });
        Ok(found)
    }

    /// What the dataset in `directory` was. A dataset is evaluated by itself: its descriptor and
    /// schema, with the other descriptors of the time, and its rows; not whether it refers to rows of
    /// other datasets that were there.
    pub(crate) fn evaluate(&mut self, revision: &Revision, directory: &str) -> Result<Evaluated, Failure> {
        let Some(root) = revision.root.clone() else {
            return Ok(Evaluated::Broken("it did not exist".to_owned().into()));
        };
        let source = ["evaluated", directory, &root];
        let cached = self.cache.read(&source).and_then(|mut lines| lines.next()?.ok());
        if let Some(evaluated) = cached.and_then(|line| serde_json::from_str(&line).ok()) {
            return Ok(evaluated);
        }
        let evaluated = self.build(&root, directory)?;
        let mut entry = self.cache.create(&source);
        if let (Some(new), Ok(json)) = (&mut entry, serde_json::to_string(&evaluated))
            && new.line(&json).is_err()
        {
            entry = None;
        }
        self.cache.put(entry);
        Ok(evaluated)
    }

    /// The database of a good revision, as an SQLite URI: it exists until [`Revisions::forget`].
    pub(crate) fn database(&mut self, revision: &Revision, directory: &str) -> Result<String, Failure> {
        let root = revision.root.clone().unwrap_or_default();
        let key = (directory.to_owned(), root.clone());
        if !self.built.iter().any(|(other, _)| *other == key)
            && let Evaluated::Broken(problem) = self.build(&root, directory)?
        {
            return Err(Failure::Refused(format!(
                "commit {} can't be read again: {}",
                revision.commit.id, problem.reason
            )));
        }
        let found = self.built.iter().find(|(other, _)| *other == key);
        found
            .map(|(_, database)| uri(&database.path()))
            .ok_or_else(|| Failure::Refused(format!("commit {} can't be read again", revision.commit.id)))
    }

    /// Removes a revision's database.
    pub(crate) fn forget(&mut self, directory: &str, revision: &Revision) {
        self.built.retain(|((of, root), _)| of != directory || revision.root.as_ref() != Some(root));
    }

    /// Removes the databases of all revisions but those.
    pub(crate) fn forget_but(&mut self, directory: &str, kept: &[&Revision]) {
        self.built.retain(|((of, root), _)| {
            of == directory && kept.iter().any(|revision| revision.root.as_ref() == Some(root))
        });
    }

    fn build(&mut self, root: &str, directory: &str) -> Result<Evaluated, Failure> {
        let mut checkout = match self.checkout.take() {
            Some(checkout) => checkout,
            None => Checkout::new()?,
        };
        let files = self.objects.files(root)?;
        let own = |path: &Path| path.starts_with(directory);
        // A link may lead to a file of any dataset.
        let linked = files.iter().any(|(path, entry)| entry.kind == EntryKind::Link && own(path));
        let describes = |path: &Path| {
            path.extension().is_some_and(|extension| {
                ["json", "yaml", "yml"].iter().any(|known| extension.eq_ignore_ascii_case(known))
            })
        };
        let pointers =
            checkout.update(&mut self.objects, &files, |path| linked || own(path) || describes(path))?;
        let evaluated = match pointers.iter().find(|path| own(path)) {
            Some(pointer) => {
                Evaluated::Broken(format!("`{}` is stored in Git LFS", pointer.display()).into())
            }
            None => self.load(root, checkout.path(), directory)?,
        };
        self.checkout = Some(checkout);
        Ok(evaluated)
    }

    fn load(&mut self, root: &str, datasets: &Path, directory: &str) -> Result<Evaluated, Failure> {
        let (loaded, findings) = load_descriptors(datasets)?;
        let in_directory =
            |path: &str| path.rsplit_once('/').map_or("", |(directory, _)| directory) == directory;
        let Some(dataset) = loaded.iter().find(|dataset| in_directory(&dataset.path)) else {
            let reason = error_below(&findings, datasets, directory, &[]);
            return Ok(Evaluated::Broken(reason.unwrap_or_else(|| "it has no descriptor".to_owned().into())));
        };
        let others: Vec<&str> = loaded
            .iter()
            .filter_map(|other| other.path.rsplit_once('/').map(|(directory, _)| directory))
            .filter(|other| *other != directory)
            .collect();
        if let Some(reason) = error_below(&findings, datasets, directory, &others) {
            return Ok(Evaluated::Broken(reason));
        }
        let database = Database { directory: Temporary::new("history")? };
        let shown = datasets.to_string_lossy();
        let only = std::slice::from_ref(dataset);
        let quiet = Progress::quiet();
        match load(&database.path(), only, &shown, &mut Findings::default(), &quiet, &mut |_| Ok(())) {
            Ok(_) => {}
            Err(BuildError::Failure(failure)) => return Err(failure),
            Err(BuildError::Data) => {
                let (_, findings) = check_rows(only, &shown, &quiet)?;
                let reason = error_below(&findings, datasets, "", &[]);
                return Ok(Evaluated::Broken(
                    reason.unwrap_or_else(|| "its rows have problems".to_owned().into()),
                ));
            }
        }
        let tables = tables(&database.path()).map_err(Failure::sqlite("can't read a revision's database"))?;
        self.built.push(((directory.to_owned(), root.to_owned()), database));
        Ok(Evaluated::Good(tables))
    }
}

/// The tables of a database by name. Their trees grew as their rows were read.
fn tables(path: &Path) -> rusqlite::Result<BTreeMap<String, PastTable>> {
    let connection = open(path)?;
    let mut tables = BTreeMap::new();
    for catalog::Entry { entry, about } in catalog::tables(&connection)? {
        let tree = catalog::row_tree(&connection, &entry.name)?.unwrap_or_default();
        let root = table_root(&entry.name, entry.rows, &entry.schema, &tree_root(&tree.hashes()));
        tables.insert(entry.name.clone(), PastTable { entry, about, root });
    }
    Ok(tables)
}

/// The first error in a file below `directory` that is not below one of `others`, in one line
/// and with its path below `root`: it must not reveal that directory.
fn error_below(findings: &Findings, root: &Path, directory: &str, others: &[&str]) -> Option<Problem> {
    let below = |finding: &Finding| Path::new(&finding.path).strip_prefix(root).ok().map(Path::to_owned);
    let mut errors: Vec<(PathBuf, &Finding)> = findings
        .list()
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter_map(|finding| Some((below(finding)?, finding)))
        .filter(|(path, _)| path.starts_with(directory))
        .filter(|(path, _)| {
            let nested = others.iter().filter(|other| Path::new(other).starts_with(directory));
            !nested.into_iter().any(|other| path.starts_with(other))
        })
        .collect();
    errors.sort();
    let (path, finding) = errors.first()?;
    let finding = Finding { path: path.display().to_string(), ..(*finding).clone() };
    let column = finding.column.as_ref().map_or("", |column| &column.name);
    Some(Problem {
        kind: format!("{} {} {column}", finding.path, finding.code),
        reason: text::line(&finding),
    })
}
