//! Descriptors: what loads, and what is said about what does not.

#![allow(clippy::print_stdout)] // a skipped test says so

mod real_packages;
