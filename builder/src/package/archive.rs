//! The zip itself.
//!
//! Deflate is miniz_oxide's, and Cargo.lock pins its release: it has no path that depends on the
//! processor, as zlib-ng's kin have, so every machine gets the same bytes. A denser coder would
//! be slower for nothing that runs: Lambda unpacks before it starts anything.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use catalog::{ATTESTATION_FILE, DATABASE_FILE, MANIFEST_FILE};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::Failure;
use super::release::Release;

/// The name of the executable that Lambda starts in an OS-only runtime.
pub(super) const BOOTSTRAP_FILE: &str = "bootstrap";

/// How much is read, hashed and compressed at a time, in bytes.
const BUFFER: usize = 256 * 1024;

/// Writes the files into `zip`; `output` is what errors call it.
pub(super) fn write(
    zip: &File,
    bootstrap: &[u8],
    mut release: Release,
    output: &Path,
) -> Result<(), Failure> {
    let write_error = |error: io::Error| Failure::Write { path: output.into(), error };
    let zip_error = |error: zip::result::ZipError| write_error(error.into());

    let mut writer = ZipWriter::new(BufWriter::with_capacity(BUFFER, zip));
    writer.start_file(BOOTSTRAP_FILE, entry(0o755)).map_err(zip_error)?;
    writer.write_all(bootstrap).map_err(write_error)?;

    writer.start_file(DATABASE_FILE, entry(0o644)).map_err(zip_error)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = release
            .read_database(&mut buffer)
            .map_err(|error| Failure::Read { path: release.database_path().into(), error })?;
        if read == 0 {
            break;
        }
        writer.write_all(&buffer[..read]).map_err(write_error)?;
    }

    writer.start_file(MANIFEST_FILE, entry(0o644)).map_err(zip_error)?;
    writer.write_all(&release.manifest_bytes).map_err(write_error)?;
    if let Some(attestation) = &release.attestation {
        writer.start_file(ATTESTATION_FILE, entry(0o644)).map_err(zip_error)?;
        writer.write_all(attestation).map_err(write_error)?;
    }
    release.finish()?;
    writer.finish().map_err(zip_error)?.flush().map_err(write_error)
}

/// Everything that a zip records of a file beside its name and bytes.
fn entry(mode: u32) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::DEFAULT) // 1980-01-01, the earliest DOS date
        .system(System::Unix) // else the mode would mean nothing
        .unix_permissions(mode)
}
