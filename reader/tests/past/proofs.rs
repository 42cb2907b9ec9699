//! Proofs as of a version: they lead to the root of the history in the manifest of now.

use std::process::Command;

use catalog::{Manifest, Proof, ProofError, ReleaseRoot, Verdict};
use reader::{Config, Headers, RawRequest, Reader, Release, Response};

use crate::built::{History, built};
use crate::generated;
use crate::random::Random;
use crate::refused::history;

fn ask(reader: &Reader, path: &str, accept: Option<&str>) -> Response {
    let headers = Headers { accept: accept.map(str::to_owned), ..Headers::default() };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    reader.answer(&RawRequest { method: "GET", path, query, headers })
}

fn proof(reader: &Reader, path: &str) -> Proof {
    let response = ask(reader, path, None);
    assert_eq!(response.status, 200, "{path}: {}", String::from_utf8_lossy(&response.body));
    serde_json::from_slice(&response.body).unwrap()
}

fn root(reader: &Reader) -> ReleaseRoot {
    let manifest = Manifest::parse(&ask(reader, "/-/manifest.json", None).body).unwrap();
    ReleaseRoot::of(&manifest).unwrap()
}

#[test]
fn rows_and_gaps_of_every_version_are_proved() {
    let repository = history();
    let (reader, connection, _release) = built(repository.path(), true).unwrap();
    let root = root(&reader);
    let versions = catalog::versions(&connection, "shop").unwrap();
    for (version, key, expected) in [
        ("1.0.0", "1", Verdict::Present),
        ("1.0.0", "2", Verdict::Absent),
        ("1.1.0", "1", Verdict::Present),
        ("1.1.0", "2", Verdict::Present),
        ("1.1.0", "0", Verdict::Absent),
        ("1.2.0", "1", Verdict::Absent),
        ("1.2.0", "2", Verdict::Present),
    ] {
        let commit = &versions.iter().find(|found| found.name() == version).unwrap().commit;
        for when in [version, &format!("shop@{version}"), commit, &commit[..7].to_uppercase()] {
            let proof = proof(&reader, &format!("/-/at/{when}/-/proof/items/{key}"));
            assert_eq!(proof.verify_row("items", key, Some(when), &root), Ok(expected), "{when}/{key}");
            assert_eq!(proof.commit, root.commit);
            let other = if version == "1.0.0" { "1.1.0" } else { "1.0.0" };
            assert_eq!(
                proof.verify_row("items", key, Some(other), &root),
                Err(ProofError::OtherVersion(Some(version.into())))
            );
            assert_eq!(
                proof.verify_row("items", key, None, &root),
                Err(ProofError::OtherVersion(Some(version.into())))
            );
        }
    }
    let one = proof(&reader, "/-/at/1.0.0/-/proof/items/1");
    assert_eq!(one.row.unwrap().values.get(), r#"{"id":1,"name":"one"}"#);
    // A time means a version, which the proof names.
    let then = proof(&reader, "/-/at/2025-01-02/-/proof/items/2");
    assert_eq!(then.version.as_ref().unwrap().version.as_deref(), Some("1.1.0"));
    assert_eq!(then.verify_row("items", "2", Some("1.1.0"), &root), Ok(Verdict::Present));
    // A table as a whole, also one without a key.
    for path in ["/-/at/1.0.0/-/proof/items", "/-/at/1.1.0/-/proof/notes", "/-/at/1.2.0/-/proof/notes"] {
        let when = path.split('/').nth(3);
        let proof = proof(&reader, path);
        proof.verify_table(&proof.table.name, when, &root).unwrap();
    }
}

#[test]
fn a_proof_of_then_is_an_answer_of_now() {
    let repository = history();
    let (reader, _connection, _release) = built(repository.path(), true).unwrap();
    let now = ask(&reader, "/-/proof/items/2", None);
    for accept in [None, Some("text/csv"), Some("text/html")] {
        let then = ask(&reader, "/-/at/1.1.0/-/proof/items/2", accept);
        let header = |response: &Response, name: &str| {
            response.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
        };
        for name in ["cache-control", "content-type", "memento-datetime"] {
            assert_eq!(header(&then, name), header(&now, name), "{name}");
        }
        let etag = header(&then, "etag");
        assert!(etag.is_some() && etag != header(&now, "etag"));
    }
    for (path, status, body) in [
        (
            "/-/at/1.1.0/-/proof/notes/first",
            409,
            r#"{"code":"CP120","message":"table 'notes' has no primary key, so no single row can be proved","details":null,"hint":"/-/at/1.1.0/-/proof/notes proves the table as a whole"}"#,
        ),
        (
            "/-/at/1.0.0/-/proof/notes",
            409,
            r#"{"code":"CP114","message":"the rows of 'notes' as of then can't be restored","details":"the table has no primary key, so the change feed has none of its rows","hint":"read the rows of now at /notes"}"#,
        ),
        (
            "/-/at/1.1.0/-/proof/items/2?select=id",
            400,
            r#"{"code":"CP001","message":"unknown query parameter \"select\"","details":null,"hint":"a proof is of a whole row: use /-/at/1.1.0/-/proof/items/<key> without parameters"}"#,
        ),
        (
            "/-/at/1.3.0/-/proof/items/2",
            404,
            r#"{"code":"CP113","message":"dataset 'shop' has no version \"1.3.0\"","details":"the nearest: 1.2.0","hint":"/-/versions/shop lists the versions"}"#,
        ),
        (
            "/-/at/1.1.0/-/proof",
            404,
            r#"{"code":"PGRST125","message":"Invalid path specified in request URL","details":null,"hint":"/-/at/<when>/ is followed by <table>, <table>/<key> or -/proof/<table>/<key>, as in /-/at/1.4.0/products"}"#,
        ),
    ] {
        let found = ask(&reader, path, None);
        assert_eq!((found.status, String::from_utf8(found.body).unwrap().as_str()), (status, body), "{path}");
    }
}

/// Rows that are not those of the version are never proved, and neither is a history that is not the manifest's.
#[test]
fn what_does_not_fit_is_no_proof() {
    let repository = history();
    for (sql, status, code) in [
        (
            "UPDATE coldpress_catalog SET entry = (SELECT entry FROM coldpress_catalog WHERE kind = 'root/notes') WHERE kind = 'root/items'",
            500,
            "CP500",
        ),
        (
            "UPDATE coldpress_catalog SET about = replace(about, 'one', 'two') WHERE kind = 'change/items'",
            409,
            "CP114",
        ),
        ("DELETE FROM coldpress_catalog WHERE kind LIKE 'root/%'", 409, "CP120"),
    ] {
        let (_reader, connection, release) = built(repository.path(), true).unwrap();
        assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
        connection.close().unwrap();
        let reader = Reader::new(Release::open(&release.path().join("dist")).unwrap(), Config::default());
        let found = ask(&reader, "/-/at/1.0.0/-/proof/items/1", None);
        let body = String::from_utf8(found.body).unwrap();
        assert!(found.status == status && body.contains(code), "{sql}: {} {body}", found.status);
    }
}

/// What a version's table is in the history is what a build of that version says of it.
#[test]
fn roots_of_versions_are_those_of_their_own_releases() {
    for seed in 1..=2 {
        let repository = generated::history(&mut Random::new(seed), 8);
        let history = History::of(repository.path());
        let root = root(&history.now);
        let mut proved = 0;
        for then in &history.thens {
            let manifest = Manifest::load(&then.release.path().join("dist/manifest.json")).unwrap();
            let when = &then.version.commit;
            for table in &then.tables {
                let path = format!("/-/at/{when}/-/proof/{}", table.name);
                let response = ask(&history.now, &path, None);
                if matches!(response.status, 409 | 410) {
                    continue; // its rows are not kept
                }
                let found: Proof = serde_json::from_slice(&response.body).unwrap();
                let tree = found.verify_table(&table.name, Some(when), &root).unwrap();
                let own = catalog::table_root(&table.name, table.rows, &table.schema, &tree);
                assert_eq!(manifest.table(&table.name).unwrap().root, Some(catalog::hex(&own)), "{path}");
                proved += 1;
            }
        }
        assert!(proved > 5, "{proved}");
    }
}

/// The verifier in docs/proof.md takes a version.
#[test]
fn the_verifier_of_the_document_knows_versions() {
    const DOCUMENT: &str = include_str!("../../../docs/proof.md");
    let (_, program) = DOCUMENT.split_once("```python\n").unwrap();
    let (program, _) = program.split_once("```").unwrap();
    let repository = history();
    let (reader, _connection, _release) = built(repository.path(), true).unwrap();
    let site = tempfile::tempdir().unwrap();
    let file = |path: &str, body: &[u8]| {
        let place = site.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, body).unwrap();
    };
    file("-/manifest.json", &ask(&reader, "/-/manifest.json", None).body);
    let verify = |version: &str, key: &str| {
        let address = format!("file://{}", site.path().display());
        let ran =
            Command::new("python3").args(["-c", program, &address, "items", key, version]).output().unwrap();
        String::from_utf8(ran.stdout).unwrap() + &String::from_utf8(ran.stderr).unwrap()
    };
    for (version, key, what) in [("1.0.0", "1", "row"), ("1.0.0", "2", "absence"), ("1.1.0", "2", "row")] {
        let body = ask(&reader, &format!("/-/at/{version}/-/proof/items/{key}"), None).body;
        file(&format!("-/at/{version}/-/proof/items/{key}"), &body);
        let said = verify(version, key);
        assert!(
            said.starts_with(&format!("{what} proved: items/{key}, version {version}, commit ")),
            "{said}"
        );
        file(&format!("-/at/1.2.0/-/proof/items/{key}"), &body);
        assert_eq!(verify("1.2.0", key), "not proved: it is about another version\n");
        let other = String::from_utf8(body).unwrap().replace(version, "1.2.0");
        file(&format!("-/at/1.2.0/-/proof/items/{key}"), other.as_bytes());
        assert_eq!(verify("1.2.0", key), "not proved: it is not of the release\n");
    }
}
