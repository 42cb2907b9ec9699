//! From a release to the public: releases in S3, and a release through Terraform's two applies,
//! and back. The only crate that knows AWS.
//!
//! Deliberately absent: what a release holds and how it is built (`builder`), and how it is served
//! (`reader`).

pub mod cli;
pub mod deploy;
pub mod store;
pub mod terraform;
