//! Versions as people and workflows see them: what changed, whether it may be published, and the
//! history that a release carries.

#![allow(clippy::unwrap_used)] // also outside of the functions that Clippy knows as tests

mod repository;

mod bump;
mod diff;
mod gate;
mod history;
mod markdown;
mod rules;
