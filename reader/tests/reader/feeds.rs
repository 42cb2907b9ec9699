//! The change feed: `/-/changes/<table>`, `/-/history/<table>/<key>`, `/-/changes.atom`.

use reader::Response;

use crate::library::Library;
use crate::release::{Shop, header, text};

fn next(response: &Response) -> Option<String> {
    let link = header(response, "link")?;
    Some(link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned())
}

/// `version change key`, for each change.
fn changes(response: &Response) -> Vec<String> {
    assert_eq!(response.status, 200, "{}", text(response));
    let rows: Vec<serde_json::Value> = serde_json::from_str(text(response)).unwrap();
    let word = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.iter().map(|row| ["version", "change", "key"].map(|name| word(row, name)).join(" ")).collect()
}

#[test]
fn pages_follow_one_another() {
    let library = Library::open();
    let mut found = vec![];
    let mut at = Some("/-/changes/books?limit=1".to_owned());
    while let Some(url) = at {
        let response = library.ask("GET", &url, &[]);
        found.extend(changes(&response));
        at = next(&response);
    }
    assert_eq!(found, ["1.1.0 added 4", "1.1.0 removed 5", "1.2.0 changed 2"]);
    assert_eq!(changes(&library.ask("GET", "/-/changes/books?limit=0", &[])), [""; 0]);
}

#[test]
fn versions_go_by_number_or_digest() {
    let library = Library::open();
    for since in ["1.1.0", "58cfd324e1f411e3b78b6e34e3b4281517ec58bdd0144f07a8ed1376e6bb7a53"] {
        let response = library.ask("GET", &format!("/-/changes/books?since={since}"), &[]);
        assert_eq!(changes(&response), ["1.2.0 changed 2"]);
    }
    assert_eq!(changes(&library.ask("GET", "/-/changes/genres?since=1.2.0", &[])), [""; 0]);
}

#[test]
fn a_history_is_that_of_one_row() {
    let library = Library::open();
    let history = |url: &str| changes(&library.ask("GET", url, &[]));
    assert_eq!(history("/-/history/books/5"), ["1.1.0 removed 5"]);
    assert_eq!(history("/-/history/books/005"), ["1.1.0 removed 5"]);
    assert_eq!(history("/-/history/books/1"), [""; 0]);
}

#[test]
fn a_known_tag_gets_304() {
    let library = Library::open();
    for url in ["/-/changes/books?since=1.0.0", "/-/history/books/2", "/-/changes.atom"] {
        let first = library.ask("GET", url, &[]);
        let etag = header(&first, "etag").unwrap();
        assert_eq!(library.ask("GET", url, &[("if-none-match", etag)]).status, 304, "{url}");
        assert_eq!(library.ask("GET", url, &[("if-none-match", "*")]).status, 304, "{url}");
        assert_eq!(library.ask("GET", url, &[("if-none-match", "\"x\"")]).status, 200, "{url}");
        assert_eq!(library.ask("OPTIONS", url, &[]).status, 200, "{url}");
    }
}

#[test]
fn what_is_not_understood_is_refused() {
    let library = Library::open();
    let cases = [
        (
            "/-/changes/books?order=key",
            400,
            r#"{"code":"CP001","message":"unknown query parameter \"order\"","details":null,"hint":"this path takes since, change, limit, cursor"}"#,
        ),
        (
            "/-/history/books/2?since=1.0.0",
            400,
            r#"{"code":"CP001","message":"unknown query parameter \"since\"","details":null,"hint":"this path takes limit, cursor"}"#,
        ),
        (
            "/-/changes.atom?limit=1",
            400,
            r#"{"code":"CP001","message":"unknown query parameter \"limit\"","details":null,"hint":"this path takes no query parameters"}"#,
        ),
        (
            "/-/changes/books?change=gone",
            400,
            r#"{"code":"CP021","message":"there is no kind of change \"gone\"","details":null,"hint":"change takes added, removed, changed, or several of them, separated by commas"}"#,
        ),
        (
            "/-/changes/books?since=1.0.0&since=1.1.0",
            400,
            r#"{"code":"CP002","message":"\"since\" is given twice","details":null,"hint":"give it once"}"#,
        ),
        (
            "/-/changes/books?cursor=AAAA",
            400,
            r#"{"code":"CP020","message":"the cursor can't be used","details":"it is no cursor of this feed, or was changed","hint":"use the cursor in the Link header of the previous page, or repeat the request without one"}"#,
        ),
        (
            "/-/changes/boks",
            404,
            r#"{"code":"PGRST205","message":"Could not find the table 'boks' in the schema cache","details":null,"hint":"Perhaps you meant the table 'books'"}"#,
        ),
        (
            "/-/nothing/books",
            404,
            r#"{"code":"PGRST125","message":"Invalid path specified in request URL","details":null,"hint":"under /-/ are health, manifest.json, attestation, openapi.json, schema/<table>, datapackage/<dataset>.json, croissant/<dataset>.json, dcat.jsonld, changes/<table>, changes.atom, columns/<table>, find/<table>, html/<path>, proof/<table>/<key>, history/<table>/<key>, versions/<dataset>, timemap/<table> and at/<when>/<path>; / lists the names"}"#,
        ),
        (
            "/-/history/scraps/1",
            404,
            r#"{"code":"CP102","message":"table 'scraps' has no primary key","details":null,"hint":"read its rows at /scraps"}"#,
        ),
    ];
    for (url, status, body) in cases {
        let response = library.ask("GET", url, &[]);
        assert_eq!((response.status, text(&response)), (status, body), "{url}");
    }
    let response = library.ask("GET", "/-/changes/books", &[("accept", "text/csv")]);
    assert_eq!(response.status, 406);
    // The cursor of another feed.
    let link = next(&library.ask("GET", "/-/changes/books?limit=1", &[])).unwrap();
    let cursor = link.split_once("cursor=").unwrap().1;
    assert_eq!(library.ask("GET", &format!("/-/history/books/4?cursor={cursor}"), &[]).status, 400);
}

