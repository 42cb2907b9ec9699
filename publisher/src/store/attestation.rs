//! `attestations/<sha256 of manifest.json>.json`: the one attestation of a release, in the first bucket.
//!
//! Each run that attests makes another bundle, with a time and a key of its own. The first one that is stored is that of
//! the release: every later run packages it too, so a commit has one package.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use catalog::{ATTESTATION_FILE, Attestation, MANIFEST_FILE};
use serde::Serialize;

use super::aws_error::AwsErrorKind;
use super::bucket::{ATTEMPTS, Bucket};
use super::digest;
use super::failure::Failure;

/// The prefix of attestations.
pub(crate) const PREFIX: &str = "attestations/";

/// What the release directory has now.
#[derive(Debug, Serialize)]
pub struct Kept {
    /// The manifest's SHA-256.
    pub manifest: String,
    /// Where the attestation is stored, `s3://BUCKET/KEY`; `None` if there isn't one, here or there.
    pub attestation: Option<String>,
    /// Whether this run stored it.
    pub written: bool,
}

/// The key of the attestation of the manifest with that digest.
pub(crate) fn key(manifest: &str) -> String {
    format!("{PREFIX}{manifest}.json")
}

/// Makes the stored attestation of the release in `directory` its `attestation.json`; if none is stored, stores `bundle`
/// first. Without either, the directory has none afterwards. Errors: a bundle is not about the release's manifest.
pub async fn keep_attestation(
    bucket: &Bucket,
    directory: &Path,
    bundle: Option<&Path>,
) -> Result<Kept, Failure> {
    let path = directory.join(MANIFEST_FILE);
    let bytes = std::fs::read(&path).map_err(Failure::io("read", &path))?;
    let manifest = digest::of(&bytes);
    let bundle = match bundle {
        Some(path) => {
            let bundle = std::fs::read(path).map_err(Failure::io("read", path))?;
            about(&bundle, &manifest, &format!("`{}`", path.display())).map_err(|what| {
                Failure::refused(what, "pass the bundle that attests this release; nothing was stored")
            })?;
            Some(bundle)
        }
        None => None,
    };
    let (stored, written) = stored(bucket, &manifest, bundle).await?;
    let path = directory.join(ATTESTATION_FILE);
    match &stored {
        Some(bundle) => replace(&path, bundle).map_err(Failure::io("write", &path))?,
        None if path.exists() => std::fs::remove_file(&path).map_err(Failure::io("remove", &path))?,
        None => {}
    }
    let attestation = stored.map(|_| bucket.url(&key(&manifest)));
    Ok(Kept { manifest, attestation, written })
}

/// Writes the file, or leaves the one that was there.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(&format!(".{ATTESTATION_FILE}."))
        .suffix(".tmp")
        .permissions(Permissions::from_mode(0o666)) // without the umask's bits, as any other output
        .tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The stored bundle, `bundle` if there wasn't one; and whether it was written.
async fn stored(
    bucket: &Bucket,
    manifest: &str,
    bundle: Option<Vec<u8>>,
) -> Result<(Option<Vec<u8>>, bool), Failure> {
    let key = key(manifest);
    let mut attempt = 0;
    loop {
        attempt += 1;
        if let Some(found) = bucket.get(&key).await? {
            about(&found.bytes, manifest, &bucket.url(&key)).map_err(|what| {
                Failure::refused(
                    what,
                    "only `publisher` may write there; look at the object's versions, delete it, and run the same \
                     command again",
                )
            })?;
            return Ok((Some(found.bytes), false));
        }
        let Some(bundle) = &bundle else { return Ok((None, false)) };
        match bucket.swap(&key, bundle, None).await {
            Ok(()) => return Ok((Some(bundle.clone()), true)),
            // Another run was faster, or this is a retry of a request that had worked: take what is there.
            Err(Failure::Aws { kind: AwsErrorKind::Changed, .. }) if attempt < ATTEMPTS => {}
            Err(failure) => return Err(failure),
        }
    }
}

/// Whether a bundle, whose `name` is for people, is about the manifest. Errors, as a sentence: it is not.
fn about(bundle: &[u8], manifest: &str, name: &str) -> Result<(), String> {
    match Attestation::parse(bundle) {
        Ok(attestation) if attestation.is_about(manifest) => Ok(()),
        Ok(_) => Err(format!("{name} is not about {MANIFEST_FILE}, whose sha256 is {manifest}")),
        Err(error) => Err(format!("{name} can't be used: {error}")),
    }
}
