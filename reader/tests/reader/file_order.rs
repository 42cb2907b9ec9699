//! Rows in the file's order are read without SQLite: they are what SQLite would give.

use reader::{Config, Headers, RawRequest, Reader, Release};

use crate::library::{Library, Source};
use crate::release::{Shop, header, text, write};

/// Of the same rows as `/<table>`; a filter that holds for all of them takes a statement.
fn with_sqlite(url: &str) -> String {
    format!("{url}{}id=not.is.null", if url.contains('?') { '&' } else { '?' })
}

/// Asks both; the status, and where the next pages of both are.
fn same(library: &Library, [url, other]: [&str; 2], headers: &[(&str, &str)]) -> (u16, Option<[String; 2]>) {
    let (found, expected) = (library.ask("GET", url, headers), library.ask("GET", other, headers));
    assert_eq!(text(&found), text(&expected), "{url} {headers:?}");
    assert_eq!(found.status, expected.status, "{url}");
    for name in ["content-range", "content-type", "preference-applied", "warning"] {
        assert_eq!(header(&found, name), header(&expected, name), "{url}, {name}");
    }
    let next = |response| {
        let link = header(response, "link")?;
        link.split(['<', '>']).nth(1).map(str::to_owned)
    };
    let nexts = (next(&found), next(&expected));
    assert_eq!(nexts.0.is_some(), nexts.1.is_some(), "{url}");
    (found.status, nexts.0.zip(nexts.1).map(|(found, expected)| [found, expected]))
}

#[test]
fn pages_are_the_same_in_every_form() {
    let library = Library::open();
    let forms: [&[(&str, &str)]; 7] = [
        &[],
        &[("accept", "text/csv")],
        &[("accept", "application/x-ndjson")],
        &[("accept", "application/vnd.pgrst.array+json;nulls=stripped")],
        &[("accept", "application/vnd.pgrst.object+json")],
        &[("prefer", "count=exact")],
        &[("range", "1-2")],
    ];
    for table in ["authors", "publishers", "books", "genres"] {
        for query in
            ["", "?limit=1", "?limit=0", "?limit=2&offset=1", "?select=id&limit=3", "?select=x:id,id"]
        {
            for headers in forms {
                let url = format!("/{table}{query}");
                same(&library, [&url, &with_sqlite(&url)], headers);
            }
        }
    }
    for (url, status) in [("/books?limit=1", 200), ("/books", 406)] {
        assert_eq!(same(&library, [url, &with_sqlite(url)], forms[4]).0, status);
    }
}

/// Several levels of pages, gaps between row numbers, values on pages of their own.
#[test]
fn a_large_table_is_paged_to_its_end() {
    let rows: Vec<String> = (0..3000_i64)
        .map(|n| {
            let text = "é".repeat(if n % 500 == 7 { 9000 } else { (n % 60) as usize });
            format!("({}, '{text}', {}, {})", n * n - 100, n / 3 * 2, ["NULL", "0.5", "7.0"][n as usize % 3])
        })
        .collect();
    let library = Library::of(&[Source {
        name: "large",
        columns: "id integer!, text string, half number, rest number",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: rows.join(", ").leak(),
    }]);
    let first = "/large?limit=170&select=text,rest,id,half".to_owned();
    let (mut urls, mut pages) = ([first.clone(), with_sqlite(&first)], 0);
    loop {
        let (status, next) = same(&library, urls.each_ref().map(String::as_str), &[]);
        assert_eq!(status, 200);
        pages += 1;
        let Some(next) = next else { break };
        urls = next;
    }
    assert_eq!(pages, 18);
}

/// Where SQLite can't so much as read its schema, what needs none is answered still.
#[test]
fn without_a_schema_they_are_there() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), 19.99);
    let path = directory.path().join("data.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // Behind the file's header; the catalog starts on the second page.
    bytes[100..4096].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let reader = Reader::new(Release::open(directory.path()).unwrap(), Config::default());
    let shop = Shop::open();
    for url in
        ["/products?", "/products?limit=1", "/products?select=price&limit=2", "/stock?", "/products/1?"]
    {
        let (path, query) = url.split_once('?').unwrap();
        let request = RawRequest { method: "GET", path, query, headers: Headers::default() };
        let found = reader.answer(&request);
        assert_eq!((found.status, text(&found)), (200, text(&shop.get(url.trim_end_matches('?')))), "{url}");
    }
    let filtered =
        RawRequest { method: "GET", path: "/products", query: "price=gt.1", headers: Headers::default() };
    assert_eq!(reader.answer(&filtered).status, 500);
}
