//! `/<table>.csv` and the like, and NDJSON.

use catalog::DATABASE_FILE;
use reader::{Config, Headers, RawRequest, Reader, Release};

use crate::library::{Library, Source};
use crate::release::{Shop, header, text, write};

#[test]
fn the_extension_is_the_form_and_the_file_has_a_name() {
    let shop = Shop::open();
    let object = [("accept", "application/vnd.pgrst.object+json")];
    for (url, form, file, body) in [
        ("/notes.csv", "text/csv; charset=utf-8", "notes.csv", "text\nfirst\nsecond"),
        (
            "/notes.json",
            "application/json; charset=utf-8",
            "notes.json",
            "[{\"text\":\"first\"},\n {\"text\":\"second\"}]",
        ),
        (
            "/notes.ndjson",
            "application/x-ndjson; charset=utf-8",
            "notes.ndjson",
            "{\"text\":\"first\"}\n{\"text\":\"second\"}\n",
        ),
        ("/notes.csv?limit=1", "text/csv; charset=utf-8", "notes-0-0.csv", "text\nfirst"),
        ("/notes.csv?offset=1", "text/csv; charset=utf-8", "notes-from-1.csv", "text\nsecond"),
        ("/notes.csv?text=eq.x", "text/csv; charset=utf-8", "notes.csv", "text"),
    ] {
        let response = shop.ask("GET", url, &object);
        assert_eq!((response.status, text(&response)), (200, body), "{url}");
        assert_eq!(header(&response, "content-type"), Some(form), "{url}");
        let disposition = format!("attachment; filename=\"{file}\"");
        assert_eq!(header(&response, "content-disposition"), Some(&*disposition), "{url}");
        let head = shop.ask("HEAD", url, &object);
        let mut expected = response.headers.clone();
        expected.retain(|(name, _)| *name != "repr-digest");
        assert_eq!((&head.headers, head.length, head.body.len()), (&expected, body.len(), 0));
        let tag = header(&response, "etag").unwrap();
        assert_eq!(shop.ask("GET", url, &[("if-none-match", tag)]).status, 304, "{url}");
    }
    assert_eq!(header(&shop.get("/notes"), "content-disposition"), None);
}

#[test]
fn a_file_has_all_rows_or_is_an_error() {
    let shop = Shop::with(Config { default_limit: 1, max_limit: 2, ..Config::default() });
    let response = shop.get("/products.csv?select=id");
    assert_eq!(text(&response), "id\n1\n2\n3");
    assert_eq!(header(&response, "content-disposition"), Some("attachment; filename=\"products.csv\""));
    assert_eq!(text(&shop.get("/products.csv?select=id&limit=2&offset=1")), "id\n2\n3");
    let shop = Shop::with(Config { max_bytes: 8, ..Config::default() });
    let response = shop.get("/products.csv?select=id");
    assert_eq!(response.status, 400);
    assert_eq!(
        text(&response),
        r#"{"code":"CP010","message":"the file is too large for one answer","details":"8 bytes are allowed, counted as JSON text","hint":"ask for ranges of bytes, as in Range: bytes=0-3999999, for pages, as in limit=1000&offset=1000, or for fewer rows and columns; a client that accepts gzip gets more in one answer"}"#
    );
    let part = shop.ask("GET", "/products.csv?select=id", &[("range", "bytes=1-4")]);
    assert_eq!((part.status, text(&part)), (206, "d\n1\n"));
    assert_eq!(shop.ask("GET", "/products.csv?select=id", &[("range", "bytes=0-8")]).status, 400);
    assert_eq!(shop.ask("HEAD", "/products.csv?select=id", &[]).length, 8);
}

#[test]
fn a_table_whose_own_name_ends_so_goes_before() {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), 19.99);
    let connection = rusqlite::Connection::open(directory.path().join(DATABASE_FILE)).unwrap();
    let mut table = catalog::table(&connection, "notes").unwrap().unwrap();
    table.name = "notes.csv".into();
    table.rows = 1;
    catalog::put_table(&connection, &table, "{}").unwrap();
    connection
        .execute_batch(
            "CREATE TABLE \"notes.csv\"(text TEXT) STRICT; INSERT INTO \"notes.csv\" VALUES ('other')",
        )
        .unwrap();
    connection.close().unwrap();
    let reader = Reader::new(Release::open(directory.path()).unwrap(), Config::default());
    let get = |path: &str| {
        reader.answer(&RawRequest { method: "GET", path, query: "", headers: Headers::default() })
    };
    let own = get("/notes.csv");
    assert_eq!(text(&own), r#"[{"text":"other"}]"#);
    assert_eq!(header(&own, "content-disposition"), None);
    assert_eq!(text(&get("/notes.csv.csv")), "text\nother");
    assert_eq!(
        text(&get("/note.csv")),
        r#"{"code":"PGRST205","message":"Could not find the table 'note.csv' in the schema cache","details":null,"hint":"Perhaps you meant the table 'notes.csv'"}"#
    );
}

#[test]
fn lines_are_served_by_their_media_types() {
    let shop = Shop::open();
    for accept in ["application/x-ndjson", "application/jsonl", "text/html, application/ndjson;q=0.5"] {
        let row = shop.ask("GET", "/products/2", &[("accept", accept)]);
        assert_eq!(
            text(&row),
            "{\"id\":2,\"name\":\"Plate\",\"price\":100,\"sold\":false,\"tags\":[]}\n",
            "{accept}"
        );
        assert_eq!(header(&row, "content-type"), Some("application/x-ndjson; charset=utf-8"));
        let none = shop.ask("GET", "/notes?text=eq.x", &[("accept", accept)]);
        assert_eq!((none.status, text(&none)), (200, ""), "{accept}");
    }
}

/// JSON that is written over several lines is one line of NDJSON.
#[test]
fn a_row_is_a_line() {
    let library = Library::of(&[Source {
        name: "drafts",
        columns: "id integer!, any any, text string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: r#"(1, '[1,' || char(13, 10) || ' 2]', '{"a":' || char(10) || ' "b c"}')"#,
    }]);
    assert_eq!(
        library.get("/drafts.ndjson?select=id,any,text::json"),
        "{\"id\":1,\"any\":[1, 2],\"text\":{\"a\": \"b c\"}}\n"
    );
    assert_eq!(library.get("/drafts.csv?select=any"), "any\n\"[1,\r\n 2]\"");
}
