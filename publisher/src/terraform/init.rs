//! What bootstrap made (terraform/README.md), told to Terraform's root: its variables, and the backend
//! where its state lies.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Terraform;
use super::variables::write;
use crate::store::{Failure, VARIABLES};

/// Where bootstrap's outputs are to be had.
pub enum Source {
    /// A file that `terraform -chdir=terraform/bootstrap output -json` wrote.
    File(PathBuf),
    /// The same, as text.
    Text(String),
    /// That command itself: bootstrap's state lies beside its files.
    Terraform,
}

/// What the root was told.
#[derive(Debug, Serialize)]
pub struct Initialised {
    /// Where its state lies: bucket, key, region.
    pub backend: Backend,
    /// Whether `terraform init` ran.
    pub initialised: bool,
}

/// Where the root's state lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backend {
    /// The bucket.
    pub bucket: String,
    /// The object.
    pub key: String,
    /// The bucket's region.
    pub region: String,
}

#[derive(Deserialize)]
struct Outputs {
    root_variables: Output<Value>,
    backend: Output<Backend>,
}

#[derive(Deserialize)]
struct Output<T> {
    value: T,
}

/// Writes the root's variables in `directory` and initialises it; without `init`, only the former,
/// which is enough to reach the buckets.
pub fn initialise(directory: &Path, source: &Source, init: bool) -> Result<Initialised, Failure> {
    let (bytes, name) = match source {
        Source::File(path) => {
            (std::fs::read(path).map_err(Failure::io("read", path))?, path.display().to_string())
        }
        Source::Text(text) => (text.clone().into_bytes(), "COLDPRESS_ACCOUNT".into()),
        Source::Terraform => {
            let bootstrap = Terraform::new(&directory.join("bootstrap"))?;
            (bootstrap.outputs_json()?, "terraform output -json".into())
        }
    };
    let outputs: Outputs = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::refused(
            format!("`{name}` does not hold bootstrap's outputs: {error}"),
            format!(
                "apply bootstrap, and take what `terraform -chdir={}/bootstrap output -json` prints",
                directory.display()
            ),
        )
    })?;
    let backend = outputs.backend.value;
    write(&directory.join(VARIABLES), &outputs.root_variables.value)?;
    if init {
        Terraform::new(directory)?.init(&backend)?;
    }
    Ok(Initialised { backend, initialised: init })
}
