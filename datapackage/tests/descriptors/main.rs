//! Descriptors: what loads, and what is said about what does not.

#![allow(clippy::print_stderr, clippy::unwrap_used)] // a skipped test says so; a failing one may panic

mod dialects;
mod fields;
mod files;
mod keys;
mod names;
mod packages;
mod properties;
mod real_packages;
#[path = "../../../builder/tests/shared/mod.rs"]
mod shared;
mod syntax;
mod workspace;
