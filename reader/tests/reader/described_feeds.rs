//! The change feed in the OpenAPI document: what it says of feeds is so.

use serde_json::{Value, json};

use crate::library::Library;
use crate::release::{Shop, text};

fn api(library: &Library) -> Value {
    serde_json::from_str(&library.get("/openapi.json")).unwrap()
}

fn parameter<'a>(operation: &'a Value, name: &str) -> &'a Value {
    let parameters = operation["parameters"].as_array().unwrap();
    parameters.iter().find(|parameter| parameter["name"] == name).unwrap()
}

fn feeds(api: &Value) -> Vec<&str> {
    let feeds = |path: &&str| path.starts_with("/-/changes") || path.starts_with("/-/history");
    api["paths"].as_object().unwrap().keys().map(String::as_str).filter(feeds).collect()
}

#[test]
fn tables_with_a_feed_have_their_paths() {
    let api = api(&Library::open());
    // `scraps` is not committed.
    let tables = [
        "authors",
        "biographies",
        "books",
        "books_genres",
        "genres",
        "letters",
        "loans",
        "publishers",
        "reviews",
    ];
    let mut paths = vec!["/-/changes.atom".to_owned()];
    paths.extend(tables.map(|table| format!("/-/changes/{table}")));
    paths.extend(tables.map(|table| format!("/-/history/{table}/{{key}}")));
    assert_eq!(feeds(&api), paths);
    let without: Value = serde_json::from_str(text(&Shop::open().get("/openapi.json"))).unwrap();
    assert_eq!(feeds(&without), [""; 0]);
}

/// `since` lists the versions that a client can go on from, and no other.
#[test]
fn versions_are_those_that_are_served() {
    let library = Library::open();
    let api = api(&library);
    for (table, known, gone) in [
        ("books", vec!["1.0.0", "1.1.0", "1.2.0"], vec![]),
        ("genres", vec!["1.2.0"], vec!["1.0.0", "1.1.0"]),
    ] {
        let path = format!("/-/changes/{table}");
        let since = parameter(&api["paths"][&path]["get"], "since");
        assert_eq!(since["schema"], json!({"type": "string", "enum": known}), "{table}");
        assert_eq!(since["example"], known[0]);
        let status = |version: &&str| library.ask("GET", &format!("{path}?since={version}"), &[]).status;
        assert!(known.iter().all(|version| status(version) == 200), "{table}");
        assert!(gone.iter().all(|version| status(version) == 410), "{table}");
    }
}

#[test]
fn their_examples_are_true() {
    let library = Library::open();
    let api = api(&library);
    let shown = |path: &str| &api["paths"][path]["get"]["responses"]["200"]["content"]["application/json"];
    let answered = |url: &str| serde_json::from_str::<Value>(&library.get(url)).unwrap();
    assert_eq!(answered("/-/changes/books?limit=1"), shown("/-/changes/books")["example"]);
    assert_eq!(shown("/-/changes/genres")["example"], Value::Null, "nothing happened there");
    let key = parameter(&api["paths"]["/-/history/books/{key}"]["get"], "key");
    assert_eq!(key["schema"], json!({"type": "integer", "format": "int64"}));
    let history = answered(&format!("/-/history/books/{}", key["example"]));
    assert_eq!(history, shown("/-/history/books/{key}")["example"]);
    let kinds = &parameter(&api["paths"]["/-/changes/books"]["get"], "change")["schema"]["items"]["enum"];
    let all: Vec<_> = kinds.as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
    let url = format!("/-/changes/books?change={}", all.join(","));
    assert_eq!(answered(&url), answered("/-/changes/books"));
}

/// A change has the members that its schema has, and an old or new row columns of their types.
#[test]
fn changes_are_as_their_schemas_say() {
    let library = Library::open();
    let api = api(&library);
    let schemas = &api["components"]["schemas"];
    let change = &schemas["change.books"];
    assert_eq!(change["properties"]["old"], json!({"$ref": "#/components/schemas/past.books"}));
    assert_eq!(
        schemas["past.books"]["properties"],
        json!({
            "id": {"type": ["integer", "null"]}, "title": {"type": ["string", "null"]},
            "author_id": {"type": ["integer", "null"]}, "publisher_id": {"type": ["integer", "null"]},
            "price": {"type": ["number", "null"]}, "pages": {"type": ["integer", "null"]},
            "published": {"type": ["string", "null"]},
        })
    );
    let changes: Vec<Value> = serde_json::from_str(&library.get("/-/changes/books")).unwrap();
    assert_eq!(changes.len(), 3);
    for found in &changes {
        let members = found.as_object().unwrap();
        assert!(members.keys().all(|name| change["properties"].get(name).is_some()), "{found}");
        for name in change["required"].as_array().unwrap() {
            assert!(members.contains_key(name.as_str().unwrap()), "{found}");
        }
    }
}

#[test]
fn what_feeds_refuse_is_among_their_errors() {
    let library = Library::open();
    let api = api(&library);
    for (path, url, accept, status) in [
        ("/-/changes/books", "/-/changes/books?since=0.9", "*/*", 400),
        ("/-/changes/books", "/-/changes/books?order=key", "*/*", 400),
        ("/-/changes/books", "/-/changes/books", "text/csv", 406),
        ("/-/changes/genres", "/-/changes/genres?since=1.1.0", "*/*", 410),
        ("/-/changes/books", "/-/changes/books?limit=-1", "*/*", 416),
        ("/-/history/books/{key}", "/-/history/books/x", "*/*", 400),
        ("/-/history/books/{key}", "/-/history/books/2?limit=-1", "*/*", 416),
        ("/-/history/books/{key}", "/-/history/books/1", "image/png", 406),
        ("/-/changes.atom", "/-/changes.atom?limit=1", "*/*", 400),
        ("/books/{key}", "/books/5", "*/*", 410),
    ] {
        assert_eq!(library.ask("GET", url, &[("accept", accept)]).status, status, "{url}");
        let response = &api["paths"][path]["get"]["responses"][status.to_string()];
        let component = response["$ref"].as_str().unwrap().strip_prefix('#').unwrap();
        let error: Value =
            serde_json::from_slice(&library.ask("GET", url, &[("accept", accept)]).body).unwrap();
        let description = api.pointer(component).unwrap()["description"].as_str().unwrap();
        assert!(
            description.contains(&format!("`{}`", error["code"].as_str().unwrap())),
            "{url}: {description}"
        );
    }
    let atom = library.ask("GET", "/-/changes.atom", &[("accept", "image/png")]);
    assert_eq!(atom.status, 200, "a feed reader gets its one form");
    let documented = &api["paths"]["/-/changes.atom"]["get"]["responses"];
    assert!(documented["200"]["content"]["application/atom+xml"].is_object());
    assert!(documented.get("406").is_none());
}
