//! A cell of a CSV, a value in SQLite, and what the reader makes of it: the same value.

#![allow(clippy::unwrap_used)] // as in every test; clippy sees only those marked #[test]

mod document;
mod order;
mod package;
mod release;
mod round_trip;
mod schema;
