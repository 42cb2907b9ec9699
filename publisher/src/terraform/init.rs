//! What bootstrap created (terraform/README.md), passed to Terraform's root: its variables, and the
//! backend of its state.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::backend::Backend;
use super::command::Terraform;
use super::variables::write;
use crate::store::{Failure, VARIABLES};

/// Where to read bootstrap's outputs.
pub enum BootstrapOutputs {
    /// A file that `terraform -chdir=terraform/bootstrap output -json` wrote.
    File(PathBuf),
    /// The same, as text.
    Text(String),
    /// The output of that command: bootstrap's state is beside its files.
    Terraform,
}

/// The root's initialisation.
#[derive(Debug, Serialize)]
pub struct Initialised {
    /// Where its state is stored.
    pub backend: Backend,
    /// Whether `terraform init` ran.
    pub initialised: bool,
}

#[derive(Deserialize)]
struct OutputFile {
    root_variables: Output<Value>,
    backend: Output<Backend>,
}

#[derive(Deserialize)]
struct Output<T> {
    value: T,
}

/// Writes the root's variables in `directory` and runs `terraform init` there; without `init`, only
/// the variables, which are enough to find the buckets.
pub fn initialise(directory: &Path, source: &BootstrapOutputs, init: bool) -> Result<Initialised, Failure> {
    let (bytes, name) = match source {
        BootstrapOutputs::File(path) => {
            (std::fs::read(path).map_err(Failure::io("read", path))?, path.display().to_string())
        }
        BootstrapOutputs::Text(text) => (text.clone().into_bytes(), "COLDPRESS_ACCOUNT".into()),
        BootstrapOutputs::Terraform => {
            let bootstrap = Terraform::new(&directory.join("bootstrap"))?;
            (bootstrap.outputs_json()?, "terraform output -json".into())
        }
    };
    let outputs: OutputFile = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::refused(
            format!("`{name}` does not have bootstrap's outputs: {error}"),
            format!(
                "apply bootstrap, and use the output of `terraform -chdir={}/bootstrap output -json`",
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
