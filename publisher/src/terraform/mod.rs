//! Terraform as a release needs it: its variables written, its plans checked, its applies run, its
//! outputs read.
//!
//! Deliberately absent: which applies a release takes, and when (`deploy`).

mod backend;
mod command;
mod events;
mod init;
mod plan;
mod settings;
mod variables;

pub use backend::Backend;
pub use command::{PlanFrom, Terraform, TerraformError, TerraformErrorKind};
pub use init::{BootstrapOutputs, InitRoots, Initialised, initialise};
pub use plan::{ApplyPhase, PlanCheck, check_plan};
pub(crate) use settings::settings_file;
pub use variables::{Outputs, Versions};
pub(crate) use variables::{write_live, write_release};
