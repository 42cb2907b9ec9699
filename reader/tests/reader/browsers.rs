//! Who gets a page and who gets data: what clients really send.

use std::time::Duration;

use crate::library::{Library, Source};
use crate::release::{header, text};

pub(crate) const FIREFOX: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

const BROWSERS: [&str; 8] = [
    FIREFOX, // and Safari
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7", // Chromium
    "text/html, text/plain, text/sgml, text/css, application/xhtml+xml, */*;q=0.01", // Lynx
    "text/html,application/xhtml+xml,application/json;q=0.5",
    // What data can't satisfy.
    "text/html",
    "Text/HTML; charset=utf-8",
    "text/html, image/png;q=0.9, text/*;q=0.1",
    "text/html, */*;q=0",
];

const PROGRAMS: [&str; 17] = [
    "*/*",                                                  // curl, fetch, requests, R, Node
    "application/json",                                     // supabase-js
    "application/json, text/plain, */*",                    // axios
    "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", // Java's HttpURLConnection
    "text/html, image/gif, image/jpeg, */*; q=0.2",         // the same since Java 19
    "application/json,text/html,application/xhtml+xml",     // Excel's Power Query begins with data
    "text/csv,text/html,application/xhtml+xml",
    "text/html;q=0.5,application/xhtml+xml;q=0.5,application/json",
    "text/html;q=0,application/xhtml+xml,*/*",
    "text/html, application/json;q=0.1",
    "text/html, application/openapi+json",
    "application/xhtml+xml",
    "application/vnd.pgrst.object+json",
    "application/vnd.pgrst.array+json;nulls=stripped",
    "application/x-ndjson",
    "text/csv",
    "",
];

/// The paths of which there are pages.
const PAGES: [&str; 3] = ["/", "/books?price=lt.10&order=title", "/books/2"];

#[test]
fn browsers_get_pages() {
    let library = Library::open();
    for accept in BROWSERS {
        let page = library.ask("GET", "/", &[("accept", accept)]);
        assert_eq!(page.status, 200, "{accept}");
        assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"), "{accept}");
        assert!(text(&page).starts_with("<!DOCTYPE html><html lang=\"en\">"), "{accept}");
        assert_eq!(header(&page, "vary"), Some("Accept, Accept-Datetime, Accept-Encoding, Prefer, Range"));
    }
}

#[test]
fn programs_get_data() {
    let library = Library::open();
    for url in PAGES.into_iter().chain(["/nothing", "/books?price=x", "/books.csv", "/-/health"]) {
        for accept in PROGRAMS {
            let answer = library.ask("GET", url, &[("accept", accept)]);
            let of = header(&answer, "content-type").unwrap();
            assert!(!of.contains("html"), "{url} {accept}: {of}");
        }
    }
}

/// What is no page stays what it is, for browsers too.
#[test]
fn browsers_get_files() {
    let library = Library::open();
    for url in
        ["/openapi.json", "/books.csv", "/-/datapackage/library.json", "/-/schema/books", "/-/changes.atom"]
    {
        let browser = library.ask("GET", url, &[("accept", FIREFOX)]);
        let program = library.ask("GET", url, &[]);
        assert_eq!((browser.status, browser.body), (program.status, program.body), "{url}");
    }
}

#[test]
fn a_page_has_a_fixed_address() {
    let library = Library::open();
    let page = library.ask("GET", "/-/html/", &[]);
    let negotiated = library.ask("GET", "/", &[("accept", FIREFOX)]);
    assert_eq!(page, negotiated);
    assert_eq!(library.ask("GET", "/-/html", &[]).body, page.body);
    let none = library.ask("GET", "/-/html/books.csv", &[]);
    assert_eq!((none.status, header(&none, "content-type")), (404, Some("text/html; charset=utf-8")));
    assert!(text(&none).contains("there is no page of this"), "{}", text(&none));
}

#[test]
fn a_page_is_cached_as_data_is() {
    let library = Library::open();
    let page = library.ask("GET", "/", &[("accept", FIREFOX)]);
    let etag = header(&page, "etag").unwrap();
    assert_eq!(header(&page, "cache-control"), header(&library.ask("GET", "/", &[]), "cache-control"));
    for known in [etag, "*"] {
        let again = library.ask("GET", "/", &[("accept", FIREFOX), ("if-none-match", known)]);
        assert_eq!((again.status, again.body.len(), header(&again, "etag")), (304, 0, Some(etag)));
    }
    let data = library.ask("GET", "/", &[]);
    assert_ne!(header(&data, "etag"), Some(etag));
    let head = library.ask("HEAD", "/", &[("accept", FIREFOX)]);
    assert_eq!((head.status, head.body.len(), head.length), (200, 0, page.length));
    let options = library.ask("OPTIONS", "/", &[("accept", FIREFOX)]);
    assert_eq!((options.status, header(&options, "allow")), (200, Some("OPTIONS,GET,HEAD")));
}

