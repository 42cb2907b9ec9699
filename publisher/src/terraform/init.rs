//! What bootstrap created (terraform/README.md), passed to Terraform's roots: their variables, and the
//! backend of their states.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::backend::Backend;
use super::command::Terraform;
use super::settings::choose;
use super::variables::write;
use crate::store::{Failure, RELEASE_ROOT, SERVICE_ROOT, VARIABLES};

/// Where to read bootstrap's outputs.
pub enum BootstrapOutputs {
    /// A file that `terraform -chdir=terraform/bootstrap output -json` wrote.
    File(PathBuf),
    /// The same, as text.
    Text(String),
    /// The output of that command: bootstrap's state is beside its files.
    Terraform,
}

/// Which roots to run `terraform init` in. It reads a root's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InitRoots {
    /// None: the variables are enough to find the buckets.
    None,
    /// The root of releases.
    Release,
    /// The root of the service.
    Service,
    /// Both.
    Both,
}

impl InitRoots {
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::None => &[],
            Self::Release => &[RELEASE_ROOT],
            Self::Service => &[SERVICE_ROOT],
            Self::Both => &[SERVICE_ROOT, RELEASE_ROOT],
        }
    }
}

/// The roots' initialisation.
#[derive(Debug, Serialize)]
pub struct Initialised {
    /// Where their states are stored.
    pub backend: Backend,
    /// The roots that `terraform init` ran in.
    pub initialised: Vec<String>,
    /// The files that take precedence over the roots' `terraform.tfvars`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<String>,
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

/// Writes the variables of both roots in `directory`, puts the settings of that name in force, and runs
/// `terraform init` in `roots`.
pub fn initialise(
    directory: &Path,
    source: &BootstrapOutputs,
    settings: Option<&str>,
    roots: InitRoots,
) -> Result<Initialised, Failure> {
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
    let refused = |why: String| {
        Failure::refused(
            format!("`{name}` does not have bootstrap's outputs: {why}"),
            format!(
                "apply bootstrap, and use the output of `terraform -chdir={}/bootstrap output -json`",
                directory.display()
            ),
        )
    };
    let outputs: OutputFile = serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
    let backend = outputs.backend.value;
    let settings = choose(directory, settings)?;
    for root in InitRoots::Both.names() {
        write(&directory.join(root).join(VARIABLES), &outputs.root_variables.value)?;
    }
    for root in roots.names() {
        let key =
            backend.keys.get(*root).ok_or_else(|| refused(format!("backend has no key for `{root}`")))?;
        Terraform::new(&directory.join(root))?.init(&backend.bucket, key, &backend.region)?;
    }
    let initialised = roots.names().iter().map(ToString::to_string).collect();
    Ok(Initialised { backend, initialised, settings })
}
