//! The zip itself.
//!
//! What is in memory, the bootstrap above all, is coded by libdeflate: 4 % fewer bytes than the densest level of miniz_oxide
//! gives. The database, of any size, is coded by miniz_oxide while it is read. Both give the same bytes on every processor
//! ("libdeflate now produces the same output on all CPU architectures", NEWS of its release 0.8), and Cargo.lock pins their
//! releases.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use catalog::{ATTESTATION_FILE, DATABASE_FILE, MANIFEST_FILE};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use libdeflater::{CompressionLvl, Compressor, crc32};
use rawzip::time::UtcDateTime;
use rawzip::{
    CompressionMethod, DataDescriptorOutput, ZipArchiveWriter, ZipDataWriterConfig, ZipEntryWriter,
};

use super::Failure;
use super::release::Release;

/// The name of the executable that Lambda starts in an OS-only runtime.
pub(super) const BOOTSTRAP_FILE: &str = "bootstrap";

/// How much is read, hashed and compressed at a time, in bytes.
const BUFFER: usize = 256 * 1024;

/// A regular file that everybody may read, and one that everybody may run: Lambda starts functions as a user of its own.
const READABLE: u32 = 0o100_644;
const EXECUTABLE: u32 = 0o100_755;

type Archive<'a> = ZipArchiveWriter<BufWriter<&'a File>>;

/// Writes the files into `zip`; `output` is what errors call it.
pub(super) fn write(
    zip: &File,
    bootstrap: &[u8],
    mut release: Release,
    output: &Path,
) -> Result<(), Failure> {
    let write_error = |error: io::Error| Failure::Write { path: output.into(), error };
    let zip_error = |error: rawzip::Error| write_error(io::Error::other(error));

    let mut archive = ZipArchiveWriter::new(BufWriter::with_capacity(BUFFER, zip));
    add(&mut archive, BOOTSTRAP_FILE, EXECUTABLE, bootstrap).map_err(zip_error)?;

    let (mut entry, parts) = start(&mut archive, DATABASE_FILE, READABLE).map_err(zip_error)?;
    let mut coder = parts.wrap(DeflateEncoder::new(&mut entry, Compression::best()));
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = release
            .read_database(&mut buffer)
            .map_err(|error| Failure::Read { path: release.database_path().into(), error })?;
        if read == 0 {
            break;
        }
        coder.write_all(&buffer[..read]).map_err(write_error)?;
    }
    let (coder, descriptor) = coder.finish().map_err(zip_error)?;
    coder.finish().map_err(write_error)?;
    entry.finish(descriptor).map_err(zip_error)?;

    add(&mut archive, MANIFEST_FILE, READABLE, &release.manifest_bytes).map_err(zip_error)?;
    if let Some(attestation) = &release.attestation {
        add(&mut archive, ATTESTATION_FILE, READABLE, attestation).map_err(zip_error)?;
    }
    release.finish()?;
    archive.finish().map_err(zip_error)?.flush().map_err(write_error)
}

/// A file whose bytes are all at hand.
fn add(archive: &mut Archive<'_>, name: &str, mode: u32, bytes: &[u8]) -> Result<(), rawzip::Error> {
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut coded = vec![0; compressor.deflate_compress_bound(bytes.len())];
    let length = compressor.deflate_compress(bytes, &mut coded).map_err(io::Error::other)?;
    let (mut entry, _) = start(archive, name, mode)?;
    entry.write_all(&coded[..length])?;
    entry.finish(DataDescriptorOutput::new(crc32(bytes), bytes.len() as u64))?;
    Ok(())
}

/// A deflated file. Its time is the first that a zip can have: the real one would make two packages of one release differ.
fn start<'a, 'b>(
    archive: &'a mut Archive<'b>,
    name: &str,
    mode: u32,
) -> Result<(ZipEntryWriter<'a, BufWriter<&'b File>>, ZipDataWriterConfig), rawzip::Error> {
    const TIME: UtcDateTime = UtcDateTime::from_components(1980, 1, 1, 0, 0, 0, 0).unwrap();
    let file = archive.new_file(name).compression_method(CompressionMethod::DEFLATE);
    file.last_modified(TIME).unix_permissions(mode).start()
}
