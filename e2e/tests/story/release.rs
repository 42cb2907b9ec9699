//! A Data Package -> a release, by the builder.

use std::fs;
use std::path::Path;

use builder::progress::Progress;
use builder::release::{Outcome, build};
use serde_json::{Value, json};

/// Builds a release of one table, `things`, into `directory/dist`: these fields, keyed by the
/// first one, and this CSV.
pub(crate) fn write(directory: &Path, fields: &Value, csv: &str) {
    let dataset = directory.join("datasets/d");
    fs::create_dir_all(&dataset).unwrap();
    fs::write(dataset.join("things.csv"), csv).unwrap();
    let descriptor = json!({
        "name": "d",
        "version": "1.0.0",
        "resources": [{
            "name": "things",
            "path": "things.csv",
            "schema": { "fields": fields, "primaryKey": fields[0]["name"] },
        }],
    });
    fs::write(dataset.join("datapackage.json"), descriptor.to_string()).unwrap();
    match build(&directory.join("datasets"), &directory.join("dist"), None, &Progress::quiet()).unwrap() {
        Outcome::Built(built) => assert_eq!(built.checked.findings.list(), []),
        Outcome::Findings(checked) => panic!("{:?}", checked.findings.list()),
    }
}

/// A cell in quotes.
pub(crate) fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}
