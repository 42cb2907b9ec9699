//! The reader at its boundary: a request in, an exact answer out. One file per feature.

#![allow(clippy::unwrap_used, reason = "a test says what failed by where it failed")]

mod attestation;
mod base_path;
mod browsers;
mod coding;
mod conditional;
#[cfg(feature = "http")]
mod connections;
mod containment;
mod crawlers;
mod cursors;
mod dates;
mod describe;
mod described_feeds;
mod digests;
mod documentation;
mod downloads;
mod embeds;
mod errors;
mod exact;
mod example;
mod extensions;
mod facets;
mod feeds;
mod file_order;
mod files;
mod foreign_keys;
mod front;
mod groups;
mod guesses;
mod infinities;
mod library;
mod limits;
#[cfg(feature = "http")]
mod long_requests;
#[cfg(feature = "http")]
mod memory;
#[cfg(feature = "http")]
mod moments;
mod nan;
mod operands;
mod package;
mod pages;
mod paths;
mod patterns;
mod proofs;
mod properties;
#[cfg(feature = "http")]
mod raw_requests;
mod reads;
mod refusals;
#[cfg(feature = "http")]
mod refused_releases;
mod release;
mod rows;
mod search;
mod seen;
mod seen_then;
#[cfg(feature = "http")]
mod server;
mod streams;
mod syntax;
mod wide;
