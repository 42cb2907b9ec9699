//! A release packaged with the real bootstrap and running in the double.

use builder::package;
use e2e::{Double, Options, Outcome, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bootstrap::bootstrap;
use crate::release;

/// A running package.
pub(crate) struct Packaged {
    pub(crate) double: Double,
    _directory: TempDir,
}

impl Packaged {
    pub(crate) fn new(rows: &[(&str, Option<i64>)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        release::write(directory.path(), rows);
        let report = package::run(&package::Options {
            bootstrap: bootstrap().into(),
            release: directory.path().into(),
            output: directory.path().join("reader.zip"),
        })
        .unwrap();
        assert_eq!(report.notes, [], "the bootstrap is static");
        let double = Double::start(&report.output, Options::default()).unwrap();
        Self { double, _directory: directory }
    }
}

pub(crate) fn json(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

#[test]
fn a_packaged_release_answers() {
    let packaged = Packaged::new(&[("a", Some(1)), ("b", None)]);
    let double = &packaged.double;
    let table = double.get("/things");
    assert_eq!(table.status, 200, "{}", double.log().unwrap());
    assert_eq!(json(&table), json!([{ "key": "a", "number": 1 }, { "key": "b", "number": null }]));
    assert_eq!(json(&double.get("/things?limit=1&offset=1")), json!([{ "key": "b", "number": null }]));
    assert_eq!(json(&double.get("/things/a")), json!({ "key": "a", "number": 1 }));
    let root = json(&double.get("/"));
    assert_eq!((&root["tables"][0]["name"], &root["tables"][0]["rows"]), (&json!("things"), &json!(2)));

    let etag = table.header("etag").unwrap();
    let not_modified = double.request("GET", "/things", &[("If-None-Match", etag)], b"");
    assert_eq!((not_modified.status, not_modified.body.len()), (304, 0));
    let head = double.request("HEAD", "/things", &[], b"");
    assert_eq!((head.status, head.header("etag"), head.body.len()), (200, Some(etag), 0));
    for (method, path, status) in [
        ("GET", "/nothing", 404),
        ("GET", "/things/c", 404),
        ("GET", "/things?nonsense=1", 400),
        ("POST", "/things", 405),
    ] {
        let response = double.request(method, path, &[], b"");
        assert_eq!(response.status, status, "{method} {path}");
        let error = json(&response);
        let keys: Vec<&String> = error.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["code", "details", "hint", "message"], "{method} {path}");
    }
    assert_eq!(double.timings().unwrap().invocations.len(), 10, "all in one process");
    assert_eq!(double.log().unwrap(), "", "and nothing to log");
}

/// Paths that no table can have, events that API Gateway would not send: an answer all the same,
/// and the process goes on.
#[test]
fn nothing_a_client_sends_ends_the_process() {
    let packaged = Packaged::new(&[("a", Some(1))]);
    let double = &packaged.double;
    for path in
        ["/%00", "/things/%00", "/%FF%FE", "/things/%C3%28", "//", "/things//", "/../..", "/things?%FF"]
    {
        let status = double.get(path).status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    let long = format!("/things/{}", "a".repeat(9_000));
    assert_eq!(double.get(&long).status, 414);
    for event in ["null", "{}", "[]", r#"{"rawPath":1}"#] {
        let outcome = double.invoke(event.as_bytes()).unwrap();
        assert!(matches!(outcome, Outcome::Error(_)), "{event}: {outcome:?}");
    }
    assert_eq!(double.get("/things/a").status, 200);
    assert_eq!(double.timings().unwrap().invocations.len(), 14, "all in one process");
}

#[test]
fn a_package_without_its_data_says_so_in_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("reader.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let executable = zip::write::SimpleFileOptions::default().unix_permissions(0o755);
    zip.start_file("bootstrap", executable).unwrap();
    std::io::Write::write_all(&mut zip, &std::fs::read(bootstrap()).unwrap()).unwrap();
    zip.finish().unwrap();
    let double = Double::start(&path, Options::default()).unwrap();
    let outcome = double.invoke(b"{}").unwrap();
    assert_eq!(outcome, Outcome::Exited { status: "exit status: 1".into(), init_error: None });
    assert_eq!(
        double.log().unwrap().replace(double.task_root().to_str().unwrap(), "[TASK ROOT]"),
        "error: [TASK ROOT]/data.db: it can't be read: No such file or directory (os error 2)\n"
    );
    assert_eq!(double.get("/").text(), r#"{"message":"Internal Server Error"}"#);
}
