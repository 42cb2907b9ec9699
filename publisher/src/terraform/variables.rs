//! What Terraform's root is told, and what it tells (terraform/README.md).

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::store::{Failure, Record, base64};

/// Versions of the function, by region.
pub type Versions = BTreeMap<String, u64>;

const RELEASE: &str = "release.auto.tfvars.json";
const LIVE: &str = "live.auto.tfvars.json";

/// Says which release is to be published.
pub(crate) fn write_release(directory: &Path, id: &str, record: &Record) -> Result<(), Failure> {
    let Record { architecture, reader, database, .. } = record;
    let mut reader = json!(reader);
    // Lambda and Terraform's provider write a digest in base64, which Terraform can't make of hex.
    reader["code_sha256"] = base64(&record.reader.sha256).into();
    write(
        &directory.join(RELEASE),
        &json!({"release": {"id": id, "architecture": architecture, "reader": reader, "database": database}}),
    )
}

/// Says which version is live in each region.
pub(crate) fn write_live(directory: &Path, versions: &Versions) -> Result<(), Failure> {
    write(&directory.join(LIVE), &json!({"live_version": versions}))
}

pub(super) fn write(path: &Path, value: &Value) -> Result<(), Failure> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        writeln!(file, "{value:#}")?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    };
    write().map(drop).map_err(Failure::io("write", path))
}

/// What was applied, as Terraform's outputs say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The addresses to ask: each region's own, then the public one where it is another.
    pub urls: Vec<String>,
    /// What is live by Terraform's state.
    pub live_version: Option<Versions>,
    /// The release that the candidate was made from.
    pub release: Option<String>,
}

impl Outputs {
    /// The outputs in a file that `terraform output -json` wrote. Errors: it has no addresses.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(Failure::io("read", path))?;
        Self::parse(&bytes, &path.display().to_string())
    }

    pub(super) fn parse(bytes: &[u8], source: &str) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Read {
            api_urls: Output<BTreeMap<String, String>>,
            url: Option<Output<String>>,
            live_version: Option<Output<Versions>>,
            release_id: Option<Output<String>>,
        }
        #[derive(Deserialize)]
        struct Output<T> {
            value: T,
        }
        let read: Read = serde_json::from_slice(bytes).map_err(|error| {
            Failure::refused(
                format!("`{source}` is not what `terraform output -json` prints: {error}"),
                "write it with `terraform output -json > FILE` once Terraform's plan is applied",
            )
        })?;
        let mut urls: Vec<String> = read.api_urls.value.into_values().collect();
        urls.extend(read.url.map(|url| url.value).filter(|url| !urls.contains(url)));
        let live_version = read.live_version.map(|output| output.value);
        Ok(Self { urls, live_version, release: read.release_id.map(|output| output.value) })
    }
}
