//! Pages in the order of then that are the first question of a version: no table is restored for them, and they are what
//! the restored one would give.

use reader::{Config, Headers, RawRequest, Reader, Release, Response};

use crate::built::built;
use crate::refused::{history, write};

const NOTES: (&str, &str) = ("notes", "text\nsecond\n");

fn ask(reader: &Reader, url: &str) -> Response {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let headers = Headers { prefer: Some("count=exact".to_owned()), ..Headers::default() };
    reader.answer(&RawRequest { method: "GET", path, query, headers })
}

/// Keys that ascend are the row numbers, here with gaps; in another order, and without any, they are not.
#[test]
fn a_page_is_the_same_before_and_after_its_table_is_restored() {
    let repository = history();
    for (version, items) in [
        ("1.3.0", "1,one\n2,two\n4,four\n5,five\n9,nine\n12,twelve\n"),
        ("1.4.0", "2,two\n4,vier\n7,seven\n9,nine\n12,twelve\n15,fifteen\n"),
        ("1.5.0", "1,uno\n9,nine\n2,two\n12,twelve\n20,twenty\n"),
        ("1.6.0", ""),
        ("1.7.0", "3,three\n9,neun\n12,twelve\n40,forty\n"),
    ] {
        write(repository.path(), version, &[("items", &format!("id,name\n{items}")), NOTES]);
    }
    let (_reader, _connection, release) = built(repository.path(), true).unwrap();
    let directory = release.path().join("dist");
    for version in 0..8 {
        for query in [
            "",
            "limit=2",
            "limit=0",
            "limit=3&offset=1",
            "offset=4",
            "offset=9",
            "select=n:name&limit=1&offset=2",
            "limit=2&cursor=nothing",
        ] {
            let reader = Reader::new(Release::open(&directory).unwrap(), Config::default());
            let before = format!("/-/at/1.{version}.0/items");
            // With the pages behind it, by their cursors.
            let pages = || {
                let mut pages = vec![ask(&reader, &format!("{before}?{query}"))];
                while let Some(next) = next(pages.last().unwrap()) {
                    pages.push(ask(&reader, &next));
                    assert!(pages.len() < 9, "{next}");
                }
                pages
            };
            let by_rows = pages();
            assert_eq!(ask(&reader, &format!("{before}?id=gte.0")).status, 200);
            assert_eq!(by_rows, pages(), "{version} {query}");
        }
    }
}

/// Where the next page is, unless it never ends.
fn next(page: &Response) -> Option<String> {
    let (_, links) = page.headers.iter().find(|(name, _)| *name == "link")?;
    let next = links.split(", ").find(|link| link.ends_with("rel=\"next\""))?;
    let url = next.trim_start_matches('<').split_once('>')?.0;
    (!url.contains("limit=0")).then(|| url.to_owned())
}

/// As a row by its key, such a page takes the feed's word; what restores the table compares it with its version's digest.
#[test]
fn rows_are_compared_with_the_digest_where_their_table_is_restored() {
    let repository = history();
    write(repository.path(), "1.3.0", &[("items", "id,name\n2,two\n3,drei\n4,four\n"), NOTES]);
    write(repository.path(), "1.4.0", &[("items", "id,name\n4,four\n3,three\n5,five\n"), NOTES]);
    let (_reader, connection, release) = built(repository.path(), true).unwrap();
    let another_digest = "UPDATE coldpress_catalog SET about = json_set(about, '$.items.digest', printf('%064d', 7)) \
                          WHERE kind = 'version/shop' AND json_extract(entry, '$.version') = '1.3.0'";
    assert_eq!(connection.execute(another_digest, []).unwrap(), 1);
    let directory = release.path().join("dist");
    let open = || Reader::new(Release::open(&directory).unwrap(), Config::default());
    let reader = open();
    let found = ask(&reader, "/-/at/1.3.0/items?limit=2");
    let rows = "[{\"id\":2,\"name\":\"two\"},\n {\"id\":3,\"name\":\"drei\"}]";
    assert_eq!((found.status, std::str::from_utf8(&found.body).unwrap()), (206, rows));
    // Who reads more rows than the table has gets it restored.
    for (url, status) in [
        ("/-/at/1.3.0/items?limit=1&offset=2", 206),
        ("/-/at/1.3.0/items/3", 200),
        ("/-/at/1.3.0/items?limit=1", 409),
        ("/-/at/1.3.0/items?id=eq.2", 409),
        ("/-/at/1.3.0/items.csv", 409),
    ] {
        assert_eq!(ask(&reader, url).status, status, "{url}");
    }
    // A removed row that the feed no longer has, and an invalid order.
    for sql in [
        "DELETE FROM coldpress_catalog WHERE kind = 'change/items' AND entry = 'removed'",
        "UPDATE coldpress_catalog SET about = 'AAAA' WHERE kind = 'order/items'",
    ] {
        assert!(connection.execute(sql, []).unwrap() > 0, "{sql}");
        let found = ask(&open(), "/-/at/1.3.0/items?limit=1");
        let body = String::from_utf8(found.body).unwrap();
        assert!(found.status == 500 && body.contains("\"CP500\"") && !body.contains("two"), "{sql}: {body}");
    }
}
