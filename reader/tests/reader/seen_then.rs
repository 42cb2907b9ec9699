//! Pages of tables as they were, and the ways to them.

use reader::Config;

use crate::browsers::FIREFOX;
use crate::library::Library;
use crate::release::{header, text};

fn main_of(library: &Library, url: &str) -> String {
    let page = library.ask("GET", url, &[("accept", FIREFOX)]);
    assert_eq!(header(&page, "content-type"), Some("text/html; charset=utf-8"), "{url}: {}", page.status);
    text(&page).split("<main id=\"main\">").nth(1).unwrap().split("</main>").next().unwrap().to_owned()
}

#[track_caller]
fn has(page: &str, parts: &[&str]) {
    for part in parts {
        assert!(page.contains(part), "{part}\nis not in\n{page}");
    }
}

/// The addresses of links and forms.
fn addresses(page: &str) -> Vec<String> {
    let after = |attribute: &str| page.split(attribute).skip(1).collect::<Vec<_>>();
    let all = after(" href=\"").into_iter().chain(after(" action=\""));
    all.map(|text| text.split('"').next().unwrap().replace("&amp;", "&")).collect()
}

#[test]
fn a_table_is_shown_as_of_then() {
    let page = main_of(&Library::open(), "/-/at/1.1.0/books?price=gt.1&order=title.asc");
    has(
        &page,
        &[
            "<p class=\"then\">As of version <strong>1.1.0</strong> of library, <time datetime=\"2024-03-01T12:30:00Z\">2024-03-01</time>, commit <span class=\"code\" title=\"39b0172426ef98ccd06d19840423f68c1fa8926a\">39b0172426ef</span>. ",
            "<a href=\"/books?price=gt.1&amp;order=title.asc\">As it is now</a>",
            "<a href=\"/-/at/1.0.0/books?price=gt.1&amp;order=title.asc\" rel=\"prev nofollow\">Before: 1.0.0</a>",
            "<a href=\"/-/at/1.2.0/books?price=gt.1&amp;order=title.asc\" rel=\"next nofollow\">After: 1.2.0</a>",
            "version 1.1.0, changed <time datetime=\"2024-03-01T12:30:00Z\">2024-03-01</time>",
            "<a href=\"/-/changes/books\">What changed</a>",
            "<form action=\"/-/at/1.1.0/-/find/books\"",
            "<td class=num>8</td>",
            "<th scope=\"col\" aria-sort=\"ascending\"><a href=\"/-/at/1.1.0/books?price=gt.1&amp;order=title.desc\" rel=\"nofollow\">title ↑</a></th>",
            "<a href=\"/-/at/1.1.0/books.csv?price=gt.1&amp;order=title.asc\" download>CSV</a>",
            "<a href=\"/-/at/1.1.0/authors/2\">Stanisław Lem</a>",
            "curl 'https://HOST/-/at/1.1.0/books?price=gt.1&amp;order=title.asc'",
        ],
    );
}

/// Pages, forms and files stay as of then; what there is of now alone is of now.
#[test]
fn every_link_leads_somewhere() {
    let library = Library::open();
    for (url, of_now) in [
        ("/-/at/1.1.0/", vec!["/", "/openapi.json"]),
        ("/-/at/1.1.0/books?limit=2", vec!["/-/changes/books", "/books?limit=2"]),
        ("/-/at/1.1.0/books/2", vec!["/books/2"]),
        ("/-/at/1.2.0/books/2", vec!["/-/history/books/2", "/books/2"]),
        ("/-/at/1.1.0/books/4", vec!["/-/history/books/4", "/books/4"]),
        ("/-/at/1.0.0/authors/3", vec!["/authors/3"]),
        ("/-/at/1.1.0/-/columns/books", vec!["/-/columns/books"]),
        ("/-/at/2024-04-01/books?price=lt.9", vec!["/-/changes/books", "/books?price=lt.9"]),
    ] {
        let page = library.ask("GET", url, &[("accept", FIREFOX)]);
        let page = text(&page).split("<body>").nth(1).unwrap();
        let then = url.split('/').nth(3).unwrap();
        let mut out = vec![];
        for address in addresses(page) {
            if address.starts_with('#') || address.starts_with("http") {
                continue;
            }
            let answer = library.ask("GET", &address, &[("accept", FIREFOX)]);
            let is_form = address.contains("/-/find/");
            // A row may not be there in the version before or behind.
            let is_beside = address.starts_with("/-/at/") && !address.starts_with(&format!("/-/at/{then}/"));
            let is_there = answer.status == 200 || (is_beside && answer.status == 404);
            assert!(is_form || is_there, "{url} leads to {address}: {}", answer.status);
            if !address.starts_with("/-/at/") {
                out.push(address);
            } else if !address.starts_with(&format!("/-/at/{then}/")) {
                assert!(
                    page.contains(&format!("{}\" rel=\"", address.replace('&', "&amp;")))
                        || page.contains("title=\"The row as of"),
                    "{url}: {address}"
                );
            }
        }
        out.sort();
        out.dedup();
        out.retain(|address| address != "/openapi.json" || of_now.contains(&"/openapi.json"));
        let mut of_now: Vec<_> = of_now.into_iter().map(str::to_owned).collect();
        of_now.sort();
        assert_eq!(out, of_now, "{url}");
    }
}

