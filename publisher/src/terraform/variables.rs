//! The variables and outputs of the root that a release applies (terraform/README.md).

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::store::{Failure, ReleaseRecord, base64};

/// Versions of the function, by region.
pub type Versions = BTreeMap<String, u64>;

const RELEASE: &str = "release.auto.tfvars.json";
const LIVE: &str = "live.auto.tfvars.json";

/// Writes which release the candidate is made from.
pub(crate) fn write_release(directory: &Path, id: &str, record: &ReleaseRecord) -> Result<(), Failure> {
    let ReleaseRecord { architecture, reader, database, .. } = record;
    let mut reader = json!(reader);
    // Lambda and Terraform's provider write a digest in base64, which Terraform can't convert from hex.
    reader["code_sha256"] = base64(&record.reader.sha256).into();
    write(
        &directory.join(RELEASE),
        &json!({"release": {"id": id, "architecture": architecture, "reader": reader, "database": database}}),
    )
}

/// Writes which version is live in each region.
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

/// Terraform's outputs after the last apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The function's name.
    pub function: String,
    /// The versions that are live according to Terraform's state.
    pub live_version: Option<Versions>,
    /// The release that the candidate was made from.
    pub release: Option<String>,
}

impl Outputs {
    /// The outputs in a file that `terraform output -json` wrote. Errors: it is another file.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(Failure::io("read", path))?;
        Self::parse(&bytes, &path.display().to_string())
    }

    pub(super) fn parse(bytes: &[u8], source: &str) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct OutputFile {
            // After every apply, so that another root's outputs are not taken for these.
            function_name: Output<String>,
            live_version: Option<Output<Versions>>,
            release_id: Option<Output<Option<String>>>,
        }
        #[derive(Deserialize)]
        struct Output<T> {
            value: T,
        }
        let read: OutputFile = serde_json::from_slice(bytes).map_err(|error| {
            Failure::refused(
                format!("`{source}` is not the output of `terraform output -json`: {error}"),
                "apply a release, then run `terraform -chdir=terraform/release output -json > FILE`",
            )
        })?;
        let live_version = read.live_version.map(|output| output.value);
        let release = read.release_id.and_then(|output| output.value);
        Ok(Self { function: read.function_name.value, live_version, release })
    }
}
