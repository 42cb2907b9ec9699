//! Terraform as a release needs it: its variables written, its plans checked, its applies run, its
//! outputs read.
//!
//! Deliberately absent: which applies a release takes, and when (`deploy`).

mod init;
mod plan;
mod run;
mod variables;

pub use init::{Backend, Initialised, Source, initialise};
pub use plan::{Checked, Step, check};
pub use run::{Error, Refusal, Terraform};
pub use variables::{Outputs, Versions};
pub(crate) use variables::{write_live, write_release};
