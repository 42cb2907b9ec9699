//! Versions as people and workflows see them: what changed, whether it may be published, and the
//! history that a release carries.

#![allow(clippy::print_stderr, clippy::unwrap_used)] // a skipped test says so; a failing one may panic

#[path = "../ran/mod.rs"]
mod ran;
mod repository;

mod bump;
mod clones;
mod diff;
mod feed_verified;
mod gate;
mod history;
mod history_notes;
mod interrupted;
mod markdown;
mod past;
mod rules;
