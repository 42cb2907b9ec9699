//! `GET /<table>` and `GET /<table>/<key>`.

use reader::Config;

use crate::release::{Shop, header, text};

#[test]
fn a_table_is_an_array_of_typed_rows_in_file_order() {
    let response = Shop::open().get("/products");
    assert_eq!(response.status, 200);
    assert_eq!(header(&response, "content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(header(&response, "content-range"), Some("0-2/*"));
    assert_eq!(header(&response, "link"), None);
    assert_eq!(
        text(&response),
        "[{\"id\":1,\"name\":\"Cup, \\\"blue\\\"\",\"price\":19.99,\"sold\":true,\"tags\":[\"a\",\"b\"]},\n \
         {\"id\":2,\"name\":\"Plate\",\"price\":100,\"sold\":false,\"tags\":[]},\n \
         {\"id\":3,\"name\":\"Été\",\"price\":null,\"sold\":null,\"tags\":null}]"
    );
}

#[test]
fn a_page_names_the_next_one() {
    let shop = Shop::open();
    let response = shop.get("/notes?limit=1");
    assert_eq!(text(&response), r#"[{"text":"first"}]"#);
    assert_eq!(header(&response, "content-range"), Some("0-0/*"));
    assert_eq!(
        header(&response, "link"),
        Some("</notes?limit=1&cursor=AWqf5xrJ8GCgjPUQWyBNRScBAAAAAAAAAAEAAAAAAAAA0GQNmbLk>; rel=\"next\"")
    );
    let response = shop.get("/notes?limit=1&offset=1");
    assert_eq!(text(&response), r#"[{"text":"second"}]"#);
    assert_eq!(header(&response, "content-range"), Some("1-1/*"));
    assert_eq!(header(&response, "link"), None);
}

#[test]
fn an_empty_page_is_an_empty_array() {
    let shop = Shop::open();
    for url in ["/notes?limit=0", "/notes?offset=2", "/notes?offset=9223372036854775807"] {
        let response = shop.get(url);
        assert_eq!((response.status, text(&response)), (200, "[]"), "{url}");
        assert_eq!(header(&response, "content-range"), Some("*/*"), "{url}");
        assert_eq!(header(&response, "link"), None, "{url}");
    }
}

#[test]
fn the_deployment_sets_the_page_sizes() {
    let shop = Shop::with(Config { default_limit: 1, max_limit: 2, ..Config::default() });
    let response = shop.get("/products");
    assert_eq!(header(&response, "content-range"), Some("0-0/*"));
    let cut = "299 Coldpress \"page cut at the default limit of 1 rows: the Link header has the next page\"";
    assert_eq!(header(&response, "warning"), Some(cut));
    let response = shop.get("/products?limit=50");
    let cut = "299 Coldpress \"page cut at the maximum of 2 rows: the Link header has the next page\"";
    assert_eq!(header(&response, "warning"), Some(cut));
    assert_eq!(header(&response, "content-range"), Some("0-1/*"));
    assert_eq!(
        header(&response, "link"),
        Some("</products?limit=2&cursor=AeT3xsySiSmDo0JSaSvDrpQCAAAAAAAAAAIAAAAAAAAA8rtH7L0E>; rel=\"next\"")
    );
    // What was asked for is not cut, and neither is a page that has all there is.
    for url in ["/products?limit=2", "/products?limit=1", "/products?limit=2&offset=1", "/products?offset=2"]
    {
        assert_eq!(header(&shop.get(url), "warning"), None, "{url}");
    }
    for url in ["/products.csv", "/products?id=lt.2", "/products/1"] {
        assert_eq!(header(&shop.get(url), "warning"), None, "{url}");
    }
}

#[test]
fn a_key_is_one_row() {
    let response = Shop::open().get("/products/2");
    assert_eq!(response.status, 200);
    assert_eq!(text(&response), r#"{"id":2,"name":"Plate","price":100,"sold":false,"tags":[]}"#);
}

#[test]
fn a_composite_key_is_parted_by_commas() {
    let shop = Shop::open();
    for (url, pieces) in [("/stock/1,a/b", 6), ("/stock/1,\"Bonn, Nord\"", 5), ("/stock/2,100 %", 7)] {
        let response = shop.get(url);
        assert_eq!(response.status, 200, "{url}: {}", text(&response));
        assert!(text(&response).ends_with(&format!("\"pieces\":{pieces}}}")), "{url}");
    }
}

#[test]
fn head_is_get_without_a_body() {
    let shop = Shop::open();
    for url in ["/", "/products", "/products/1", "/products/9", "/nothing"] {
        let (get, head) = (shop.get(url), shop.ask("HEAD", url, &[]));
        assert_eq!((head.status, &head.headers, head.length), (get.status, &get.headers, get.body.len()));
        assert_eq!(head.body, b"", "{url}");
    }
}

#[test]
fn options_says_what_is_allowed() {
    let shop = Shop::open();
    for url in ["/", "/products", "/products/1"] {
        let response = shop.ask("OPTIONS", url, &[]);
        assert_eq!((response.status, response.body.len()), (200, 0), "{url}");
        assert_eq!(header(&response, "allow"), Some("OPTIONS,GET,HEAD"), "{url}");
    }
    assert_eq!(shop.ask("OPTIONS", "/nothing", &[]).status, 404);
}
