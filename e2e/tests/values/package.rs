//! The Data Package that is served: a release of it has the values of the one that serves it.

use builder::progress::Progress;
use builder::release::{Outcome, build};
use serde_json::Value;

use crate::schema::{FIELDS, release};

#[test]
fn a_release_of_what_is_served_has_the_same_values() {
    let first = release();
    let directory = tempfile::tempdir().unwrap();
    let dataset = directory.path().join("datasets/d");
    std::fs::create_dir_all(&dataset).unwrap();
    let package = first.get("/-/datapackage/d.json");
    for (file, text) in [("datapackage.json", &package), ("t.csv", &first.get("/-/datapackage/t.csv"))] {
        std::fs::write(dataset.join(file), text).unwrap();
    }
    let built =
        build(&directory.path().join("datasets"), &directory.path().join("dist"), None, &Progress::quiet());
    match built.unwrap() {
        Outcome::Built(_) => {}
        Outcome::Findings(checked) => panic!("{package}\n{:?}", checked.findings.list()),
    }
    let again = rusqlite::Connection::open(directory.path().join("dist/data.db")).unwrap();
    for (field, _) in FIELDS {
        let name = serde_json::from_str::<Value>(field).unwrap()["name"].as_str().unwrap().to_owned();
        let values = |database: &rusqlite::Connection| -> Vec<String> {
            let sql = format!("SELECT typeof(\"{name}\") || ' ' || quote(\"{name}\") FROM t ORDER BY rowid");
            let mut statement = database.prepare(&sql).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
        };
        assert_eq!(values(&again), values(&first.database()), "{name}");
    }
    // What is left of limits in a form of their own, and what is kept.
    let package: Value = serde_json::from_str(&package).unwrap();
    let fields = package["resources"][0]["schema"]["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap().to_string();
    assert_eq!(field("from"), r#"{"constraints":{},"name":"from","type":"date"}"#);
    assert_eq!(field("sold"), r#"{"constraints":{},"name":"sold","type":"boolean"}"#);
    assert_eq!(field("size"), r#"{"constraints":{"enum":["S","M"]},"name":"size","type":"string"}"#);
    assert_eq!(
        field("amount"),
        r#"{"constraints":{"exclusiveMaximum":10,"minimum":"0.5"},"name":"amount","type":"number"}"#
    );
    assert_eq!(field("spot"), r#"{"format":"object","name":"spot","type":"geopoint"}"#);
    assert_eq!(field("map"), r#"{"format":"topojson","name":"map","type":"geojson"}"#);
}
