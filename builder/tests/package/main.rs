//! `builder package`: what goes into the zip, and what is refused.

#![allow(clippy::unwrap_used)] // as in every test; clippy sees only those marked #[test]

mod archive;
mod bootstrap;
mod case;
mod files;