#[test]
fn a_row_is_shown_with_what_had_happened_to_it() {
    let library = Library::open();
    let page = main_of(&library, "/-/at/1.1.0/books/2");
    has(&page, &["<h1>Solaris</h1>", "<dd>8</dd>", "<a href=\"/books/2\">As it is now</a>"]);
    assert!(!page.contains("What happened to this row"), "{page}");
    let page = main_of(&library, "/-/at/1.2.0/books/2");
    has(
        &page,
        &[
            "<dd>9</dd>",
            "<a href=\"/-/at/1.2.0/books/2\" rel=\"nofollow\" title=\"The row as of 1.2.0\">1.2.0</a>",
            "<a href=\"/-/history/books/2\">All of its history</a>",
        ],
    );
    // Rows that refer to it are those of then.
    has(&main_of(&library, "/-/at/1.0.0/authors/4"), &["1 row of books"]);
}

#[test]
fn a_page_of_then_may_be_asked_for_at_its_fixed_address() {
    let library = Library::open();
    let shown = main_of(&library, "/-/at/1.0.0/books/5");
    for url in ["/-/html/-/at/1.0.0/books/5", "/-/at/1.0.0/-/html/books/5"] {
        let page = library.ask("GET", url, &[]);
        assert_eq!(page.status, 200, "{url}");
        assert!(text(&page).contains(&shown), "{url}");
    }
    assert_eq!(library.ask("GET", "/-/html/-/at/1.0.0/books.csv", &[]).status, 404);
    assert_eq!(library.ask("GET", "/-/html/-/at/1.0.0/-/health", &[]).status, 404);
    assert_eq!(library.ask("GET", "/-/at/1.0.0/", &[]).status, 404);
    assert_eq!(library.ask("OPTIONS", "/-/html/-/at/1.0.0/books", &[]).status, 200);
    let columns = library.ask("GET", "/-/at/1.0.0/-/columns/books", &[]);
    has(text(&columns), &["<h1>Columns of books</h1>", "As of version <strong>1.0.0</strong>"]);
}

#[test]
fn a_form_leads_to_rows_of_then() {
    let library = Library::open();
    let url = "/-/at/1.1.0/-/find/books?column=price&is=lt&value=";
    let found = library.ask("GET", &format!("{url}9"), &[("accept", FIREFOX)]);
    assert_eq!((found.status, header(&found, "location")), (303, Some("/-/at/1.1.0/books?price=lt.9")));
    let wrong = library.ask("GET", &format!("{url}cheap"), &[("accept", FIREFOX)]);
    assert_eq!(wrong.status, 400);
    has(text(&wrong), &["<p class=\"wrong\" id=\"wrong\">", "As of version <strong>1.1.0</strong>"]);
}

