//! The binary as people and workflows use it: files in, exact text and files out.

#![allow(clippy::print_stderr, clippy::unwrap_used)] // a skipped test says so; a failing one may panic

#[path = "../ran/mod.rs"]
mod ran;
mod workspace;

mod commit;
mod control_characters;
mod described;
mod deterministic;
mod directory;
mod empty_rows;
mod files;
mod formats;
mod grouped;
mod header;
mod init;
mod init_corpus;
mod init_files;
mod instants;
mod json_schema;
mod keys;
mod killed;
mod linked_data;
mod nan;
mod new;
mod opened;
mod references;
mod release;
mod searchable;
mod serve;
mod spectrum;
mod statistics;
mod stray_quotes;
mod usage;
mod verify;
mod watch;