#[test]
fn a_release_without_a_feed_says_so() {
    let shop = Shop::open();
    for url in ["/-/changes/products", "/-/changes.atom", "/-/history/products/1"] {
        let response = shop.get(url);
        assert_eq!(response.status, 404);
        assert!(text(&response).starts_with(r#"{"code":"CP103","message":"the release has no change feed"#));
        assert!(
            text(&response).ends_with(r#""hint":"build the release in a full clone of its Git repository"}"#)
        );
    }
    assert_eq!(shop.get("/products/9").status, 404);
}

#[test]
fn the_atom_feed() {
    let response = Library::open().ask("GET", "/-/changes.atom", &[("accept", "application/atom+xml")]);
    assert_eq!(header(&response, "content-type"), Some("application/atom+xml; charset=utf-8"));
    assert_eq!(text(&response), ATOM);
}

const ATOM: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>urn:uuid:07f27eee-c6de-83c8-a4e5-cf8c238d62bd</id>
  <title>Changes of library</title>
  <updated>2024-06-05T17:00:00Z</updated>
  <link rel="self" href="/-/changes.atom"/>
  <entry>
    <id>urn:uuid:13223e14-9677-8834-9028-d510d10c1881</id>
    <title>library 1.2.0</title>
    <updated>2024-06-05T17:00:00Z</updated>
    <author><name>library</name></author>
    <link rel="related" href="/-/changes/authors"/>
    <link rel="related" href="/-/changes/biographies"/>
    <link rel="related" href="/-/changes/books"/>
    <link rel="related" href="/-/changes/books_genres"/>
    <link rel="related" href="/-/changes/genres"/>
    <link rel="related" href="/-/changes/letters"/>
    <link rel="related" href="/-/changes/loans"/>
    <link rel="related" href="/-/changes/publishers"/>
    <link rel="related" href="/-/changes/reviews"/>
    <content type="text">authors: 0 added, 0 removed, 0 changed; 4 rows
biographies: 0 added, 0 removed, 0 changed; 2 rows
books: 0 added, 0 removed, 1 changed; 4 rows
books_genres: 0 added, 0 removed, 0 changed; 5 rows
genres: 4 rows; the changes are kept from here on
letters: 0 added, 0 removed, 0 changed; 2 rows
loans: 0 added, 0 removed, 0 changed; 3 rows
publishers: 0 added, 0 removed, 0 changed; 2 rows
reviews: 0 added, 0 removed, 0 changed; 4 rows
commit df551f8712203739de585a13f5f457f7b568f1d7</content>
  </entry>
  <entry>
    <id>urn:uuid:66b877c5-9ca5-8dac-b1da-ed86950f9c75</id>
    <title>library 1.1.0</title>
    <updated>2024-03-01T12:30:00Z</updated>
    <author><name>library</name></author>
    <link rel="related" href="/-/changes/authors"/>
    <link rel="related" href="/-/changes/biographies"/>
    <link rel="related" href="/-/changes/books"/>
    <link rel="related" href="/-/changes/books_genres"/>
    <link rel="related" href="/-/changes/genres"/>
    <link rel="related" href="/-/changes/letters"/>
    <link rel="related" href="/-/changes/loans"/>
    <link rel="related" href="/-/changes/publishers"/>
    <link rel="related" href="/-/changes/reviews"/>
    <content type="text">authors: 0 added, 0 removed, 0 changed; 4 rows
biographies: 0 added, 0 removed, 0 changed; 2 rows
books: 1 added, 1 removed, 0 changed; 4 rows
books_genres: 1 added, 0 removed, 0 changed; 5 rows
genres: 0 added, 0 removed, 0 changed; 4 rows
letters: 0 added, 0 removed, 0 changed; 2 rows
loans: 0 added, 0 removed, 0 changed; 3 rows
publishers: 0 added, 0 removed, 0 changed; 2 rows
reviews: 0 added, 0 removed, 0 changed; 4 rows
commit 39b0172426ef98ccd06d19840423f68c1fa8926a</content>
  </entry>
  <entry>
    <id>urn:uuid:f8a2929f-79a2-836b-be90-8d6faf04dc1b</id>
    <title>library 1.0.0</title>
    <updated>2024-01-10T08:00:00Z</updated>
    <author><name>library</name></author>
    <link rel="related" href="/-/changes/authors"/>
    <link rel="related" href="/-/changes/biographies"/>
    <link rel="related" href="/-/changes/books"/>
    <link rel="related" href="/-/changes/books_genres"/>
    <link rel="related" href="/-/changes/genres"/>
    <link rel="related" href="/-/changes/letters"/>
    <link rel="related" href="/-/changes/loans"/>
    <link rel="related" href="/-/changes/publishers"/>
    <link rel="related" href="/-/changes/reviews"/>
    <content type="text">authors: 4 rows; the changes are kept from here on
biographies: 2 rows; the changes are kept from here on
books: 4 rows; the changes are kept from here on
books_genres: 4 rows; the changes are kept from here on
genres: 4 rows; the changes are kept from here on
letters: 2 rows; the changes are kept from here on
loans: 3 rows; the changes are kept from here on
publishers: 2 rows; the changes are kept from here on
reviews: 4 rows; the changes are kept from here on
commit 8520c2ff1e9913431680fdff057c3000b4b99ea1</content>
  </entry>
</feed>
"#;
