//! Packages that other people made load without a finding that stops a build, and every cell of
//! theirs is of its type. They lie beside the repository; without them the test says so.

use datapackage::cell::Parser;
use datapackage::descriptor;
use datapackage::finding::{Code, Severity};

use crate::shared::shared;

#[test]
fn real_packages_are_without_errors() {
    for (directory, tables, warnings) in
        [("data/packages", 7, vec![Code::InvalidVersion]), ("postgrest/datasets", 259, vec![])]
    {
        let Some(packages) = shared(directory) else { continue };
        let mut findings = Vec::new();
        let datasets = descriptor::load(&packages, &mut findings).unwrap();
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
}
