//! What `builder serve` needs beside a build: descriptors for CSV files that have none, and the
//! reader as a child process.

mod inferred;
mod reader;

pub(crate) use inferred::{Guesses, Inferred, has_no_descriptor};
pub(crate) use reader::{Reader, check_address, find_reader};
