//! What Terraform's root is told, and what it tells (terraform/README.md).

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Versions;
use crate::publish::{Failure, Record};

const RELEASE: &str = "release.auto.tfvars.json";
const LIVE: &str = "live.auto.tfvars.json";

/// Says which release is to be published.
pub(super) fn write_release(directory: &Path, id: &str, record: &Record) -> Result<(), Failure> {
    let Record { architecture, reader, database, .. } = record;
    write(
        &directory.join(RELEASE),
        &json!({"release": {"id": id, "architecture": architecture, "reader": reader, "database": database}}),
    )
}

/// Says which version is live in each region.
pub(super) fn write_live(directory: &Path, versions: &Versions) -> Result<(), Failure> {
    write(&directory.join(LIVE), &json!({"live_version": versions}))
}

fn write(path: &Path, value: &Value) -> Result<(), Failure> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        writeln!(file, "{value:#}")?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    };
    write().map(drop).map_err(Failure::io("write", path))
}

/// The regions' addresses, from the JSON of `terraform output -json`. Errors: it has none.
pub fn urls_of(path: &Path) -> Result<BTreeMap<String, String>, Failure> {
    #[derive(Deserialize)]
    struct Outputs {
        api_urls: Output,
    }
    #[derive(Deserialize)]
    struct Output {
        value: BTreeMap<String, String>,
    }
    let bytes = std::fs::read(path).map_err(Failure::io("read", path))?;
    let outputs: Outputs = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::refused(
            format!("`{}` is not what `terraform output -json` prints: {error}", path.display()),
            "write it with `terraform output -json > FILE` once Terraform's plan is applied",
        )
    })?;
    Ok(outputs.api_urls.value)
}
