//! HTTP -> rows: serves one release, read-only.
//!
//! A request walks one way through five stages with a type each, none of which reaches back:
//! `request` (raw URL and headers -> typed request), `plan` (names resolved against the catalog),
//! `sql` (SQL text and bound values), `query` (statements run, rows as they come; `storage` has those
//! that need no SQLite), `response` (rows -> JSON and headers; `pages` has what browsers get). `past` has
//! tables as they were. [`Reader`] holds the open release and leads a request through them. Two doors lead
//! in: the crate `lambda` for API Gateway, and `server` for plain HTTP, a feature, so neither carries the other.
//!
//! Deliberately absent: anything that writes, and anything that decides what the builder could
//! have decided before.

mod config;
mod cursor;
mod deadline;
mod describe;
mod error;
mod health;
#[cfg(feature = "inspect")]
mod inspect;
mod memory;
mod pages;
mod past;
mod pattern;
mod plan;
mod query;
mod reader;
mod release;
mod request;
mod response;
#[cfg(feature = "http")]
pub mod server;
mod sql;
mod storage;
mod verification;

pub use config::{Config, ConfigError, Door, Verbosity};
pub use error::{Code, Error};
#[cfg(feature = "inspect")]
pub use inspect::Inspected;
pub use memory::limit_memory;
pub use reader::Reader;
pub use release::{OpenError, Release};
pub use request::{Headers, RawRequest};
pub use response::Response;
pub use verification::Verification;

/// The operators of filters, each with what it says: for the test of docs/query.md.
pub fn operators() -> impl Iterator<Item = (&'static str, &'static str)> {
    request::OPERATORS.iter().map(|operator| (operator.name, operator.meaning))
}

/// The casts by their names in a URL, each with the type that it leads to: for the test of
/// docs/query.md.
pub fn casts() -> impl Iterator<Item = (&'static str, &'static str)> {
    plan::CASTS.iter().map(|(name, of)| (*name, of.name()))
}
