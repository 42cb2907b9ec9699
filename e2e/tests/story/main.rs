//! The whole story: a release, the real bootstrap, the zip, the double, HTTP, the values.

#![allow(clippy::unwrap_used)] // as in every test; clippy sees only those marked #[test]

mod bootstrap;
mod keys;
mod package;
mod release;
