//! `/-/proof/...`: a row, or none with a key, up to the root of the release.

use std::path::Path;

use catalog::{Manifest, Proof, ReleaseRoot, Verdict};
use reader::{Config, Headers, RawRequest, Reader, Release, Response};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::package::Files;
use crate::release::{Shop, header, text};

/// Readers of tables of several groups of leaves, with keys of every kind.
struct Proofs {
    directory: TempDir,
    reader: Reader,
    root: ReleaseRoot,
}

/// Rows of each table: more than two groups, so that keys are before, in and between them.
const ROWS: usize = 530;

impl Proofs {
    fn open() -> Self {
        let datasets = tempfile::tempdir().unwrap();
        let package = datasets.path().join("d");
        std::fs::create_dir(&package).unwrap();
        std::fs::write(package.join("datapackage.json"), descriptor().to_string()).unwrap();
        for (name, csv) in tables() {
            std::fs::write(package.join(format!("{name}.csv")), csv).unwrap();
        }
        let directory = tempfile::tempdir().unwrap();
        Files::build(datasets.path(), None).with_commit("c0ffee".into()).write(directory.path());
        let manifest = Manifest::load(&directory.path().join("manifest.json")).unwrap();
        let root = ReleaseRoot::of(&manifest).unwrap();
        let reader = Reader::new(Release::open(directory.path()).unwrap(), Config::default());
        Self { directory, reader, root }
    }

    fn ask(&self, path: &str) -> Response {
        self.reader.answer(&RawRequest { method: "GET", path, query: "", headers: Headers::default() })
    }

    fn proof(&self, table: &str, key: &str) -> Proof {
        let response = self.ask(&format!("/-/proof/{table}/{key}"));
        assert_eq!(response.status, 200, "{table}/{key}: {}", text(&response));
        serde_json::from_slice(&response.body).unwrap()
    }

    fn verdict(&self, table: &str, key: &str) -> Verdict {
        let verdict = self.proof(table, key).verify_row(table, key, None, &self.root);
        verdict.unwrap_or_else(|error| panic!("{table}/{key}: {error}"))
    }
}

fn descriptor() -> Value {
    let resource = |name: &str, fields: Value, key: Value| json!({"name": name, "path": format!("{name}.csv"), "schema": {"fields": fields, "primaryKey": key}});
    let field = |name: &str, of: &str| json!({"name": name, "type": of});
    json!({"name": "d", "resources": [
        // Ascends, with gaps: the key is the row number.
        resource("ascending", json!([field("id", "integer"), field("a", "any"), field("l", "list")]), json!("id")),
        // Does not: the file's order is not the key's.
        resource("texts", json!([field("n", "integer"), field("code", "string"), field("rowid", "boolean")]), json!("code")),
        resource("numbers", json!([field("x", "number"), field("t", "time")]), json!("x")),
        resource("pairs", json!([field("a", "string"), field("b", "boolean"), field("c", "date")]), json!(["b", "c", "a"])),
        resource("keyless", json!([field("a", "string")]), json!([])),
        resource("empty", json!([field("a", "string")]), json!("a")),
    ]})
}

fn tables() -> Vec<(&'static str, String)> {
    let rows = |head: &str, row: &dyn Fn(usize) -> String| {
        (0..ROWS).fold(format!("{head}\n"), |csv, index| csv + &row(index) + "\n")
    };
    let shuffled = |index: usize| index * 211 % ROWS;
    let any = ["{\"a\": [1.50]}", "[draft]", "plain", ""];
    vec![
        (
            "ascending",
            rows("id,a,l", &|row| format!("{},\"{}\",\"a,b\"", 3 * row, any[row % 4].replace('"', "\"\""))),
        ),
        ("texts", rows("n,code,rowid", &|row| format!("{row},é{:03},{}", shuffled(row), row % 2 == 0))),
        (
            "numbers",
            rows("x,t", &|row| match shuffled(row) {
                0 => "-INF,".to_owned(),
                1 => "NaN,".to_owned(),
                2 => "INF,10:30:00".to_owned(),
                other => format!("{},10:30:00", other as f64 / 4.0 - 50.0),
            }),
        ),
        (
            "pairs",
            rows("a,b,c", &|row| {
                format!("\"x,{}\",{},2024-02-{:02}", shuffled(row), row % 3 == 0, row % 28 + 1)
            }),
        ),
        ("keyless", "a\nx\ny\n".to_owned()),
        ("empty", "a\n".to_owned()),
    ]
}

