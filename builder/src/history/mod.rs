//! Git -> what the datasets were.

mod published;

pub use published::Published;
