//! From versioned CSV datasets to a release: check, build, verify, package.
//!
//! A CSV cell is processed in one direction: `descriptor` says what it must be, `table` finds it in its file,
//! `cell` turns it into a value or a finding, `release` writes it down.
//!
//! Deliberately absent: anything about HTTP or queries (the reader), and the layout of the
//! release's files (the catalog crate).

pub mod check;
pub mod cli;
mod database;
mod describe;
pub mod diff;
pub mod failure;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod git;
pub mod history;
pub mod init;
pub mod installed;
pub mod new;
pub mod package;
pub mod progress;
pub mod release;
mod serve;
mod table;
mod temporary;
mod tree;
pub mod watch;

pub use datapackage::count;