#[test]
fn rows_and_gaps_of_keys_of_every_kind_are_proved() {
    let proofs = Proofs::open();
    for row in (0..ROWS).step_by(7) {
        assert_eq!(proofs.verdict("ascending", &(3 * row).to_string()), Verdict::Present);
        assert_eq!(proofs.verdict("ascending", &(3 * row + 1).to_string()), Verdict::Absent);
        assert_eq!(proofs.verdict("texts", &format!("é{row:03}")), Verdict::Present);
        assert_eq!(proofs.verdict("texts", &format!("é{row:03} ")), Verdict::Absent);
        let number = row as f64 / 4.0 - 50.0;
        let expected = if row > 2 { Verdict::Present } else { Verdict::Absent };
        assert_eq!(proofs.verdict("numbers", &number.to_string()), expected);
        assert_eq!(proofs.verdict("numbers", &(number + 0.1).to_string()), Verdict::Absent);
        let key = format!("{},2024-02-{:02},\"x,{}\"", row % 3 == 0, row % 28 + 1, row * 211 % ROWS);
        assert_eq!(proofs.verdict("pairs", &key), Verdict::Present);
        assert_eq!(proofs.verdict("pairs", &key.replace("\"x", "\"y")), Verdict::Absent);
    }
    // The ends, and where two groups meet.
    for (table, key) in [
        ("ascending", "-1"),
        ("ascending", "9223372036854775807"),
        ("ascending", &*(3 * 255 + 1).to_string()),
        ("texts", "a"),
        ("texts", "é999"),
        ("pairs", "false,,"),
        ("pairs", "true,9,9"),
        ("empty", "x"),
        ("empty", "a/b"),
    ] {
        assert_eq!(proofs.verdict(table, key), Verdict::Absent, "{table}/{key}");
    }
    for key in ["-Infinity", "Infinity", "NaN"] {
        assert_eq!(proofs.verdict("numbers", key), Verdict::Present, "{key}");
    }
    for table in ["ascending", "keyless", "empty"] {
        let response = proofs.ask(&format!("/-/proof/{table}"));
        let proof: Proof = serde_json::from_slice(&response.body).unwrap();
        proof.verify_table(table, None, &proofs.root).unwrap();
    }
}

/// The verifier in docs/proof.md is written from the document alone, in another language.
#[test]
fn the_verifier_of_the_document_agrees() {
    const DOCUMENT: &str = include_str!("../../../docs/proof.md");
    let (_, program) = DOCUMENT.split_once("```python\n").unwrap();
    let (program, _) = program.split_once("```").unwrap();
    assert!(program.lines().count() < 100, "{}", program.lines().count());
    let proofs = Proofs::open();
    let site = tempfile::tempdir().unwrap();
    let verify = |table: &str, key: &str, change: &dyn Fn(String) -> String| {
        let place = site.path().join("-/proof").join(table);
        std::fs::create_dir_all(&place).unwrap();
        let manifest = proofs.ask("/-/manifest.json").body;
        std::fs::write(site.path().join("-/manifest.json"), manifest).unwrap();
        let proof = proofs.ask(&format!("/-/proof/{table}/{key}"));
        std::fs::write(place.join(key), change(text(&proof).to_owned())).unwrap();
        let address = format!("file://{}", site.path().display());
        let ran = std::process::Command::new("python3").args(["-c", program, &address, table, key]).output();
        let ran = ran.unwrap();
        let said = String::from_utf8(ran.stdout).unwrap() + &String::from_utf8(ran.stderr).unwrap();
        (ran.status.code(), said)
    };
    let as_it_is = |proof: String| proof;
    for (table, key) in [
        ("ascending", "3"),
        ("ascending", "0"),
        ("ascending", "6"),
        ("texts", "é123"),
        ("numbers", "NaN"),
        ("numbers", "-Infinity"),
        ("numbers", "0.25"),
    ] {
        let (code, said) = verify(table, key, &as_it_is);
        assert!(
            code == Some(0) && said.starts_with(&format!("row proved: {table}/{key}, commit c0ffee")),
            "{said}"
        );
    }
    for (table, key) in [
        ("ascending", "-5"),
        ("ascending", "766"),
        ("ascending", "99999"),
        ("texts", "é"),
        ("pairs", "true,2024-02-01,x"),
        ("empty", "x"),
    ] {
        let (code, said) = verify(table, key, &as_it_is);
        assert!(code == Some(0) && said.starts_with(&format!("absence proved: {table}/{key}")), "{said}");
    }
    let shown = verify("texts", "é123", &|proof| {
        proof.replace("\"rowid\":true", "\"rowid\":false").replace("\"n\":", "\"n\":1")
    });
    assert_eq!(shown, (Some(1), "not proved: the row is shown with other values\n".to_owned()));
    let moved = verify("ascending", "4", &|proof| proof.replace("\"index\":2,", "\"index\":3,"));
    assert_eq!(moved, (Some(1), "not proved: a path is too long\n".to_owned()));
    let other = verify("ascending", "3", &|_| text(&proofs.ask("/-/proof/ascending/6")).to_owned());
    assert_eq!(other, (Some(1), "not proved: it is another row\n".to_owned()));
}

