//! The attestation of the manifest, by GitHub's own tool.

use std::io::Write;
use std::process::{Command, Stdio};

use super::check::Check;
use super::served::Served;

const WHAT: &str = "attestation";

/// Has `gh attestation verify` check that a workflow of `repository` attested the manifest. Skipped where no
/// repository is named or `gh` is not installed.
pub fn check_attestation(served: &Served, repository: Option<&str>) -> Check {
    let Some(repository) = repository else {
        return Check::skipped(WHAT, "name the repository that built it with --repo OWNER/REPO");
    };
    let file = tempfile::Builder::new().suffix("-manifest.json").tempfile().and_then(|mut file| {
        file.write_all(&served.bytes)?;
        Ok(file)
    });
    let file = match file {
        Ok(file) => file,
        Err(error) => return Check::skipped(WHAT, format!("can't write a temporary file: {error}")),
    };
    let mut gh = Command::new("gh");
    gh.args(["attestation", "verify"]).arg(file.path()).args(["--repo", repository]).stdin(Stdio::null());
    match gh.output() {
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
    }
}
