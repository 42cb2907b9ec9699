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
    /// A table `things` with these fields and this CSV.
    pub(crate) fn new(fields: &Value, csv: &str) -> Self {
        Self::with(Options::default(), fields, csv)
    }

    /// The same in a double of one's own choosing.
    pub(crate) fn with(options: Options, fields: &Value, csv: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        release::write(directory.path(), fields, csv);
        let report = package::run(&package::Options {
            bootstrap: bootstrap().into(),
            release: directory.path().join("dist"),
            output: directory.path().join("dist/reader.zip"),
        })
        .unwrap();
        assert_eq!(report.notes, [], "the bootstrap is static");
        let double = Double::start(&report.output, options).unwrap();
        Self { double, _directory: directory }
    }
}

/// A text key and a number.
pub(crate) fn keyed() -> Value {
    json!([{ "name": "key", "type": "string" }, { "name": "number", "type": "integer" }])
}

pub(crate) fn json(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

#[test]
fn every_value_of_the_csv_comes_back() {
    let fields = json!([
        { "name": "id", "type": "integer" },
        { "name": "name", "type": "string" },
        { "name": "price", "type": "number" },
        { "name": "sold", "type": "boolean" },
        { "name": "day", "type": "date" },
        { "name": "sizes", "type": "array" },
        { "name": "more", "type": "object" },
    ]);
    let csv = "id,name,price,sold,day,sizes,more\r\n\
               -9223372036854775808,\"Cup, \"\"blue\"\"\",0.1,true,2026-11-23,\"[1,\"\"S\"\",null]\",\"{\"\"a\"\":{}}\"\r\n\
               9007199254740993,\"two\nlines\",1e300,false,0001-01-01,[],{}\r\n\
               0,λ 世界 😀,-0.5,,,,\r\n";
    let rows = json!([
        {
            "id": i64::MIN, "name": "Cup, \"blue\"", "price": 0.1, "sold": true, "day": "2026-11-23",
            "sizes": [1, "S", null], "more": { "a": {} },
        },
        {
            "id": 9_007_199_254_740_993_i64, "name": "two\nlines", "price": 1e300, "sold": false,
            "day": "0001-01-01", "sizes": [], "more": {},
        },
        {
            "id": 0, "name": "λ 世界 😀", "price": -0.5, "sold": null, "day": null, "sizes": null, "more": null,
        },
    ]);
    let packaged = Packaged::new(&fields, csv);
    assert_eq!(json(&packaged.double.get("/things")), rows);
    for row in rows.as_array().unwrap() {
        assert_eq!(json(&packaged.double.get(&format!("/things/{}", row["id"]))), *row);
    }
}

#[test]
fn a_packaged_release_answers() {
    let packaged = Packaged::new(&keyed(), "key,number\na,1\nb,\n");
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
    let packaged = Packaged::new(&keyed(), "key,number\na,1\n");
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
