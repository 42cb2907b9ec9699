//! The reader at its boundary: a request in, an exact answer out. One file per feature.

mod conditional;
mod errors;
mod front;
mod release;
mod rows;
#[cfg(feature = "http")]
mod server;
