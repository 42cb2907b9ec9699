//! `make run` and `builder serve`, with the reader as it is.

#![allow(clippy::unwrap_used)] // as in every test; clippy sees only those marked #[test]

mod compilers;
mod processes;
