//! Which files are described, and in which descriptor.

use std::fs;
use std::path::{Path, PathBuf};

use datapackage::descriptor::DESCRIPTORS;

use super::place::{file_in, output_directory};
use crate::failure::Failure;

/// The endings of files that are taken for CSV in a directory.
const ENDINGS: [&str; 3] = [".csv", ".tsv", ".tab"];

/// Files that one descriptor describes.
pub(super) struct Group {
    /// The descriptor.
    pub(super) output: PathBuf,
    /// Whether it exists, so that resources are added.
    pub(super) exists: bool,
    /// Each file, and how the descriptor names it.
    pub(super) files: Vec<(PathBuf, String)>,
}

/// Whether a file in a directory is taken for CSV.
pub fn is_csv(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    !name.starts_with('.') && ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The files by their descriptors, in the order in which they are given; those of a directory by name.
pub(super) fn groups(paths: &[PathBuf], output: Option<&Path>) -> Result<Vec<Group>, Failure> {
    let mut groups: Vec<Group> = vec![];
    for file in files(paths)? {
        let output = output.map_or_else(|| beside(&file), Path::to_owned);
        let path = file_in(&file, output_directory(&output))?;
        match groups.iter_mut().find(|group| group.output == output) {
            Some(group) if group.files.iter().any(|(_, other)| *other == path) => {}
            Some(group) => group.files.push((file, path)),
            None => {
                let exists = fs::symlink_metadata(&output).is_ok();
                if !exists && output.extension().is_none_or(|extension| extension != "json") {
                    let output = output.display();
                    return Err(Failure::Refused(format!(
                        "`{output}` must end in .json; a descriptor is called datapackage.json"
                    )));
                }
                groups.push(Group { output, exists, files: vec![(file, path)] });
            }
        }
    }
    Ok(groups)
}

/// The descriptor of a file's directory: the one that is there, else a new one.
fn beside(file: &Path) -> PathBuf {
    let named = DESCRIPTORS.map(|name| file.with_file_name(name));
    named.iter().find(|path| path.is_file()).unwrap_or(&named[0]).clone()
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = vec![];
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let inside = entries(path)?;
        let csv: Vec<PathBuf> =
            inside.iter().filter(|path| is_csv(path) && path.is_file()).cloned().collect();
        if csv.is_empty() {
            let has_csv = |path: &&PathBuf| {
                path.is_dir() && entries(path).is_ok_and(|inside| inside.iter().any(|path| is_csv(path)))
            };
            let help = match inside.iter().find(has_csv) {
                Some(below) => {
                    format!("; a descriptor is for one directory: `builder init {}`", below.display())
                }
                None => String::new(),
            };
            return Err(Failure::Refused(format!("`{}` has no CSV file (.csv, .tsv){help}", path.display())));
        }
        files.extend(csv);
    }
    Ok(files)
}

/// What is in a directory, by name.
fn entries(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(directory).map_err(Failure::io("read", directory))?;
    let entries: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut entries = entries.map_err(Failure::io("read", directory))?;
    entries.sort();
    Ok(entries)
}
