//! What anybody can check of a deployment from outside, without an account in it: the manifest and its
//! attestation, rows and their absence, whole tables, the release built again from its commit.
//!
//! Deliberately absent: how a proof is verified (`catalog`), and what a release must be like to go live (`deploy`).

mod attestation;
mod check;
mod rebuild;
mod rows;
mod served;
mod table_file;

pub use attestation::check_attestation;
pub use check::{Check, State};
pub use rebuild::check_rebuild;
pub use rows::{check_row, example_keys};
pub use served::Served;
pub use table_file::check_table;
