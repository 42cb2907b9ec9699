//! Paths of several parts that name no row: the path is judged before the query, and the error says
//! where to ask.

use crate::library::Library;
use crate::release::text;

/// URL, status, body
pub(crate) const PATHS: [(&str, u16, &str); 14] = [
    (
        "/first/second/third?select=*",
        404,
        r#"{"code":"PGRST125","message":"Invalid path specified in request URL","details":null,"hint":"a path is /<table> or /<table>/<key>, and 'first' is no table; / lists the tables"}"#,
    ),
    (
        "/rest/v1/books?select=id",
        404,
        r#"{"code":"PGRST125","message":"Invalid path specified in request URL","details":null,"hint":"'books' is a table and 'rest' is not: use the path /books, or set COLDPRESS_BASE_PATH if clients add a prefix"}"#,
    ),
    (
        "/api/books?select=id",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'api' in the schema cache","details":null,"hint":"'books' is a table and 'api' is not: use the path /books, or set COLDPRESS_BASE_PATH if clients add a prefix"}"#,
    ),
    (
        "/rpc/f?a=1",
        404,
        r#"{"code":"PGRST202","message":"Could not find the function 'f' in the schema cache","details":null,"hint":"there are no functions: tables are read at /<table>, with filters and aggregates"}"#,
    ),
    (
        "/bookz/1?select=id",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'bookz' in the schema cache","details":null,"hint":"Perhaps you meant the table 'books'"}"#,
    ),
    (
        "/nope/1?select=id",
        404,
        r#"{"code":"PGRST205","message":"Could not find the table 'nope' in the schema cache","details":null,"hint":null}"#,
    ),
    (
        "/-/shema/bookz",
        404,
        r#"{"code":"PGRST125","message":"Invalid path specified in request URL","details":null,"hint":"perhaps you meant /-/schema/books; under /-/ are health, manifest.json, attestation, openapi.json, schema/<table>, datapackage/<dataset>.json, croissant/<dataset>.json, dcat.jsonld, changes/<table>, changes.atom, columns/<table>, find/<table>, html/<path>, proof/<table>/<key>, history/<table>/<key>, versions/<dataset>, timemap/<table> and at/<when>/<path>; / lists the names"}"#,
    ),
    (
        "/-/history/books",
        404,
        r#"{"code":"PGRST125","message":"Invalid path specified in request URL","details":null,"hint":"perhaps you meant /-/history/books/<key>; under /-/ are health, manifest.json, attestation, openapi.json, schema/<table>, datapackage/<dataset>.json, croissant/<dataset>.json, dcat.jsonld, changes/<table>, changes.atom, columns/<table>, find/<table>, html/<path>, proof/<table>/<key>, history/<table>/<key>, versions/<dataset>, timemap/<table> and at/<when>/<path>; / lists the names"}"#,
    ),
    (
        "/-/nothing?a=1",
        404,
        r#"{"code":"PGRST125","message":"Invalid path specified in request URL","details":null,"hint":"under /-/ are health, manifest.json, attestation, openapi.json, schema/<table>, datapackage/<dataset>.json, croissant/<dataset>.json, dcat.jsonld, changes/<table>, changes.atom, columns/<table>, find/<table>, html/<path>, proof/<table>/<key>, history/<table>/<key>, versions/<dataset>, timemap/<table> and at/<when>/<path>; / lists the names"}"#,
    ),
    (
        "/-/schema/books?a=1",
        400,
        r#"{"code":"CP001","message":"unknown query parameter \"a\"","details":null,"hint":"this path takes no query parameters"}"#,
    ),
    (
        "/scraps/1?select=id",
        404,
        r#"{"code":"CP102","message":"table 'scraps' has no primary key","details":null,"hint":"read its rows at /scraps"}"#,
    ),
    (
        "/books/x?select=id",
        400,
        r#"{"code":"22P02","message":"invalid input syntax for type integer: \"x\"","details":"column 'id' is of type integer","hint":null}"#,
    ),
    (
        "/books/2?select=title,authors(name)",
        400,
        r#"{"code":"CP001","message":"unknown query parameter \"select\"","details":null,"hint":"a row by its key takes no parameters; use /books?id=eq.2&select=title,authors(name)"}"#,
    ),
    (
        "/books_genres/3,2?select=book_id",
        400,
        r#"{"code":"CP001","message":"unknown query parameter \"select\"","details":null,"hint":"a row by its key takes no parameters; use /books_genres?book_id=eq.3&genre_id=eq.2&select=book_id"}"#,
    ),
];

#[test]
fn the_path_is_judged_before_the_query() {
    let library = Library::open();
    for (url, status, body) in PATHS {
        let response = library.ask("GET", url, &[]);
        assert_eq!((response.status, text(&response)), (status, body), "{url}");
    }
}

/// The hint is a request.
#[test]
fn a_row_with_a_query_is_asked_as_the_hint_says() {
    let library = Library::open();
    let refused = library.ask("GET", "/books/2?select=title,authors(name)", &[]);
    let url = text(&refused).split("parameters; use ").nth(1).unwrap().trim_end_matches("\"}");
    assert_eq!(library.get(url), r#"[{"title":"Solaris","authors":{"name":"Stanisław Lem"}}]"#);
}