/// Each page has a tag of its own, which is known before the page is made.
#[test]
fn a_page_that_a_browser_has_is_not_sent_again() {
    let library = Library::open();
    let tag = |url: &str| {
        let page = library.ask("GET", url, &[("accept", FIREFOX)]);
        header(&page, "etag").unwrap_or_else(|| panic!("{url}: {}", page.status)).to_owned()
    };
    let urls = ["/", "/books", "/books?limit=2", "/books/2", "/-/columns/books", "/-/changes/books"];
    let tags = urls.map(tag);
    for (url, own) in urls.iter().zip(&tags) {
        for known in &tags {
            let again = library.ask("GET", url, &[("accept", FIREFOX), ("if-none-match", known)]);
            assert_eq!(again.status, if known == own { 304 } else { 200 }, "{url} {known}");
        }
    }
    let other = Library::with(reader::Config { max_limit: 3, ..reader::Config::default() });
    assert_ne!(header(&other.ask("GET", "/books", &[("accept", FIREFOX)]), "etag"), Some(tags[1].as_str()));
    // A page that is not there is not one that somebody has.
    let none = library.ask("GET", "/books/99", &[("accept", FIREFOX), ("if-none-match", "*")]);
    assert_eq!((none.status, header(&none, "etag")), (404, None));
}

/// What takes too long to count is left out of a page, which is not kept then.
#[test]
fn a_page_that_lacks_a_number_is_true_for_the_moment() {
    let children: Vec<_> = (0..1000).map(|id| format!("({id}, 1)")).collect();
    let source = |name, columns, foreign_keys, rows| Source {
        name,
        columns,
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys,
        rows,
    };
    let sources = [
        source("parents", "id integer!", &[], "(1)"),
        source(
            "children",
            "id integer!, parent integer",
            &[("parent", "parents", "id")],
            children.join(", ").leak(),
        ),
    ];
    for (query_time, rows, cache) in [
        (Duration::ZERO, "rows of children", "no-store"),
        (
            Duration::from_secs(60),
            "1,000 rows of children",
            "public, max-age=60, stale-while-revalidate=86400",
        ),
    ] {
        let library = Library::of_with(&sources, reader::Config { query_time, ..reader::Config::default() });
        let page = library.ask("GET", "/parents/1", &[("accept", FIREFOX), ("if-none-match", "\"x\"")]);
        let link = format!("<a href=\"/children?parent=eq.1\">{rows}</a>");
        assert!(text(&page).contains(&link), "{}", text(&page));
        assert_eq!(header(&page, "cache-control"), Some(cache));
        assert_eq!(header(&page, "etag").is_some(), cache != "no-store");
    }
}

/// The policy names the stylesheet's digest, and the page has no other style and no script.
#[test]
fn a_page_runs_nothing() {
    use base64::Engine;
    use sha2::Digest;
    let page = Library::open().ask("GET", "/", &[("accept", FIREFOX)]);
    let style = text(&page).split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(style));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    assert_eq!(header(&page, "content-security-policy"), Some(policy.as_str()));
    assert_eq!(header(&page, "x-content-type-options"), Some("nosniff"));
    assert_eq!(header(&page, "referrer-policy"), Some("no-referrer"));
    // A block of data is no script (HTML, "The script element").
    let block = "<script type=\"application/ld+json\">";
    assert!(!text(&page).replace(block, "").contains("<script") && !text(&page).contains(" style="));
}

#[test]
fn errors_are_pages_too() {
    let library = Library::open();
    for (url, status, said) in [
        ("/rest/v1/books", 404, "<a href=\"/books\">The table books</a>"),
        ("/bookz", 404, "<a href=\"/books\">The table books</a>"),
        ("/books/99", 404, "no row has this key"),
        ("/books?price=x", 400, "<a href=\"/books\">The table books</a>"),
        ("/-/nothing", 404, "Invalid path specified in request URL"),
        ("/-/change/bookz", 404, "<li><a href=\"/-/changes/books\">/-/changes/books</a></li>"),
        ("/%3Cscript%3E", 404, "code <span class=\"code\">PGRST205</span>"),
        ("/<script>", 404, "&lt;script&gt;"),
        ("/books/5", 410, "This row was removed"),
    ] {
        let page = library.ask("GET", url, &[("accept", FIREFOX)]);
        assert_eq!(page.status, status, "{url}");
        assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"), "{url}");
        assert_eq!(header(&page, "cache-control"), Some("no-store"), "{url}");
        assert!(text(&page).contains(said), "{url}: {}", text(&page).split("<main").nth(1).unwrap());
        assert!(!text(&page).contains("<script"), "{url}");
        let data = library.ask("GET", url, &[]);
        assert_eq!(data.status, status, "{url}");
        assert!(text(&data).starts_with("{\"code\":"), "{url}");
    }
}

#[test]
fn the_front_page_shows_what_is_there() {
    let page = Library::open().ask("GET", "/", &[("accept", FIREFOX)]);
    let page = text(&page);
    for shown in [
        "<title>A small library</title>",
        "<h1>A small library</h1>",
        "<small class=\"mut\">1.2.0</small>",
        "<a href=\"https://creativecommons.org/publicdomain/zero/1.0/\" rel=\"nofollow\">CC0 1.0 Universal</a>",
        "<th scope=\"row\"><a href=\"/books\">books</a></th><td class=\"num\">4</td>",
        "<time datetime=\"2024-06-05T17:00:00Z\">2024-06-05</time>",
        "<a href=\"/-/datapackage/library.json\">Data Package</a>",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
}