/// What is around the rows may become another one, so the page is not kept for ever, as its rows are; search engines
/// have the page of now.
#[test]
fn a_page_of_then_is_a_memento_but_not_for_ever() {
    let library = Library::open();
    let browser = [("accept", FIREFOX)];
    let page = library.ask("GET", "/-/at/1.1.0/books/2", &browser);
    assert_eq!(header(&page, "memento-datetime"), Some("Fri, 01 Mar 2024 12:30:00 GMT"));
    assert!(header(&page, "link").unwrap().starts_with("</books/2>; rel=\"original timegate\""));
    let data = library.ask("GET", "/-/at/1.1.0/books/2", &[]);
    assert_eq!(header(&data, "cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(
        header(&page, "cache-control"),
        header(&library.ask("GET", "/books/2", &browser), "cache-control")
    );
    has(text(&page), &["<meta name=\"robots\" content=\"noindex\">"]);
    assert!(!text(&library.ask("GET", "/-/at/1.1.0/books", &browser)).contains("application/ld+json"));
    let tag = header(&page, "etag").unwrap();
    let again = |url: &str| library.ask("GET", url, &[("accept", FIREFOX), ("if-none-match", tag)]).status;
    assert_eq!(
        [again("/-/at/1.1.0/books/2"), again("/-/at/1.0.0/books/2"), again("/books/2")],
        [304, 200, 200]
    );
}

#[test]
fn pages_of_now_lead_to_those_of_then() {
    let library = Library::open();
    let page = main_of(&library, "/-/changes/books");
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        has(&page, &[&format!("<a href=\"/-/at/{version}/books\" rel=\"nofollow\">as of {version}</a>")]);
    }
    // The key became another one with 1.2.0.
    let page = main_of(&library, "/-/changes/genres");
    has(&page, &["as of 1.2.0</a>"]);
    assert!(!page.contains("as of 1.1.0"), "{page}");
    for url in ["/books/2", "/-/history/books/2"] {
        has(
            &main_of(&library, url),
            &[
                "<th scope=\"row\"><a href=\"/-/at/1.2.0/books/2\" rel=\"nofollow\" title=\"The row as of 1.2.0\">1.2.0</a></th>",
            ],
        );
    }
    let gone = library.ask("GET", "/books/5", &[("accept", FIREFOX)]);
    assert_eq!(gone.status, 410);
    has(text(&gone), &["<a href=\"/-/at/1.0.0/books/5\">The row as of 1.0.0, when it was last there</a>"]);
    has(&main_of(&library, "/-/at/1.0.0/books/5"), &["<h1>Kallocain</h1>", "<dd>7.5</dd>"]);
    let page = main_of(&library, "/-/history/books/5");
    has(&page, &["<th scope=\"row\">1.1.0</th>"]);
}

#[test]
fn what_cannot_be_shown_says_where_to_go() {
    let library = Library::open();
    let gone = library.ask("GET", "/-/at/1.1.0/genres", &[("accept", FIREFOX)]);
    assert_eq!(gone.status, 410);
    has(
        text(&gone),
        &[
            "<h1>This is no longer here</h1>",
            "<a href=\"/genres\">The table genres as it is now</a>",
            "<a href=\"/-/changes/genres\">Its versions</a>",
        ],
    );
    // Where books have genres, the links to these are left out.
    has(&main_of(&library, "/-/at/1.1.0/books_genres"), &["Rows 1 to 5 of 5"]);
    assert_eq!(library.ask("GET", "/-/at/1.1.0/books/99", &[("accept", FIREFOX)]).status, 404);
    assert_eq!(library.ask("GET", "/-/at/latest/", &[("accept", FIREFOX)]).status, 400);
}

#[test]
fn all_data_are_shown_as_of_then() {
    let library = Library::open();
    for (url, notice) in [
        ("/-/at/1.1.0/", "As of <strong>1.1.0</strong>"),
        ("/-/at/library@1.0.0/", "As of <strong>library@1.0.0</strong>"),
        ("/-/at/2024-04-01/", "As of <strong>2024-04-01</strong>"),
        ("/-/html/-/at/39b0172/", "As of <strong>39b0172</strong>"),
    ] {
        let page = library.ask("GET", url, &[("accept", FIREFOX)]);
        assert_eq!(page.status, 200, "{url}");
        has(
            text(&page),
            &[
                notice,
                "<a href=\"/\">As it is now</a>",
                "9 tables",
                "<td class=\"num\">4</td>",
                "<th scope=\"row\">genres<small>its rows of then are not kept</small></th>",
            ],
        );
        assert!(!text(&page).contains("scraps"), "{url}");
    }
}

#[test]
fn the_base_path_is_before_it() {
    let library = Library::with(Config { base_path: "/v1".into(), ..Config::default() });
    has(
        &main_of(&library, "/v1/-/at/1.1.0/books/2"),
        &["<a href=\"/v1/books/2\">As it is now</a>", "<a href=\"/v1/-/at/1.1.0/authors/2\">"],
    );
}
