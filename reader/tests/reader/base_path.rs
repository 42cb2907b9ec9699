//! `COLDPRESS_BASE_PATH`: the API under a prefix; and errors of a deployment that says less.

use reader::{Config, Verbosity};

use crate::library::Library;
use crate::release::{header, text};

fn under(base_path: &str) -> Library {
    Library::with(Config { base_path: base_path.to_owned(), ..Config::default() })
}

/// Every path is there with the prefix, and for a proxy that removes it, without.
#[test]
fn paths_work_with_the_prefix_and_without() {
    let (library, plain) = (under("/rest/v1"), Library::open());
    for url in [
        "/books?select=title&limit=2",
        "/books/2",
        "/books_genres/3,2",
        "/books.csv",
        "/-/schema/books?x=1",
        "/-/datapackage/library.json",
        "/-/changes/books",
        "/nothing",
        "/rest/v1",
    ] {
        let expected = plain.ask("GET", url, &[]);
        for found in [library.ask("GET", &format!("/rest/v1{url}"), &[]), library.ask("GET", url, &[])] {
            assert_eq!(found.status, if url == "/rest/v1" { found.status } else { expected.status }, "{url}");
        }
    }
    for url in ["/rest/v1", "/rest/v1/"] {
        assert!(text(&library.ask("GET", url, &[])).contains("\"url\": \"/rest/v1/books\""), "{url}");
    }
    assert_eq!(library.ask("GET", "/rest/v10/books", &[]).status, 404);
    // The prefix takes precedence over a table of its name.
    assert!(text(&under("/books").ask("GET", "/books/authors/2", &[])).contains("Lem"));
}

#[test]
fn every_address_in_an_answer_begins_with_the_prefix() {
    let library = under("/rest/v1");
    let get = |url: &str| library.ask("GET", url, &[]);
    let page = get("/rest/v1/books?limit=2&select=id");
    assert_eq!(header(&page, "content-location"), Some("/rest/v1/books?limit=2&select=id"));
    let link = header(&page, "link").unwrap();
    assert!(link.starts_with("</rest/v1/books?select=id&limit=2&cursor="), "{link}");
    let next = link[1..].split_once('>').unwrap().0;
    assert_eq!(text(&get(next)), "[{\"id\":3},\n {\"id\":4}]");
    let file = get("/rest/v1/books.csv?id=eq.1");
    assert_eq!(header(&file, "content-location"), Some("/rest/v1/books.csv?id=eq.1"));
    let changes = get("/rest/v1/-/changes/books?limit=1");
    assert!(header(&changes, "link").unwrap().starts_with("</rest/v1/-/changes/books?limit=1&cursor="));
    let atom = get("/rest/v1/-/changes.atom");
    assert!(text(&atom).contains("href=\"/rest/v1/-/changes.atom\""));
    assert!(text(&atom).contains("href=\"/rest/v1/-/changes/books\""));
    assert!(text(&get("/rest/v1/-/schema/books")).contains("\"$id\": \"/rest/v1/-/schema/books\""));
    let api: serde_json::Value = serde_json::from_slice(&get("/rest/v1/openapi.json").body).unwrap();
    assert_eq!(api["servers"], serde_json::json!([{"url": "/rest/v1"}]));
    assert!(api["paths"].get("/books").is_some());
    for (url, hint) in [
        ("/books/9", "read the rows at /rest/v1/books"),
        ("/books/5", "its history is at /rest/v1/-/history/books/5"),
        ("/books/2?select=id", "use /rest/v1/books?id=eq.2&select=id"),
        ("/books_genres/1", "as in /rest/v1/books_genres/<book_id>,<genre_id>"),
        ("/scraps/1", "read its rows at /rest/v1/scraps"),
        ("/api/books", "use the path /rest/v1/books"),
        ("/-/changes/genres?since=1.1.0", "read the whole table at /rest/v1/genres"),
    ] {
        let error = get(&format!("/rest/v1{url}"));
        assert!(text(&error).contains(hint), "{url}: {}", text(&error));
    }
}

#[test]
fn pages_for_browsers_have_their_addresses_under_the_prefix() {
    let library = under("/rest/v1");
    let browser = [("accept", "text/html,application/xhtml+xml")];
    for url in ["/rest/v1/", "/rest/v1/bookx"] {
        let page = library.ask("GET", url, &browser);
        let html = text(&page);
        assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"), "{url}");
        assert!(html.contains("href=\"/rest/v1/openapi.json\""), "{html}");
        assert_eq!(html.matches("href=\"/").count(), html.matches("href=\"/rest/v1/").count(), "{html}");
    }
}

#[test]
fn the_openapi_document_has_its_own_media_type() {
    let library = under("/rest/v1");
    let accept = |accept: &'static str| [("accept", accept)];
    let plain = library.ask("GET", "/openapi.json", &[]);
    for url in ["/", "/rest/v1/", "/rest/v1/openapi.json", "/-/openapi.json"] {
        for wanted in ["application/openapi+json", "application/openapi+json;version=3.0, */*;q=0.1"] {
            let found = library.ask("GET", url, &accept(wanted));
            assert_eq!(header(&found, "content-type"), Some("application/openapi+json"), "{url}");
            assert_eq!(found.body, plain.body, "{url}");
        }
    }
    let front = library.ask("GET", "/", &accept("application/json, application/openapi+json;q=0.5"));
    assert_eq!(header(&front, "content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(header(&front, "link"), Some("</rest/v1/-/openapi.json>; rel=\"service-desc\""));
    assert_eq!(library.ask("GET", "/books", &accept("application/openapi+json")).status, 406);
    assert_eq!(library.ask("GET", "/?a=1", &accept("application/openapi+json")).status, 400);
    assert_eq!(library.ask("POST", "/", &accept("application/openapi+json")).status, 405);
}

/// PostgREST, `client-error-verbosity`: two keys, with the same status and headers.
#[test]
fn a_deployment_may_say_less_of_errors() {
    let minimal = Config { error_verbosity: Verbosity::Minimal, ..Config::default() };
    let (library, verbose) = (Library::with(minimal), Library::open());
    for (url, headers, body) in [
        (
            "/bookx",
            &[][..],
            r#"{"code":"PGRST205","message":"Could not find the table 'bookx' in the schema cache"}"#,
        ),
        (
            "/books?x=1",
            &[],
            r#"{"code":"PGRST100","message":"\"failed to parse filter (1)\" (line 1, column 1)"}"#,
        ),
        (
            "/books?offset=9",
            &[("prefer", "count=exact")],
            r#"{"code":"PGRST103","message":"Requested range not satisfiable"}"#,
        ),
    ] {
        let (found, usual) = (library.ask("GET", url, headers), verbose.ask("GET", url, headers));
        assert_eq!(text(&found), body, "{url}");
        assert_eq!((found.status, &found.headers, found.length), (usual.status, &usual.headers, body.len()));
        assert_eq!(library.ask("HEAD", url, headers).length, body.len());
    }
    assert_eq!(library.ask("GET", "/books/2", &[]), verbose.ask("GET", "/books/2", &[]));
}