#[test]
fn a_proof_is_json_for_all_and_cached() {
    let shop = Shop::open();
    let proof = shop.get("/-/proof/products/2");
    assert_eq!(
        (proof.status, header(&proof, "content-type")),
        (200, Some("application/json; charset=utf-8"))
    );
    let value: Value = serde_json::from_slice(&proof.body).unwrap();
    assert_eq!(value["commit"], "c0ffee".repeat(6) + "c0ff");
    assert_eq!(
        value["row"]["values"],
        json!({"id": 2, "name": "Plate", "price": 100, "sold": false, "tags": []})
    );
    assert_eq!((&value["row"]["index"], &value["table"]["rows"]), (&json!(1), &json!(3)));
    assert_eq!(value["table"]["key"], json!(["id"]));
    let csv = shop.ask("GET", "/-/proof/products/2", &[("accept", "text/csv")]);
    assert_eq!(csv.body, proof.body);
    let etag = header(&proof, "etag").unwrap();
    assert_eq!(shop.ask("GET", "/-/proof/products/2", &[("if-none-match", etag)]).status, 304);
    let head = shop.ask("HEAD", "/-/proof/products/2", &[]);
    assert_eq!((head.status, head.length, head.body.len()), (200, proof.body.len(), 0));
    assert_eq!(shop.ask("OPTIONS", "/-/proof/products/2", &[]).status, 200);
    let manifest = shop.get("/-/manifest.json");
    assert_eq!(manifest.body, std::fs::read(shop.directory.path().join("manifest.json")).unwrap());
    assert_eq!(shop.ask("OPTIONS", "/-/manifest.json", &[]).status, 200);
}

#[test]
fn what_can_not_be_proved_says_why() {
    let shop = Shop::with(Config { base_path: "/v1".into(), ..Config::default() });
    let refused = |url: &str, status: u16, body: &str| {
        let response = shop.get(url);
        assert_eq!((response.status, text(&response)), (status, body), "{url}");
    };
    refused(
        "/v1/-/proof/notes/first",
        409,
        r#"{"code":"CP120","message":"table 'notes' has no primary key, so no single row can be proved","details":null,"hint":"/v1/-/proof/notes proves the table as a whole"}"#,
    );
    refused(
        "/v1/-/proof/products/2?price=gt.5",
        400,
        r#"{"code":"CP001","message":"unknown query parameter \"price\"","details":null,"hint":"a proof is of a whole row: use /v1/-/proof/products/<key> without parameters"}"#,
    );
    refused(
        "/v1/-/proof/products/two",
        400,
        r#"{"code":"22P02","message":"invalid input syntax for type integer: \"two\"","details":"column 'id' is of type integer","hint":null}"#,
    );
    refused(
        "/v1/-/proof/stock/1",
        400,
        r#"{"code":"CP004","message":"the key of 'stock' has 2 parts, \"1\" has 1","details":null,"hint":"as in /v1/stock/<product>,<place>; enclose a part that contains a comma in double quotes"}"#,
    );
    refused(
        "/v1/-/proof/product/2",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'product' in the schema cache","details":null,"hint":"Perhaps you meant the table 'products'"}"#,
    );
    refused(
        "/v1/-/manifest.json?x=1",
        400,
        r#"{"code":"CP001","message":"unknown query parameter \"x\"","details":null,"hint":"this path takes no query parameters"}"#,
    );
    assert_eq!(shop.get("/v1/-/proof/products/2").status, 200);
    assert_eq!(shop.get("/v1/-/proof/").status, 404);
    assert_eq!(shop.ask("POST", "/v1/-/proof/products/2", &[]).status, 405);
}

/// The reader over `directory` once `change` was made to its files.
fn changed(directory: &Path, sql: &str, change: impl FnOnce(&mut Manifest)) -> Reader {
    let path = directory.join("manifest.json");
    let mut manifest = Manifest::load(&path).unwrap();
    Connection::open(directory.join("data.db")).unwrap().execute_batch(sql).unwrap();
    change(&mut manifest);
    std::fs::write(path, manifest.to_bytes()).unwrap();
    Reader::new(Release::open(directory).unwrap(), Config::default())
}

#[test]
fn a_release_without_trees_has_no_proofs() {
    let Proofs { directory, .. } = Proofs::open();
    let reader = changed(directory.path(), "DELETE FROM coldpress_catalog WHERE kind = 'tree'", |manifest| {
        manifest.root = None;
        manifest.tables.iter_mut().for_each(|table| table.root = None);
    });
    let ask = |path: &str| {
        reader.answer(&RawRequest { method: "GET", path, query: "", headers: Headers::default() })
    };
    for path in ["/-/proof/texts/é001", "/-/proof/texts"] {
        let response = ask(path);
        assert_eq!(
            (response.status, text(&response)),
            (
                409,
                r#"{"code":"CP120","message":"the release has no Merkle trees: an earlier version built it","details":null,"hint":"build the release again"}"#
            )
        );
    }
    assert_eq!(ask("/texts/é001").status, 200);
    assert_eq!(ask("/-/manifest.json").status, 200);
}

/// Rows that are not those of the tree are a fault of the release, and never a proof.
#[test]
fn a_damaged_tree_is_a_server_error() {
    let Proofs { directory, .. } = Proofs::open();
    let reader = changed(directory.path(), "UPDATE texts SET n = 7000 WHERE code = 'é001'", |_| {});
    let response = reader.answer(&RawRequest {
        method: "GET",
        path: "/-/proof/texts/é001",
        query: "",
        headers: Headers::default(),
    });
    assert_eq!(response.status, 500);
    assert!(text(&response).contains("CP500"), "{}", text(&response));
}
