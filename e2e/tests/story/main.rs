//! The whole story: CSV, a release, the real bootstrap, the zip, the double, HTTP, the CSV's values.

#![allow(clippy::unwrap_used)] // as in every test; clippy sees only those marked #[test]

mod bootstrap;
mod keys;
mod metrics;
mod package;
mod release;
