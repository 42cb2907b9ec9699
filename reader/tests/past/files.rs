//! Ranges of the bytes of a file as it was.

use std::fs;

use reader::{Headers, RawRequest, Response};

use crate::built::{built, git};

/// A part is bytes of the file as it is: a client puts them together with others.
#[test]
fn a_range_of_a_file_is_not_compressed() {
    let repository = tempfile::tempdir().unwrap();
    let root = repository.path();
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    let directory = root.join("datasets/shop");
    fs::create_dir_all(&directory).unwrap();
    let package = r#"{"name": "shop", "version": "1.0.0", "resources": [{"name": "items", "path": "items.csv", "schema": {"fields": [{"name": "id", "type": "integer"}], "primaryKey": "id"}}]}"#;
    fs::write(directory.join("datapackage.json"), package).unwrap();
    fs::write(directory.join("items.csv"), (0..2000).fold("id".to_owned(), |csv, id| format!("{csv}\n{id}")))
        .unwrap();
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "--message", "1.0.0"]);
    let (reader, _connection, _release) = built(root, true).unwrap();
    let ask = |range: Option<&str>, coding: Option<&str>| {
        let headers = Headers {
            range: range.map(str::to_owned),
            accept_encoding: coding.map(str::to_owned),
            want_repr_digest: Some("sha-256=1".to_owned()),
            ..Headers::default()
        };
        reader.answer(&RawRequest { method: "GET", path: "/-/at/1.0.0/items.csv", query: "", headers })
    };
    let header = |response: &Response, name: &str| {
        response.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
    };
    let whole = ask(None, None);
    let part = ask(Some("bytes=100-4999"), Some("gzip"));
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[100..5000]));
    assert_eq!(header(&part, "content-encoding"), None);
    assert_eq!(header(&part, "content-range"), Some(format!("bytes 100-4999/{}", whole.body.len())));
    // The digest is that of the whole.
    assert!(header(&part, "repr-digest").is_some());
    assert_eq!(header(&part, "repr-digest"), header(&whole, "repr-digest"));
    assert_eq!(header(&ask(None, Some("gzip")), "content-encoding").as_deref(), Some("gzip"));
}
