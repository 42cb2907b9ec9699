//! The digests and the size of a file, computed while it is read.

use catalog::{FileDigest, SourceFile};
use sha2::Sha512;
use sha2::digest::DynDigest;

use datapackage::finding::Code;
use datapackage::schema::{DataFile, HashAlgorithm};

/// What is computed of a file's bytes.
pub(super) struct Digests {
    /// SHA-256 and size: for the manifest, and for a descriptor that gives either.
    file: Option<FileDigest>,
    for_manifest: bool,
    /// Another hash that the descriptor gives.
    other: Option<Box<dyn DynDigest + Send>>,
}

/// What the bytes of a file, all of them, turned out to be.
pub(crate) struct Finished {
    /// The file's record for the manifest, where it was requested.
    pub(crate) source: Option<SourceFile>,
    /// What the descriptor says otherwise.
    pub(crate) mismatches: Vec<Mismatch>,
}

/// A file is not what its descriptor says.
pub(crate) struct Mismatch {
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl Digests {
    pub(super) fn new(file: &DataFile, for_manifest: bool) -> Self {
        let other: Option<Box<dyn DynDigest + Send>> = match file.hash.as_ref().map(|hash| hash.algorithm) {
            None | Some(HashAlgorithm::Sha256) => None,
            Some(HashAlgorithm::Md5) => Some(Box::new(md5::Md5::default())),
            Some(HashAlgorithm::Sha1) => Some(Box::new(sha1::Sha1::default())),
            Some(HashAlgorithm::Sha512) => Some(Box::new(Sha512::default())),
        };
        let wanted = for_manifest || file.bytes.is_some() || file.hash.is_some();
        Self { file: wanted.then(FileDigest::default), for_manifest, other }
    }

    pub(super) fn are_wanted(&self) -> bool {
        self.file.is_some()
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        if let Some(file) = &mut self.file {
            file.update(bytes);
        }
        if let Some(other) = &mut self.other {
            other.update(bytes);
        }
    }

    pub(super) fn finish(self, file: &DataFile) -> Finished {
        let Some(digest) = self.file else { return Finished { source: None, mismatches: vec![] } };
        let (sha256, bytes) = digest.finish();
        let mut mismatches = Vec::new();
        if let Some(said) = file.bytes.filter(|said| *said != bytes) {
            let message = format!("file has {bytes} bytes, the descriptor says {said}");
            mismatches.push(Mismatch { code: Code::WrongSize, message });
        }
        if let Some(said) = &file.hash {
            let found = self.other.map_or_else(|| sha256.clone(), |other| hex(&other.finalize()));
            if found != said.digest {
                let message =
                    format!("file has {} {found}, the descriptor says {}", name(said.algorithm), said.digest);
                mismatches.push(Mismatch { code: Code::WrongHash, message });
            }
        }
        let source = self.for_manifest.then(|| SourceFile { path: file.path.clone(), sha256, bytes });
        Finished { source, mismatches }
    }
}

fn name(algorithm: HashAlgorithm) -> &'static str {
    match algorithm {
        HashAlgorithm::Md5 => "MD5",
        HashAlgorithm::Sha1 => "SHA-1",
        HashAlgorithm::Sha256 => "SHA-256",
        HashAlgorithm::Sha512 => "SHA-512",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
