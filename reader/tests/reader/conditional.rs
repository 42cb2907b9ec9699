//! ETag, If-None-Match and Cache-Control.

use reader::{Config, Reader, Release};

use crate::release::{Shop, header, text, write};

#[test]
fn a_known_tag_gets_304() {
    let shop = Shop::open();
    for url in ["/", "/products", "/products/1", "/notes?limit=1"] {
        let first = shop.get(url);
        let etag = header(&first, "etag").unwrap();
        for known in [etag.to_owned(), format!("\"other\", {etag}"), format!("W/{etag}"), "*".to_owned()] {
            let second = shop.ask("GET", url, &[("if-none-match", &known)]);
            assert_eq!((second.status, second.body.len()), (304, 0), "{url} {known}");
            assert_eq!(header(&second, "etag"), Some(etag));
            assert_eq!(header(&second, "cache-control"), header(&first, "cache-control"));
        }
        assert_eq!(shop.ask("GET", url, &[("if-none-match", "\"other\"")]).status, 200, "{url}");
    }
}

/// The answer comes from the catalog: with the table's pages destroyed it is still right.
#[test]
fn a_304_touches_no_table() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), 19.99);
    let shop = Shop::open();
    let etag = header(&shop.get("/products"), "etag").unwrap().to_owned();
    let path = directory.path().join("data.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let root: u32 = connection
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'products'", [], |row| row.get(0))
        .unwrap();
    drop(connection);
    let root = root as usize;
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(root - 1) * 4096..root * 4096].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let reader = Reader::new(Release::open(directory.path()).unwrap(), Config::default());
    let ask = |etag: Option<&str>| {
        let mut headers = reader::Headers::default();
        etag.iter().for_each(|etag| headers.set("if-none-match", etag));
        reader.answer(&reader::RawRequest { method: "GET", path: "/products", query: "", headers })
    };
    assert_eq!(ask(Some(&etag)).status, 304);
    let broken = ask(None);
    assert_eq!(broken.status, 500);
    assert_eq!(
        text(&broken),
        r#"{"code":"CP500","message":"the release can't be read","details":null,"hint":"the reason is in the server's log"}"#
    );
}

#[test]
fn a_change_in_one_table_leaves_the_others_tags() {
    let directory = tempfile::tempdir().unwrap();
    let tags = |price: f64| {
        write(directory.path(), price);
        let reader = Reader::new(Release::open(directory.path()).unwrap(), Config::default());
        ["/products", "/notes", "/"].map(|path| {
            let headers = reader::Headers::default();
            let response = reader.answer(&reader::RawRequest { method: "GET", path, query: "", headers });
            header(&response, "etag").unwrap().to_owned()
        })
    };
    let [products, notes, front] = tags(19.99);
    let [products_after, notes_after, front_after] = tags(21.5);
    assert_ne!(products, products_after);
    assert_eq!(notes, notes_after);
    assert_ne!(front, front_after);
}

#[test]
fn errors_are_not_cached_and_have_no_tag() {
    let response = Shop::open().ask("GET", "/products/9", &[("if-none-match", "*")]);
    assert_eq!(response.status, 404);
    assert_eq!(header(&response, "cache-control"), Some("no-store"));
    assert_eq!(header(&response, "etag"), None);
}

#[test]
fn the_deployment_sets_cache_control() {
    let shop = Shop::with(Config { cache_control: "no-cache".into(), ..Config::default() });
    assert_eq!(header(&shop.get("/products"), "cache-control"), Some("no-cache"));
}
