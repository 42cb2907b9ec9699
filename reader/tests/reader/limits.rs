//! What an answer may weigh and a query may take: more is cut between two rows, or refused.

use std::time::Duration;

use catalog::DATABASE_FILE;
use reader::{Config, Reader, Release, Response};

use crate::library::Library;
use crate::release::{Shop, header, text, write};

fn library(max_bytes: usize) -> Library {
    Library::with(Config { max_bytes, ..Config::default() })
}

#[test]
fn a_page_without_room_for_all_rows_is_cut_before_the_first_that_has_none() {
    // Each quote and line end counts twice.
    let library = library(100);
    let url = "/books?select=title&order=title.desc&limit=4";
    let first = library.ask("GET", url, &[]);
    assert_eq!(first.status, 200);
    assert_eq!(
        text(&first),
        "[{\"title\":\"The Left Hand of Darkness\"},\n {\"title\":\"The Dispossessed\"}]"
    );
    assert_eq!(header(&first, "content-range"), Some("0-1/*"));
    let link = header(&first, "link").unwrap();
    let next = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    assert!(next.starts_with("/books?order=title.desc&select=title&limit=4&cursor="), "{next}");
    assert_eq!(
        header(&first, "warning"),
        Some("299 Coldpress \"page cut at 2 rows: more have no room in 100 bytes\"")
    );
    let second = library.ask("GET", next, &[]);
    assert_eq!(text(&second), "[{\"title\":\"Solaris\"},\n {\"title\":\"Beowulf\"}]");
    assert_eq!(header(&second, "warning"), None);
    assert_eq!(header(&second, "link"), None);
    let csv = self::library(50).ask("GET", url, &[("accept", "text/csv"), ("prefer", "count=exact")]);
    assert_eq!(csv.status, 206);
    assert_eq!(text(&csv), "title\nThe Left Hand of Darkness\nThe Dispossessed");
    assert_eq!(header(&csv, "content-range"), Some("0-1/4"));
}

/// The weight of a page is that of the JSON text in which Lambda gets it, to the byte.
#[test]
fn the_maximum_is_kept_to_the_byte() {
    let url = "/books?select=id,title&limit=3";
    let whole = Library::open().get(url);
    let weight = serde_json::to_string(&whole).unwrap().len() - 2;
    // The closing bracket has its room in what is left for the headers.
    assert_eq!(library(weight - 1).get(url), whole);
    assert_ne!(library(weight - 2).get(url), whole);
}

const TOO_LARGE: &str = r#"{"code":"CP010","message":"the answer is too large","details":"60 bytes are allowed, counted as JSON text","hint":"select fewer columns, and give embeds a limit, as in embed.limit=10"}"#;

fn refused(response: &Response, expected: &str) {
    assert_eq!((text(response), response.status), (expected, 400));
    assert_eq!(header(response, "cache-control"), Some("no-store"));
}

#[test]
fn one_row_without_room_is_an_error() {
    let library = library(60);
    let object = [("accept", "application/vnd.pgrst.object+json")];
    refused(&library.ask("GET", "/books", &[]), TOO_LARGE);
    refused(&library.ask("GET", "/books/1", &[]), TOO_LARGE);
    refused(&library.ask("GET", "/books?id=eq.1", &object), TOO_LARGE);
    // An embed, as an array and as columns, is given up while it is written.
    refused(&library.ask("GET", "/authors?select=letters!sender_id(*,authors!sender_id(*))", &[]), TOO_LARGE);
    refused(&library.ask("GET", "/genres?select=...books(title)&id=eq.2", &[]), TOO_LARGE);
    let shop = Shop::with(Config { max_bytes: 60, ..Config::default() });
    refused(&shop.get("/products/1"), TOO_LARGE);
    refused(&shop.get("/"), TOO_LARGE);
    assert_eq!(shop.get("/notes").status, 200);
}

/// A reader of the shop with 20,000 notes more, whose queries may take no time at all: whatever
/// takes more steps than lie between two looks at the clock is interrupted.
fn impatient() -> (tempfile::TempDir, Reader) {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), 19.99);
    let connection = rusqlite::Connection::open(directory.path().join(DATABASE_FILE)).unwrap();
    connection
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO notes SELECT 'note ' || i FROM n;
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO stock SELECT 3, 'place ' || i, i FROM n",
        )
        .unwrap();
    connection.close().unwrap();
    let config = Config { query_time: Duration::ZERO, max_limit: 100_000, ..Config::default() };
    let reader = Reader::new(Release::open(directory.path()).unwrap(), config);
    (directory, reader)
}

