//! Every way to fail, with its exact body.

use reader::{Config, Release};

use crate::release::{Shop, header, text, write};

/// method and URL, status, body
pub(crate) const ERRORS: [(&str, &str, u16, &str); 18] = [
    (
        "GET",
        "/prodcts",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'prodcts' in the schema cache","details":null,"hint":"Perhaps you meant the table 'products'"}"#,
    ),
    (
        "GET",
        "/x\0y",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'x\u0000y' in the schema cache","details":null,"hint":null}"#,
    ),
    (
        "GET",
        "/coldpress_catalog",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'coldpress_catalog' in the schema cache","details":null,"hint":null}"#,
    ),
    (
        "GET",
        "/Products",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'Products' in the schema cache","details":null,"hint":"Perhaps you meant the table 'products'"}"#,
    ),
    (
        "GET",
        "/products/4",
        404,
        r#"{"code":"CP101","message":"no row has this key","details":"table 'products' has 3 rows","hint":"read the rows at /products"}"#,
    ),
    (
        "GET",
        "/products/cup",
        400,
        r#"{"code":"22P02","message":"invalid input syntax for type integer: \"cup\"","details":"column 'id' is of type integer","hint":null}"#,
    ),
    (
        "GET",
        "/products/99999999999999999999",
        400,
        r#"{"code":"22003","message":"value \"99999999999999999999\" is out of range for type integer","details":"column 'id' is of type integer","hint":null}"#,
    ),
    (
        "GET",
        "/stock/1",
        400,
        r#"{"code":"CP004","message":"the key of 'stock' has 2 parts, \"1\" has 1","details":null,"hint":"as in /stock/<product>,<place>; enclose a part that contains a comma in double quotes"}"#,
    ),
    (
        "GET",
        "/notes/1",
        404,
        r#"{"code":"CP102","message":"table 'notes' has no primary key","details":null,"hint":"read its rows at /notes"}"#,
    ),
    (
        "GET",
        "/products?limt=5",
        400,
        r#"{"code":"PGRST100","message":"\"failed to parse filter (5)\" (line 1, column 1)","details":"unexpected \"5\" expecting \"not\" or operator (eq, gt, ...)","hint":"Perhaps you meant the parameter 'limit'"}"#,
    ),
    (
        "GET",
        "/products/1?limit=5",
        400,
        r#"{"code":"CP001","message":"unknown query parameter \"limit\"","details":null,"hint":"a row by its key takes no parameters; use /products?id=eq.1&limit=5"}"#,
    ),
    (
        "GET",
        "/products?limit=abc",
        400,
        r#"{"code":"CP003","message":"limit is \"abc\"","details":null,"hint":"limit takes a whole number of rows, as in limit=20"}"#,
    ),
    (
        "GET",
        "/products?offset=x",
        400,
        r#"{"code":"CP003","message":"offset is \"x\"","details":null,"hint":"offset takes a whole number of rows, as in offset=20"}"#,
    ),
    (
        "GET",
        "/products?limit=-1",
        416,
        r#"{"code":"PGRST103","message":"Requested range not satisfiable","details":"Limit should be greater than or equal to zero.","hint":null}"#,
    ),
    (
        "GET",
        "/products?limit=1&limit=2",
        400,
        r#"{"code":"CP002","message":"\"limit\" is given twice","details":null,"hint":"give it once"}"#,
    ),
    (
        "GET",
        "/products?a=%ff",
        400,
        r#"{"code":"CP005","message":"the URL is not UTF-8 once it is decoded","details":"in \"%ff\"","hint":"encode the URL as UTF-8, then percent-encode it"}"#,
    ),
    (
        "POST",
        "/products",
        405,
        r#"{"code":"PGRST117","message":"Unsupported HTTP method: POST","details":null,"hint":"the data is read-only: GET, HEAD and OPTIONS are served"}"#,
    ),
    (
        "DELETE",
        "/products/1",
        405,
        r#"{"code":"PGRST117","message":"Unsupported HTTP method: DELETE","details":null,"hint":"the data is read-only: GET, HEAD and OPTIONS are served"}"#,
    ),
];

#[test]
fn errors_say_what_is_wrong_and_what_to_do() {
    let shop = Shop::open();
    for (method, url, status, body) in ERRORS {
        let response = shop.ask(method, url, &[]);
        assert_eq!(text(&response), body, "{method} {url}");
        assert_eq!(response.status, status, "{method} {url}");
        assert_eq!(header(&response, "content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(header(&response, "access-control-allow-origin"), Some("*"));
        let code = body.split('"').nth(3).unwrap();
        assert_eq!(header(&response, "proxy-status"), Some(&*format!("Coldpress; error={code}")));
        assert_eq!(header(&response, "allow").is_some(), status == 405, "{method} {url}");
    }
}

#[test]
fn a_long_url_is_refused() {
    let response = Shop::open().get(&format!("/{}", "x".repeat(10_000)));
    assert_eq!(response.status, 414);
    assert_eq!(
        text(&response),
        r#"{"code":"CP006","message":"the URL is too long","details":"10001 bytes; 8192 are allowed","hint":null}"#
    );
}

#[test]
fn only_json_is_served() {
    let shop = Shop::open();
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for accept in ["application/json", "application/*", "*/*", browser, "Application/JSON; charset=utf-8"] {
        assert_eq!(shop.ask("GET", "/notes", &[("accept", accept)]).status, 200, "{accept}");
    }
    let response = shop.ask("GET", "/notes", &[("accept", "text/xml, application/json;q=0")]);
    assert_eq!(response.status, 406);
    assert_eq!(
        text(&response),
        r#"{"code":"PGRST107","message":"None of these media types are available: text/xml, application/json;q=0","details":null,"hint":null}"#
    );
}

#[test]
fn a_database_that_is_none_of_ours_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let message = || {
        let error = Release::open(directory.path()).unwrap_err().to_string();
        error.strip_prefix(path.to_str().unwrap()).unwrap().to_owned()
    };
    assert_eq!(message(), ": it can't be read: No such file or directory (os error 2)");
    std::fs::write(&path, "").unwrap();
    assert_eq!(message(), ": it is not an SQLite database");
    write(directory.path(), 1.0);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let (found, expected) = (bytes.len() - 1, bytes.len());
    assert_eq!(
        message(),
        format!(": it has {found} bytes where its header says {expected}; it was cut short or appended to")
    );
}

#[test]
fn a_foreign_manifest_is_a_server_error_that_tells_nothing() {
    let (shop, other) = (Shop::open(), tempfile::tempdir().unwrap());
    write(other.path(), 1.5);
    std::fs::copy(other.path().join("manifest.json"), shop.directory.path().join("manifest.json")).unwrap();
    let response = shop.get("/");
    assert_eq!(response.status, 500);
    assert_eq!(
        text(&response),
        r#"{"code":"CP500","message":"the release can't be read","details":null,"hint":"the reason is in the server's log"}"#
    );
    let reader = reader::Reader::new(Release::open(shop.directory.path()).unwrap(), Config::default());
    let manifest = shop.directory.path().join("manifest.json");
    assert_eq!(
        reader.check().unwrap_err().to_string(),
        format!(
            "{}: its table \"products\" is not that of data.db; build the release again",
            manifest.display()
        )
    );
}
