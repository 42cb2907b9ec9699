//! What can't be had as of then: errors that say why, and never other rows.

use std::fs;
use std::path::Path;

use reader::{Headers, RawRequest, Reader, Response};
use tempfile::TempDir;

use crate::built::{built, git, git_at};

/// `items` has a key, `notes` none; the second version changes both, the third `items` alone.
pub(crate) fn history() -> TempDir {
    let repository = tempfile::tempdir().unwrap();
    let root = repository.path();
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    write(root, "1.0.0", &[("items", "id,name\n1,one\n"), ("notes", "text\nfirst\n")]);
    write(root, "1.1.0", &[("items", "id,name\n1,uno\n2,two\n"), ("notes", "text\nsecond\n")]);
    write(root, "1.2.0", &[("items", "id,name\n2,two\n"), ("notes", "text\nsecond\n")]);
    repository
}

pub(crate) fn write(root: &Path, version: &str, tables: &[(&str, &str)]) {
    let directory = root.join("datasets/shop");
    fs::create_dir_all(&directory).unwrap();
    let mut resources = vec![];
    for (name, csv) in tables {
        fs::write(directory.join(format!("{name}.csv")), csv).unwrap();
        let schema = match *name {
            "items" => {
                r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "name"}], "primaryKey": "id"}"#
            }
            _ => r#"{"fields": [{"name": "text"}]}"#,
        };
        resources.push(format!(r#"{{"name": "{name}", "path": "{name}.csv", "schema": {schema}}}"#));
    }
    let package =
        format!(r#"{{"name": "shop", "version": "{version}", "resources": [{}]}}"#, resources.join(","));
    fs::write(directory.join("datapackage.json"), package).unwrap();
    git(root, &["add", "--all"]);
    let day = 1 + version.split('.').nth(1).unwrap().parse::<u32>().unwrap();
    git_at(root, &["commit", "--quiet", "--message", version], &format!("2025-01-{day:02}T12:00:00Z"));
}

fn ask(reader: &Reader, url: &str) -> Response {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    reader.answer(&RawRequest { method: "GET", path, query, headers: Headers::default() })
}

#[track_caller]
fn assert_answer(reader: &Reader, url: &str, status: u16, body: &str) {
    let found = ask(reader, url);
    assert_eq!((found.status, String::from_utf8(found.body).unwrap().as_str()), (status, body), "{url}");
}

#[test]
fn a_table_without_a_key_is_read_where_it_is_still_the_same() {
    let repository = history();
    let (reader, _connection, _release) = built(repository.path(), true).unwrap();
    assert_answer(&reader, "/-/at/1.1.0/notes", 200, r#"[{"text":"second"}]"#);
    assert_answer(
        &reader,
        "/-/at/1.0.0/notes",
        409,
        r#"{"code":"CP114","message":"the rows of 'notes' as of then can't be restored","details":"the table has no primary key, so the change feed has none of its rows","hint":"read the rows of now at /notes"}"#,
    );
}

/// The order of rows before such a version is in no entry of the feed.
#[test]
fn rows_that_were_the_last_ones_come_back() {
    let repository = history();
    write(
        repository.path(),
        "1.3.0",
        &[("items", "id,name\n2,two\n3,three\n4,four\n"), ("notes", "text\nsecond\n")],
    );
    write(repository.path(), "1.4.0", &[("items", "id,name\n2,two\n"), ("notes", "text\nsecond\n")]);
    write(repository.path(), "1.5.0", &[("items", "id,name\n"), ("notes", "text\nsecond\n")]);
    let (reader, _connection, _release) = built(repository.path(), true).unwrap();
    let two = r#"{"id":2,"name":"two"}"#;
    assert_answer(&reader, "/-/at/1.4.0/items", 200, &format!("[{two}]"));
    let rows = format!("[{two},\n {{\"id\":3,\"name\":\"three\"}},\n {{\"id\":4,\"name\":\"four\"}}]");
    assert_answer(&reader, "/-/at/1.3.0/items", 200, &rows);
    assert_answer(&reader, "/-/at/1.2.0/items", 200, &format!("[{two}]"));
}

#[test]
fn what_is_not_committed_is_no_version() {
    let repository = history();
    fs::write(repository.path().join("datasets/shop/items.csv"), "id,name\n3,three\n").unwrap();
    let (reader, _connection, _release) = built(repository.path(), true).unwrap();
    assert_answer(&reader, "/items/3", 200, r#"{"id":3,"name":"three"}"#);
    for url in ["/-/at/1.0.0/items", "/-/at/1.0.0/items/1", "/-/at/1.2.0/items?id=eq.2"] {
        assert_answer(
            &reader,
            url,
            409,
            r#"{"code":"CP114","message":"the rows of 'items' as of then can't be restored","details":"the release has rows of it that are not committed, and the change feed ends with what is","hint":"build the release from a commit"}"#,
        );
    }
}

#[test]
fn a_table_that_is_gone_has_no_rows_any_more() {
    let repository = history();
    write(repository.path(), "1.3.0", &[("notes", "text\nsecond\n")]);
    let (reader, _connection, _release) = built(repository.path(), true).unwrap();
    assert_answer(
        &reader,
        "/-/at/1.1.0/items",
        410,
        r#"{"code":"CP112","message":"the rows of 'items' are not kept","details":"a later version removed the table","hint":"check the commit out and build it: the history of the data is in Git"}"#,
    );
    assert_answer(
        &reader,
        "/-/at/1.3.0/items",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'items' in the schema cache","details":null,"hint":null}"#,
    );
}

#[test]
fn a_moment_is_only_the_one_that_is_meant() {
    let repository = history();
    let (reader, _connection, _release) = built(repository.path(), true).unwrap();
    for (when, status) in [
        ("latest", 400),
        ("abcdef", 400),
        ("abcdef0", 404),
        ("..", 400),
        ("", 400),
        ("1.4.0", 404),
        ("1.0.5", 404),
        ("other@1.0.0", 404),
        ("shop@1.9.0", 404),
        ("9999-01-01", 400),
        ("2024-12-31", 404),
        ("2025-02-30", 400),
        ("2025-01-01T08:00:00", 400),
        ("2025-01-01T11:59:59Z", 404),
        ("2025-01-01T12:00:00Z", 200),
        ("2025-01-01", 200),
        ("2025-01-01T13:00:00+01:00", 200),
    ] {
        for path in ["items", "items/1", "items.csv"] {
            assert_eq!(ask(&reader, &format!("/-/at/{when}/{path}")).status, status, "{when} {path}");
        }
    }
    for path in
        ["", "-/health", "-/changes/items", "openapi.json", "robots.txt", "-/at/1.0.0/items", "nothing"]
    {
        assert_eq!(ask(&reader, &format!("/-/at/1.0.0/{path}")).status, 404, "{path}");
    }
}

/// The newest rows are those of a time behind the newest version, but not for ever.
#[test]
fn what_may_change_is_not_kept_for_ever() {
    let repository = history();
    let (reader, _connection, _release) = built(repository.path(), true).unwrap();
    let cached = |when: &str| {
        let answer = ask(&reader, &format!("/-/at/{when}/items"));
        let header = answer.headers.iter().find(|(name, _)| *name == "cache-control");
        header.unwrap().1.to_string()
    };
    let (forever, as_now) =
        ("public, max-age=31536000, immutable", "public, max-age=60, stale-while-revalidate=86400");
    for (when, expected) in
        [("1.2.0", forever), ("2025-01-02", forever), ("2025-01-03", as_now), ("2025-06-01", as_now)]
    {
        assert_eq!(cached(when), expected, "{when}");
    }
}
