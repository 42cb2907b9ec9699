//! A release and a bootstrap made for one test, and what packaging them comes to.
//!
//! Packaging does not open the database, so these releases hold only its header.

use std::fs;
use std::path::PathBuf;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use builder::package::{Failure, Options, PackageSummary, run};
use catalog::{APPLICATION_ID, Database, FORMAT_VERSION, Manifest, file_digest};
use tempfile::TempDir;

pub(crate) const PAGE: usize = 4096;

/// A directory with `dist/data.db`, `dist/manifest.json` and `bootstrap`.
pub(crate) struct Case {
    pub(crate) root: TempDir,
}

impl Case {
    pub(crate) fn new(bootstrap: &[u8]) -> Self {
        let case = Self { root: tempfile::tempdir().unwrap() };
        fs::create_dir(case.path("dist")).unwrap();
        fs::write(case.path("dist/data.db"), database()).unwrap();
        fs::write(case.path("bootstrap"), bootstrap).unwrap();
        case.write_manifest();
        case
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn write_manifest(&self) {
        let (sha256, bytes) = file_digest(&self.path("dist/data.db")).unwrap();
        let manifest = Manifest {
            format: FORMAT_VERSION,
            commit: None,
            root: None,
            history: None,
            database: Database { sha256, bytes },
            datasets: vec![],
            tables: vec![],
        };
        fs::write(self.path("dist/manifest.json"), manifest.to_bytes()).unwrap();
    }

    /// Writes a bundle about a file, with what is read of one; its bytes.
    pub(crate) fn attest(&self, path: &str) -> String {
        let sha256 = file_digest(&self.path(path)).unwrap().0;
        let statement = format!(
            r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"name":"{path}","digest":{{"sha256":"{sha256}"}}}}],"predicateType":"https://slsa.dev/provenance/v1"}}"#
        );
        let payload = BASE64_STANDARD.encode(statement);
        let bundle = format!(
            r#"{{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":{{"payload":"{payload}","payloadType":"application/vnd.in-toto+json","signatures":[{{"sig":"MEUCIQ=="}}]}}}}"#
        );
        fs::write(self.path("dist/attestation.json"), &bundle).unwrap();
        bundle
    }

    pub(crate) fn run(&self) -> Result<PackageSummary, Failure> {
        run(&Options {
            bootstrap: self.path("bootstrap"),
            release: self.path("dist"),
            output: self.path("dist/reader.zip"),
        })
    }

    /// The failure as it reads, with `[DIR]` for the directory. Existing files stay.
    pub(crate) fn refusal(&self) -> String {
        fs::write(self.path("dist/reader.zip"), "the last good one").unwrap();
        let failure = self.run().unwrap_err();
        assert_eq!(fs::read_to_string(self.path("dist/reader.zip")).unwrap(), "the last good one");
        let mut left: Vec<_> =
            fs::read_dir(self.path("dist")).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        let attested = self.path("dist/attestation.json").exists().then_some("attestation.json");
        let expected: Vec<_> =
            attested.into_iter().chain(["data.db", "manifest.json", "reader.zip"]).collect();
        assert_eq!(left, expected, "no temporary file is left");
        let help = failure.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
        format!("{failure}{help}").replace(self.root.path().to_str().unwrap(), "[DIR]")
    }
}

/// Two pages that begin as a release's database does.
pub(crate) fn database() -> Vec<u8> {
    let mut bytes = vec![0; 2 * PAGE];
    bytes[..16].copy_from_slice(b"SQLite format 3\0");
    bytes[16..18].copy_from_slice(&u16::try_from(PAGE).unwrap().to_be_bytes());
    bytes[28..32].copy_from_slice(&2_u32.to_be_bytes());
    bytes[60..64].copy_from_slice(&FORMAT_VERSION.to_be_bytes());
    bytes[68..72].copy_from_slice(&APPLICATION_ID.to_be_bytes());
    bytes
}

/// `database` with a second page of words, on which two compressors hardly agree.
pub(crate) fn compressible(mut database: Vec<u8>) -> Vec<u8> {
    let words =
        ["price", "product", "category", "released", "2026-11-23", "discontinued", ", ", "4.99", "\0"];
    let mut state = 1_u32;
    let mut page = Vec::new();
    while page.len() < PAGE {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223); // Numerical Recipes
        page.extend_from_slice(words[(state >> 16) as usize % words.len()].as_bytes());
    }
    database[PAGE..].copy_from_slice(&page[..PAGE]);
    database
}

/// The least that is a static executable: an ELF header with an entry point and no segment.
pub(crate) fn header_only(machine: u16) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    bytes[16..18].copy_from_slice(&2_u16.to_le_bytes()); // ET_EXEC
    bytes[18..20].copy_from_slice(&machine.to_le_bytes());
    bytes[24..32].copy_from_slice(&0x0040_0000_u64.to_le_bytes()); // e_entry
    bytes[52..54].copy_from_slice(&64_u16.to_le_bytes()); // e_ehsize
    bytes
}

pub(crate) const X86_64: u16 = 62;
pub(crate) const AARCH64: u16 = 183;
