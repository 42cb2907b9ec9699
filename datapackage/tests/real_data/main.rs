//! Packages that others made load without a finding that stops a build, and every cell of theirs is
//! of its type. They are beside the repository, or where COLDPRESS_SHARED says; where they are absent,
//! these tests are reported as ignored, which needs its own test harness.

#![allow(clippy::unwrap_used)] // a failing test may panic

use std::path::Path;
use std::process::ExitCode;

use datapackage::cell::Parser;
use datapackage::descriptor;
use datapackage::finding::{Code, Severity};
use libtest_mimic::Arguments;

#[path = "../../../builder/tests/real_data/shared.rs"]
mod shared;

fn main() -> ExitCode {
    let trials = vec![
        shared::trial("three_packages_load", "data/packages", |path| loads(path, 7, &[Code::InvalidVersion])),
        shared::trial("postgrests_tables_load", "postgrest/datasets", |path| loads(path, 259, &[])),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn loads(packages: &Path, tables: usize, warnings: &[Code]) {
    let mut findings = Vec::new();
    let datasets = descriptor::load(packages, &mut findings).unwrap();
    assert!(findings.iter().all(|finding| finding.severity == Severity::Warning), "{findings:#?}");
    assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), warnings);
    assert_eq!(datasets.iter().map(|dataset| dataset.tables.len()).sum::<usize>(), tables);
    for table in datasets.iter().flat_map(|dataset| &dataset.tables) {
        let parsers: Vec<Parser> = table.fields.iter().map(Parser::new).collect();
        let mut rows = csv::Reader::from_path(&table.files[0].file).unwrap();
        for row in rows.records() {
            for ((cell, parser), field) in row.unwrap().iter().zip(&parsers).zip(&table.fields) {
                if let Err(problem) = parser.parse(cell) {
                    panic!("{} {}: {}", table.name, field.name, problem.message);
                }
            }
        }
    }
}
