//! The attestation of the manifest: the bundle that the deployment serves, and GitHub's own tool, which verifies it.

use std::io::Write;
use std::process::{Command, Stdio};

use catalog::{Attestation, FileDigest};
use tempfile::NamedTempFile;

use super::check::Check;
use super::served::Served;

const WHAT: &str = "attestation";

/// Checks that the bundle that is served is about the manifest, and has `gh attestation verify` check that a workflow of
/// `repository` signed it, or one of `signer` that it calls; without a bundle, `gh` looks for one at GitHub. Skipped where no repository is named or `gh`
/// is not installed: who signed is what counts.
pub async fn check_attestation(served: &Served, repository: Option<&str>, signer: Option<&str>) -> Check {
    let bundle = match served.find(&["-", "attestation"]).await {
        Ok(bundle) => bundle,
        Err(error) => return Check::of(WHAT, Err(error)),
    };
    if let Some(bundle) = &bundle
        && let Err(error) = is_about(bundle, &served.bytes)
    {
        return Check::of(WHAT, Err(format!("/-/attestation: {error}")));
    }
    let Some(repository) = repository else {
        let found = match bundle {
            Some(_) => "a bundle is about the manifest; who signed it is not known",
            None => "the release has none",
        };
        return Check::skipped(
            WHAT,
            format!("{found}: name the repository that built it with --repo OWNER/REPO"),
        );
    };
    match verified(served, bundle.as_deref(), repository, signer) {
        Ok(check) => check,
        Err(error) => Check::skipped(WHAT, format!("can't write a temporary file: {error}")),
    }
}

fn is_about(bundle: &[u8], manifest: &[u8]) -> Result<(), String> {
    let attestation = Attestation::parse(bundle).map_err(|error| error.to_string())?;
    let mut digest = FileDigest::default();
    digest.update(manifest);
    let (sha256, _) = digest.finish();
    if attestation.is_about(&sha256) {
        Ok(())
    } else {
        Err(format!("it is not about the manifest, {sha256}"))
    }
}

fn verified(
    served: &Served,
    bundle: Option<&[u8]>,
    repository: &str,
    signer: Option<&str>,
) -> std::io::Result<Check> {
    let manifest = file("-manifest.json", &served.bytes)?;
    let bundle = bundle.map(|bundle| file("-attestation.json", bundle)).transpose()?;
    let mut gh = Command::new("gh");
    gh.args(["attestation", "verify"]).arg(manifest.path()).args(["--repo", repository]).stdin(Stdio::null());
    if let Some(bundle) = &bundle {
        gh.arg("--bundle").arg(bundle.path());
    }
    if let Some(signer) = signer {
        gh.args(["--signer-repo", signer]);
    }
    Ok(match gh.output() {
        Err(error) => Check::skipped(WHAT, format!("`gh` can't be run: {error}")),
        Ok(ran) if ran.status.success() => {
            Check::of(WHAT, Ok(format!("a workflow of {repository} attested the manifest")))
        }
        Ok(ran) => {
            let said = String::from_utf8_lossy(&ran.stderr);
            let line =
                said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("it says nothing");
            Check::of(WHAT, Err(format!("gh attestation verify: {line}")))
        }
    })
}

fn file(suffix: &str, bytes: &[u8]) -> std::io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile()?;
    file.write_all(bytes)?;
    Ok(file)
}
