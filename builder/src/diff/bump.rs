//! `builder bump`: the version that the gate would accept, written into the descriptor.

use std::fs;
use std::io::Write;
use std::path::Path;

use semver::Version;

use super::gate::Find;
use super::{Comparison, Level, Presence, next, suffices};
use crate::failure::Failure;
use datapackage::descriptor;
use datapackage::schema::Dataset;

/// What was done about a dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bumped {
    /// The dataset.
    pub dataset: String,
    /// Its descriptor, as the user would type it.
    pub path: String,
    /// What was done.
    pub bump: Bump,
}

/// What can be done about a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bump {
    /// A new version was written.
    Written {
        /// The version before.
        old: String,
        /// The version now.
        new: String,
        /// The step that the changes need.
        level: Level,
    },
    /// The present version is high enough.
    Enough {
        /// It.
        version: String,
    },
    /// There is no semantic version to bump.
    None {
        /// What there is, if anything.
        found: Option<String>,
        /// What to write.
        wanted: String,
    },
}

/// Raises the version of every dataset in the directory `root` that changed since the old release
/// and has not taken the step that it needs. `published`: as in [`super::gate::check`]. Errors: a
/// descriptor can't be read or written.
pub fn bump(
    comparison: &Comparison<'_>,
    root: &Path,
    datasets: &[Dataset],
    published: &Find<'_>,
) -> Result<Vec<Bumped>, Failure> {
    let mut bumped = vec![];
    for diff in comparison.diff.datasets.iter().filter(|diff| diff.presence == Presence::Both) {
        let Some(own) = datasets.iter().find(|own| own.name == diff.name) else { continue };
        let parse = |version: &Option<String>| version.as_deref().and_then(|text| Version::parse(text).ok());
        let (old, new) = (parse(&diff.old_version), parse(&diff.new_version));
        let file = root.join(&own.path);
        let mut done = |bump| {
            bumped.push(Bumped { dataset: diff.name.clone(), path: file.display().to_string(), bump });
        };
        let level = diff.level();
        let (old, new) = match (old, new) {
            (Some(old), Some(new)) => (old, new),
            // A dataset has been known by its digest until now.
            (None, Some(new)) => {
                done(Bump::Enough { version: new.to_string() });
                continue;
            }
            (old, None) => {
                let wanted =
                    old.map_or(Version::new(1, 0, 0), |old| next(&old, level.unwrap_or(Level::Patch)));
                done(Bump::None { found: diff.new_version.clone(), wanted: wanted.to_string() });
                continue;
            }
        };
        let is_free = |version: &Version| -> Result<bool, Failure> {
            let version = version.to_string();
            let digest = comparison.new.digest(&own.name);
            let known = published(own, &version)?;
            Ok(!known.iter().any(|other| other.version == version && other.digest != digest))
        };
        let is_enough = match level {
            Some(level) => suffices(&old, &new, level),
            None => !new.cmp_precedence(&old).is_lt(),
        };
        if is_enough && is_free(&new)? {
            done(Bump::Enough { version: new.to_string() });
            continue;
        }
        let level = level.unwrap_or(Level::Patch);
        let mut version = next(&old, level);
        while !is_free(&version)? {
            version = next(&version, Level::Patch);
        }
        write(&file, &own.path, &version.to_string())?;
        done(Bump::Written { old: new.to_string(), new: version.to_string(), level });
    }
    Ok(bumped)
}

/// Puts the version into the file, which is replaced as a whole.
fn write(file: &Path, path: &str, version: &str) -> Result<(), Failure> {
    let bytes = fs::read(file).map_err(Failure::io("read", file))?;
    let Some(replaced) = descriptor::version::replace(path, &bytes, version) else {
        return Err(Failure::Refused(format!(
            "can't write {version} into `{}`: the version's syntax is unusual; edit it by hand",
            file.display()
        )));
    };
    // A link stays a link: what it leads to is replaced.
    let file = file.canonicalize().map_err(Failure::io("find", file))?;
    let failed = Failure::io("write", &file);
    let written = || {
        let directory = file.parent().unwrap_or(Path::new("."));
        let mut new = tempfile::NamedTempFile::new_in(directory)?;
        new.write_all(&replaced)?;
        new.as_file().set_permissions(fs::metadata(&file)?.permissions())?;
        new.as_file().sync_all()?;
        new.persist(&file)?;
        Ok(())
    };
    written().map_err(failed)
}
