//! Descriptors: what loads, and what is said about what does not.

#![allow(clippy::unwrap_used)] // a failing test may panic

mod dialects;
mod fields;
mod files;
mod keys;
mod names;
mod packages;
mod properties;
mod syntax;
mod workspace;
