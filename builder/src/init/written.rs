//! A descriptor that is new, or gets the resources that it lacks.

use std::fs;
use std::path::{Path, PathBuf};

use datapackage::descriptor::resources::{self, Listed};
use encoding_rs::Encoding;

use super::descriptor::{PROFILE, Package, Resource};
use super::files::Group;
use super::notes::Notes;
use super::place::{output_directory, write};
use super::{names, table};
use crate::failure::Failure;

/// What was inferred for one descriptor.
#[derive(Debug)]
pub struct Inferred {
    /// The descriptor.
    pub output: PathBuf,
    /// Whether it existed before.
    pub existed: bool,
    /// The tables that are described now.
    pub added: Vec<Added>,
    /// The files that were described already.
    pub already: Vec<PathBuf>,
}

/// A table that is described now.
#[derive(Debug)]
pub struct Added {
    /// Its file.
    pub file: PathBuf,
    /// The table's name.
    pub table: String,
    /// The names and types of the columns.
    pub columns: Vec<(String, &'static str)>,
    /// How many rows were read.
    pub rows: u64,
    /// The names of the primary key's columns.
    pub key: Vec<String>,
    /// What is in doubt, and why the rest is as it is.
    pub notes: Notes,
}

/// Describes the files of a group that are not described yet, and writes the descriptor. Errors: a file can't be read
/// as CSV; the descriptor can't be added to.
pub(super) fn describe(group: &Group, encoding: Option<&'static Encoding>) -> Result<Inferred, Failure> {
    let Group { output, exists, files } = group;
    let existing = if *exists { Some(Existing::read(output)?) } else { None };
    let listed = existing.as_ref().map_or(&[][..], |existing| &existing.listed);
    let is_listed = |path: &str| {
        listed.iter().flat_map(|resource| &resource.paths).any(|other| other.trim_start_matches("./") == path)
    };
    let mut taken: Vec<String> = listed.iter().map(|resource| resource.name.to_ascii_lowercase()).collect();
    let mut inferred = Inferred { output: output.clone(), existed: *exists, added: vec![], already: vec![] };
    let mut resources: Vec<Resource> = vec![];
    for (file, path) in files {
        if is_listed(path) {
            inferred.already.push(file.clone());
            continue;
        }
        let name = free_name(&names::table(path), &taken);
        taken.push(name.clone());
        let table::Table { resource, notes, rows } = table::describe(file, path, &name, encoding)?;
        let columns =
            resource.schema.fields.iter().map(|field| (field.name.clone(), field.field_type)).collect();
        let key = resource.schema.primary_key.clone();
        inferred.added.push(Added { file: file.clone(), table: name, columns, rows, key, notes });
        resources.push(resource);
    }
    match existing {
        _ if resources.is_empty() => {}
        Some(existing) => write(output, &existing.with(output, &resources)?, true)?,
        None => {
            let name = match &resources[..] {
                [only] => only.name.clone(),
                _ => directory_name(output),
            };
            let package = Package { schema: PROFILE, name: &name, resources: &resources };
            write(output, (json(&package) + "\n").as_bytes(), false)?;
        }
    }
    Ok(inferred)
}

/// A name that no other table of the dataset has.
fn free_name(name: &str, taken: &[String]) -> String {
    let candidates =
        std::iter::once(name.to_owned()).chain((2_u64..).map(|number| format!("{name}-{number}")));
    candidates.into_iter().find(|candidate| !taken.contains(candidate)).unwrap_or_default()
}

/// The name of a dataset of several files: its directory's.
fn directory_name(output: &Path) -> String {
    let directory = fs::canonicalize(output_directory(output)).unwrap_or_default();
    names::legal_table(&directory.file_name().unwrap_or_default().to_string_lossy())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("a descriptor has string keys only")
}

/// A descriptor that is there already.
struct Existing {
    bytes: Vec<u8>,
    listed: Vec<Listed>,
}

impl Existing {
    fn read(output: &Path) -> Result<Self, Failure> {
        let bytes = fs::read(output).map_err(Failure::io("read", output))?;
        let listed = resources::list(&output.to_string_lossy(), &bytes).map_err(|why| {
            let output = output.display();
            Failure::Refused(format!(
                "`{output}` exists and is not a descriptor that can be added to: {why}; mend it, or choose another file with -o"
            ))
        })?;
        Ok(Self { bytes, listed })
    }

    fn with(&self, output: &Path, new: &[Resource]) -> Result<Vec<u8>, Failure> {
        let new: Vec<String> = new.iter().map(json).collect();
        resources::add(&output.to_string_lossy(), &self.bytes, &new).ok_or_else(|| {
            let output = output.display();
            Failure::Refused(format!(
                "`{output}` has its `resources` in a form that can't be added to; write the new descriptor to another file \
                 with -o, and copy its resources"
            ))
        })
    }
}
