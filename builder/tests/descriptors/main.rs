//! Descriptors: what loads, and what is said about what does not.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a skipped test says so; a failing one may panic

mod dialects;
mod fields;
mod files;
mod keys;
mod names;
mod packages;
mod properties;
mod real_packages;
mod syntax;
mod workspace;