#[test]
fn a_query_that_takes_too_long_is_interrupted_and_its_column_named() {
    let (_directory, reader) = impatient();
    let ask = |path: &str, query: &str, prefer: Option<&str>| {
        let mut headers = reader::Headers::default();
        prefer.iter().for_each(|value| headers.set("prefer", value));
        reader.answer(&reader::RawRequest { method: "GET", path, query, headers })
    };
    let error = |hint: &str| {
        format!(
            r#"{{"code":"57014","message":"canceling statement due to statement timeout","details":"it took longer than 0 ms","hint":"{hint}"}}"#
        )
    };
    let of_notes =
        "every row of 'notes' is read to filter by 'text', which has no index; no column of it has one";
    refused(&ask("/notes", "text=eq.x", None), &error(of_notes));
    let of_stock = "which has no index; filter also by one that has: product";
    refused(
        &ask("/stock", "product=gt.0&not.or=(pieces.gt.0,place.eq.x)", None),
        &error(&format!("every row of 'stock' is read to filter by 'pieces', {of_stock}")),
    );
    refused(
        &ask("/stock", "product=eq.3&order=pieces&limit=1", None),
        &error(&format!("every row of 'stock' is read to order by 'pieces', {of_stock}")),
    );
    refused(
        &ask("/products", "select=stock(place)&stock.pieces=eq.-1", None),
        &error(&format!("every row of 'stock' is read to filter by 'pieces', {of_stock}")),
    );
    // The count of a filtered table is a query of the same request.
    refused(
        &ask("/stock", "product=eq.3&limit=1", Some("count=exact")),
        &error("ask for fewer rows or embeds"),
    );
    // The limit ends with its request, and short queries don't meet it.
    assert_eq!(
        text(&ask("/products/2", "", None)),
        r#"{"id":2,"name":"Plate","price":100,"sold":false,"tags":[]}"#
    );
    assert_eq!(text(&ask("/notes", "limit=1", None)), r#"[{"text":"first"}]"#);
}

/// As much as a URL holds, of everything that can be repeated or nested: an error of the client's
/// or an answer, and no stack that overflows.
#[test]
fn excess_is_refused_or_served() {
    // Whether it is slow is another question.
    let library = Library::with(Config { query_time: Duration::from_secs(3600), ..Config::default() });
    let many = |part: &str, length: usize| part.repeat(length / part.len());
    let cases = [
        (format!("select={}id", many("id,", 8000)), 400),
        (format!("select={}id", many("*,", 8000)), 400),
        (format!("select={}id", many("books(", 8000)), 400),
        (format!("select={}id", (0..40).map(|n| format!("a{n}:authors(id),")).collect::<String>()), 400),
        (format!("order={}id", many("id,", 8000)), 400),
        (format!("and={}id.eq.1", many("(and", 8000)), 400),
        (format!("or=({}id.eq.1)", many("id.eq.1,", 8000)), 200),
        (format!("or=({}id.eq.1)", many("id.not.eq.1,", 8000)), 200),
        (many("id=gt.0&", 8000), 200),
        (many("not.and=(id.gt.9,id.lt.0)&", 8000), 200),
        (format!("id=in.({}1)", many("1,", 8000)), 200),
        (format!("id=eq(any).{{{}1}}", many("1,", 8000)), 200),
        (format!("title=like(all).{{{}*}}", many("*,", 8000)), 200),
        (format!("title=like.{}x", many("*", 999)), 200),
        (format!("title=like.{}x", many("*", 8000)), 400),
        (format!("title=ilike.{}x", many("*a", 999)), 200),
        (format!("title=match.{}", many("(a|b)*", 999)), 200),
        (format!("title=match.{}", many(r"\w*", 8000)), 400),
        (format!("title=match.{}", many("(", 8000)), 400),
        (format!("title=match.(a{{1000}}){{1000}}{}", many("a", 100)), 400),
        (format!("select=x:title->{}a", many("a->", 7000)), 200),
        (format!("limit=1&title=eq.{}", many("%F0%9F%92%A9", 8000)), 200),
        ("limit=99999999999999999999".to_owned(), 400),
        ("offset=9223372036854775807".to_owned(), 200),
    ];
    for (query, status) in cases {
        let response = library.ask("GET", &format!("/books?{query}"), &[]);
        let body = String::from_utf8_lossy(&response.body);
        let shown = &query[..60.min(query.len())];
        assert_eq!(response.status, status, "{shown} {}", &body[..300.min(body.len())]);
        if query.starts_with("select=") || query.starts_with("order=") || query.starts_with("and=") {
            assert_eq!(body.contains("\"code\":\"CP007\""), status == 400, "{shown} {body}");
        }
    }
}
