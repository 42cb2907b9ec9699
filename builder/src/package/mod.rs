//! A release and a bootstrap -> `reader.zip`, the package that Lambda takes.
//!
//! The zip's bytes depend on the bytes of its files and on nothing else: no time, no owner, no path, no order of a
//! directory. So the same commit, built twice, is the same Lambda code; an attestation, which names a run, is in it
//! where the release directory has one.
//!
//! Deliberately absent: building the bootstrap (`make package` does), and uploading the zip.

mod archive;
mod bootstrap;
mod failure;
mod inspect;
mod release;

use std::fmt;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use catalog::{ATTESTATION_FILE, DATABASE_FILE, MANIFEST_FILE, Sha256Hex, file_digest};

pub use bootstrap::{Architecture, BootstrapProblem, GlibcNeed};
pub use failure::Failure;
pub use inspect::{Inside, attestation_in, inspect};
pub use release::ReleaseProblem;

/// The most that Lambda unpacks, in bytes: 250 MB (AWS Lambda, "Quotas", deployment package).
pub const UNZIPPED_LIMIT: u64 = 250 * 1024 * 1024;

/// The most that Lambda takes in the request itself, in bytes: 50 MB. What is larger has to be
/// in S3 (same page).
pub const DIRECT_UPLOAD_LIMIT: u64 = 50 * 1024 * 1024;

/// What to package, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The reader's Lambda binary.
    pub bootstrap: PathBuf,
    /// The release directory: it holds `data.db` and `manifest.json`, and perhaps `attestation.json`.
    pub release: PathBuf,
    /// The zip to write. An existing file is replaced once the new one is complete.
    pub output: PathBuf,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageSummary {
    /// The processor that the bootstrap runs on, and thus the one that the function must have.
    pub architecture: Architecture,
    /// The zip's path.
    pub output: PathBuf,
    /// The zip's size in bytes.
    pub zipped: u64,
    /// The size of its files in bytes.
    pub unzipped: u64,
    /// SHA-256 of the zip.
    pub sha256: Sha256Hex,
    /// What Lambda takes, but only on conditions.
    pub notes: Vec<Note>,
}

/// Something that the one who deploys has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The zip is over [`DIRECT_UPLOAD_LIMIT`].
    UploadThroughS3 {
        /// Its size in bytes.
        zipped: u64,
    },
    /// The bootstrap is linked against libraries that are not part of glibc.
    ForeignLibraries {
        /// Their names, as the bootstrap gives them.
        libraries: Vec<String>,
    },
}

/// Checks bootstrap and release and writes the zip.
///
/// Errors: see [`Failure`]. After one, what was at `output` before is still there.
pub fn run(options: &Options) -> Result<PackageSummary, Failure> {
    let manifest_path = options.release.join(MANIFEST_FILE);
    let database_path = options.release.join(DATABASE_FILE);
    let attestation_path = options.release.join(ATTESTATION_FILE);
    for input in [&options.bootstrap, &manifest_path, &database_path, &attestation_path] {
        if is_same_file(input, &options.output) {
            return Err(Failure::OutputIsInput { path: input.clone() });
        }
    }

    // Sizes first: what is too large is refused before it is read.
    let attestation = if attestation_path.exists() { size(&attestation_path)? } else { 0 };
    let sizes = [size(&options.bootstrap)?, size(&database_path)?, size(&manifest_path)?, attestation];
    let unzipped = sizes.iter().sum();
    if unzipped > UNZIPPED_LIMIT {
        return Err(Failure::TooLarge { unzipped, database: sizes[1] });
    }

    let bootstrap_bytes = fs::read(&options.bootstrap)
        .map_err(|error| Failure::Read { path: options.bootstrap.clone(), error })?;
    let checked = bootstrap::check(&bootstrap_bytes)
        .map_err(|problem| Failure::Bootstrap { path: options.bootstrap.clone(), problem })?;
    let release = release::Release::open(&manifest_path, &database_path)?;

    let write_error = |error| Failure::Write { path: options.output.clone(), error };
    let directory = match options.output.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let name = options.output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let temporary = tempfile::Builder::new()
        .prefix(&format!(".{name}."))
        .suffix(".tmp")
        .permissions(Permissions::from_mode(0o666)) // without the umask's bits, as any other output
        .tempfile_in(directory)
        .map_err(write_error)?;
    archive::write(temporary.as_file(), &bootstrap_bytes, release, &options.output)?;
    temporary.as_file().sync_all().map_err(write_error)?;
    let (sha256, zipped) = file_digest(temporary.path()).map_err(write_error)?;
    temporary.persist(&options.output).map_err(|error| write_error(error.error))?;
    File::open(directory).and_then(|directory| directory.sync_all()).map_err(write_error)?;

    let notes = notes(zipped, checked.foreign_libraries);
    let output = options.output.clone();
    Ok(PackageSummary { architecture: checked.architecture, output, zipped, unzipped, sha256, notes })
}

fn notes(zipped: u64, foreign_libraries: Vec<String>) -> Vec<Note> {
    let upload = (zipped > DIRECT_UPLOAD_LIMIT).then_some(Note::UploadThroughS3 { zipped });
    let foreign =
        (!foreign_libraries.is_empty()).then_some(Note::ForeignLibraries { libraries: foreign_libraries });
    upload.into_iter().chain(foreign).collect()
}

fn size(path: &Path) -> Result<u64, Failure> {
    let error = |error| Failure::Read { path: path.into(), error };
    let metadata = fs::metadata(path).map_err(error)?;
    if !metadata.is_file() {
        return Err(error(io::Error::other("it is not a file")));
    }
    Ok(metadata.len())
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

impl fmt::Display for PackageSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { architecture, output, zipped, unzipped, sha256, notes } = self;
        write!(
            f,
            "{}: {zipped} bytes, {unzipped} unzipped, {architecture}, sha256 {sha256}",
            output.display()
        )?;
        notes.iter().try_for_each(|note| write!(f, "\nnote: {note}"))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UploadThroughS3 { zipped } => write!(
                f,
                "the zip has {zipped} bytes; over {DIRECT_UPLOAD_LIMIT} Lambda takes it only from S3, \
                 not in the request"
            ),
            Self::ForeignLibraries { libraries } => write!(
                f,
                "the bootstrap loads {}, not part of glibc; Amazon Linux 2023 or a layer must provide these libraries",
                failure::list(libraries)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_go_through_s3_is_said() {
        assert_eq!(notes(DIRECT_UPLOAD_LIMIT, vec![]), []);
        let report = PackageSummary {
            architecture: Architecture::Arm64,
            output: "dist/reader.zip".into(),
            zipped: DIRECT_UPLOAD_LIMIT + 1,
            unzipped: UNZIPPED_LIMIT,
            sha256: "ab".into(),
            notes: notes(DIRECT_UPLOAD_LIMIT + 1, vec!["libz.so.1".into(), "libssl.so.3".into()]),
        };
        assert_eq!(
            report.to_string(),
            "dist/reader.zip: 52428801 bytes, 262144000 unzipped, arm64, sha256 ab\n\
             note: the zip has 52428801 bytes; over 52428800 Lambda takes it only from S3, not in the request\n\
             note: the bootstrap loads `libz.so.1`, `libssl.so.3`, not part of glibc; Amazon Linux 2023 or a layer must provide these libraries"
        );
    }
}
