//! A descriptor's text, JSON or YAML. Property: a second reading gives the same datasets and the
//! same findings; each finding is on a line that the text has; what is kept of the descriptor is
//! JSON; and of each table the keys name its fields.

#![no_main]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use datapackage::descriptor::{load};
use datapackage::schema::{Dataset};
use datapackage::finding::Finding;
use libfuzzer_sys::fuzz_target;

/// A datasets directory, in memory where the system has such a place.
static DATASETS: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let directory = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let datasets = directory.join(format!("coldpress-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(datasets.join("d")).unwrap();
    std::fs::write(datasets.join("d/a.csv"), "a\n1\n").unwrap();
    datasets
});

fuzz_target!(|text: &[u8]| {
    let trimmed = text.trim_ascii_start();
    let name = if trimmed.starts_with(b"{") { "datapackage.json" } else { "datapackage.yaml" };
    let descriptor = DATASETS.join("d").join(name);
    std::fs::write(&descriptor, text).unwrap();
    let (datasets, findings) = read(&DATASETS);
    let (again, findings_again) = read(&DATASETS);
    std::fs::remove_file(&descriptor).unwrap();
    assert_eq!(format!("{datasets:?}"), format!("{again:?}"));
    assert_eq!(findings, findings_again);
    // YAML's own line breaks, and a mark behind the last one.
    let lines = text.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64 + 2;
    for finding in findings {
        assert!(finding.line.is_none_or(|line| (1..=lines).contains(&line)), "{finding:?}");
        assert!(!finding.message.contains('\n'), "{finding:?}");
    }
    for dataset in datasets {
        json(&dataset.about);
        for table in dataset.tables {
            json(&table.about);
            assert!(!table.fields.is_empty() && !table.files.is_empty());
            let keys = [&table.primary_key].into_iter().chain(&table.unique_keys);
            let columns = keys.chain(table.foreign_keys.iter().map(|key| &key.columns));
            for name in columns.flatten() {
                assert!(table.fields.iter().any(|field| field.name == *name), "{name}");
            }
        }
    }
});

fn read(datasets: &Path) -> (Vec<Dataset>, Vec<Finding>) {
    let mut findings = vec![];
    let found = load(datasets, &mut findings).unwrap();
    (found, findings)
}

fn json(text: &str) {
    assert!(serde_json::from_str::<serde_json::Value>(text).unwrap().is_object(), "{text}");
}
