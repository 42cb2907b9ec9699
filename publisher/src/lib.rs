//! Publishes releases: stores them in S3, and makes them live and rolls them back through Terraform.
//! The only crate that uses AWS.
//!
//! Deliberately absent: what a release contains and how it is built (`builder`), and how it is
//! served (`reader`).

pub mod cli;
pub mod deploy;
pub mod outside;
pub mod preflight;
pub mod store;
pub mod terraform;
