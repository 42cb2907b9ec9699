//! Packages, files and revisions that others made. A separate harness, so that a test whose data is
//! absent is reported as ignored.

#![allow(clippy::unwrap_used)] // a failing test may panic

mod history;
mod packages;
#[path = "../ran/mod.rs"]
mod ran;
#[allow(dead_code)] // the rest is for the tests beside it
#[path = "../versions/repository.rs"]
mod repository;
mod shared;
#[allow(dead_code)] // the rest is for the tests beside it
#[path = "../cli/workspace.rs"]
mod workspace;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use shared::trial;

fn main() -> ExitCode {
    let trials = vec![
        trial("currency_codes", "data/history/currency-codes", history::currency_codes),
        trial("three_packages_build", "data/packages", |path| {
            packages::build_and_verify(path, "7 tables, 16 633 rows");
        }),
        trial("postgrests_tables_build", "postgrest/datasets", |path| {
            packages::build_and_verify(path, "259 tables, 1 726 rows");
        }),
        trial("what_init_writes_is_clean", "data", packages::init_comes_out_clean),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
