//! CSV files without a descriptor, as datasets in a temporary directory: a copy of each file with
//! a guessed descriptor beside it.

use std::fs;
use std::path::{Path, PathBuf};

use datapackage::descriptor::DESCRIPTORS;

use crate::check::Checked;
use crate::failure::Failure;
use crate::init::{Added, init, is_csv};
use crate::temporary::Temporary;
use crate::watch::Watch;
use encoding_rs::Encoding;

/// CSV files that are described by guesses.
pub(crate) struct Inferred {
    source: Source,
    /// Of files that are not UTF-8.
    encoding: Option<&'static Encoding>,
    directory: Temporary,
}

/// What was guessed from the files.
#[derive(Default)]
pub(crate) struct Guesses {
    /// The tables, with what is in doubt.
    pub(crate) tables: Vec<Added>,
    /// The descriptors that came of it.
    pub(crate) descriptors: Vec<String>,
}

enum Source {
    File(PathBuf),
    /// Every CSV file in a directory, not below.
    Directory(PathBuf),
}

/// Whether a directory is one of CSV files alone: some are in it, and no descriptor in it or below.
pub(crate) fn has_no_descriptor(directory: &Path) -> bool {
    csv_files(directory).is_ok_and(|files| !files.is_empty()) && !holds_descriptor(directory)
}

impl Inferred {
    /// The CSV file `source`, or all those in the directory `source`. Errors: there is no room for
    /// temporary files; the file is a descriptor.
    pub(crate) fn new(source: &Path, encoding: Option<&'static Encoding>) -> Result<Self, Failure> {
        let directory = Temporary::new("serve")?;
        if source.is_dir() {
            return Ok(Self { source: Source::Directory(source.to_owned()), encoding, directory });
        }
        if source.file_name().is_some_and(|name| DESCRIPTORS.iter().any(|descriptor| name == *descriptor)) {
            let dataset = source.parent().filter(|parent| !parent.as_os_str().is_empty());
            return Err(Failure::Refused(format!(
                "`{}` is a descriptor; serve its directory: `builder serve {}`",
                source.display(),
                dataset.unwrap_or(Path::new(".")).display()
            )));
        }
        Ok(Self { source: Source::File(source.to_owned()), encoding, directory })
    }

    /// Where the datasets are.
    pub(crate) fn datasets(&self) -> PathBuf {
        self.directory.path().join("datasets")
    }

    /// Where their release goes.
    pub(crate) fn release(&self) -> PathBuf {
        self.directory.path().join("release")
    }

    /// Copies the files and guesses their descriptors. Errors: a file can't be read, or is not CSV.
    pub(crate) fn update(&self) -> Result<Guesses, Failure> {
        let datasets = self.datasets();
        if datasets.exists() {
            fs::remove_dir_all(&datasets).map_err(Failure::io("remove", &datasets))?;
        }
        let files = self.files()?;
        let mut guesses = Guesses::default();
        for (number, file) in files.iter().enumerate() {
            let dataset = datasets.join(number.to_string());
            fs::create_dir_all(&dataset).map_err(Failure::io("write", &dataset))?;
            let name = file.file_name().unwrap_or_default();
            let copy = dataset.join(name);
            fs::copy(file, &copy).map_err(Failure::io("read", file))?;
            let inferred =
                init(&[copy], None, self.encoding).map_err(|failure| self.translated(failure, &files))?;
            for described in inferred {
                let descriptor = fs::read_to_string(&described.output);
                guesses.descriptors.push(descriptor.map_err(Failure::io("read", &described.output))?);
                guesses.tables.extend(described.added);
            }
        }
        Ok(guesses)
    }

    /// The findings with the paths of the files that the user named.
    pub(crate) fn translate(&self, checked: &mut Checked) {
        let Ok(files) = self.files() else { return };
        let findings = std::mem::take(&mut checked.findings);
        checked.findings = findings.map_text(|text| self.original(text, &files));
    }

    /// Watches the files.
    pub(crate) fn watch(&self) -> Result<Watch, Failure> {
        match &self.source {
            Source::File(file) => {
                let name = file.file_name().map(ToOwned::to_owned);
                let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
                let changed = move |path: &Path| path.file_name() == name.as_deref();
                Watch::files(parent.unwrap_or(Path::new(".")), changed)
            }
            Source::Directory(directory) => Watch::files(directory, is_csv),
        }
    }

    fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        match &self.source {
            Source::File(file) => Ok(vec![file.clone()]),
            Source::Directory(directory) => csv_files(directory).map_err(Failure::io("read", directory)),
        }
    }

    fn translated(&self, failure: Failure, files: &[PathBuf]) -> Failure {
        match failure {
            Failure::Refused(why) => Failure::Refused(self.original(&why, files)),
            Failure::Io { tried, error } => Failure::Io { tried: self.original(&tried, files), error },
            other => other,
        }
    }

    /// A text with the paths of the files in place of those of their copies.
    fn original(&self, text: &str, files: &[PathBuf]) -> String {
        let mut text = text.to_owned();
        for (number, file) in files.iter().enumerate() {
            let dataset = self.datasets().join(number.to_string());
            let copy = dataset.join(file.file_name().unwrap_or_default());
            text = text.replace(&*copy.to_string_lossy(), &file.to_string_lossy());
            let descriptor = dataset.join(DESCRIPTORS[0]);
            let guessed = format!("the guessed descriptor of {}", file.display());
            text = text.replace(&*descriptor.to_string_lossy(), &guessed);
        }
        text
    }
}

/// In order of their names, so that the same directory is the same release.
fn csv_files(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = vec![];
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if is_csv(&path) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn holds_descriptor(directory: &Path) -> bool {
    let Ok(entries) = fs::read_dir(directory) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
        DESCRIPTORS.iter().any(|descriptor| name == *descriptor)
            || (is_directory && !name.to_string_lossy().starts_with('.') && holds_descriptor(&entry.path()))
    })
}
