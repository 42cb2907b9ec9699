//! Pages that follow one another: by `Link` no row is left out or shown twice, whatever the order.

use proptest::prelude::*;
use reader::{Config, Headers, RawRequest, Reader, Release, Response};
use serde_json::Value;

use crate::library::{Library, Source};
use crate::properties::runner;
use crate::release::{header, text, write};

/// Where `Link` leads.
fn next(response: &Response) -> Option<String> {
    let link = header(response, "link")?;
    Some(link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap().to_owned())
}

/// Few different values, so that most rows have equals, and nulls in every column but the key.
fn stock() -> Library {
    let mut random: u64 = 7;
    let mut pick = |from: &[&'static str]| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        from[(random >> 33) as usize % from.len()]
    };
    let rows: Vec<_> = (0..61)
        .map(|number| {
            let size = pick(&["1", "2", "30", "NULL", "-4"]);
            let weight = pick(&["0.5", "1e300", "-2.0", "NULL", "7.0"]);
            let name = pick(&["''", "'a'", "'B'", "'é'", "NULL", "'a b'"]);
            let sold = pick(&["0", "1", "NULL"]);
            let made = pick(&[
                "'2024-01-01T10:00:00Z'",
                "'2024-01-01T11:00:00+01:00'",
                "NULL",
                "'2023-05-01T00:00:00Z'",
            ]);
            let extra =
                pick(&["'{\"a\":1}'", "'{\"a\":\"x\"}'", "'{\"a\":null}'", "'{}'", "NULL", "'{\"a\":[2]}'"]);
            let in_box = pick(&["1", "2", "3", "NULL"]);
            format!("('k{}', {size}, {weight}, {name}, {sold}, {made}, {extra}, {in_box})", number * 7 % 61)
        })
        .collect();
    Library::of(&[
        Source {
            name: "boxes",
            columns: "id integer!, label string, size integer",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "(1, 'red', 5), (2, NULL, 5), (3, 'blue', NULL)",
        },
        Source {
            name: "things",
            columns: "code string!, size integer, weight number, name string, sold boolean, made datetime, extra object, box_id integer",
            primary_key: &["code"],
            unique_keys: &[],
            foreign_keys: &[("box_id", "boxes", "id")],
            rows: Box::leak(rows.join(", ").into_boxed_str()),
        },
    ])
}

fn question() -> impl Strategy<Value = String> {
    let column = prop::sample::select(
        &[
            "code",
            "size",
            "weight",
            "name",
            "sold",
            "made",
            "extra",
            "extra->a",
            "extra->>a",
            "boxes(label)",
            "boxes(size)",
        ][..],
    );
    let way = prop::sample::select(
        &["", ".asc", ".desc", ".nullsfirst", ".nullslast", ".desc.nullslast", ".asc.nullsfirst"][..],
    );
    let term = (column, way).prop_map(|(column, way)| format!("{column}{way}"));
    let select = prop::sample::select(
        &[
            "boxes()",
            "*,boxes(*)",
            "code,boxes(label)",
            "name,boxes!inner(things(code))",
            "...boxes(color:label)",
        ][..],
    );
    let filter = prop::sample::select(
        &[
            "",
            "",
            "&size=gt.0",
            "&name=not.is.null",
            "&or=(size.is.null,weight.lt.1)",
            "&boxes.label=eq.red",
            "&boxes=not.is.null",
            "&extra->>a=eq.x",
            "&code=eq.none",
        ][..],
    );
    (select, prop::collection::vec(term, 0..4), filter).prop_map(|(select, terms, filter)| {
        let order = if terms.is_empty() { String::new() } else { format!("&order={}", terms.join(",")) };
        // A spread's columns are the row's; `boxes` stays its name.
        let select = if select == "boxes()" { "code,boxes()" } else { select };
        format!("/things?select={select}{order}{filter}")
    })
}

#[test]
fn all_pages_are_the_rows_of_one() {
    let library = stock();
    let rows = |body: &str| -> Vec<Value> { serde_json::from_str(body).unwrap() };
    runner(400)
        .run(&(question(), 1..12_usize), |(url, size)| {
            let expected = rows(&library.get(&url));
            let (mut found, mut pages) = (vec![], 0);
            let mut at = Some(format!("{url}&limit={size}"));
            while let Some(url) = at {
                let response = library.ask("GET", &url, &[]);
                prop_assert_eq!(response.status, 200, "{} {}", url, text(&response));
                let page = rows(text(&response));
                let range = match page.len() {
                    0 => "*/*".to_owned(),
                    rows => format!("{}-{}/*", found.len(), found.len() + rows - 1),
                };
                prop_assert_eq!(header(&response, "content-range"), Some(&*range));
                found.extend(page);
                pages += 1;
                at = next(&response);
                prop_assert!(at.as_ref().is_none_or(|url| url.contains("&cursor=")), "{:?}", at);
            }
            prop_assert_eq!(&found, &expected, "{}", url);
            prop_assert_eq!(pages, expected.len().div_ceil(size).max(1));
            Ok(())
        })
        .unwrap();
}

#[test]
fn groups_follow_by_offset() {
    let library = stock();
    let url = "/things?select=size,count()&limit=2";
    let response = library.ask("GET", url, &[]);
    let next = next(&response).unwrap();
    assert_eq!(next, "/things?select=size%2Ccount%28%29&limit=2&offset=2");
    assert_eq!(header(&library.ask("GET", &next, &[]), "content-range"), Some("2-3/*"));
}

/// A reader of the shop where product 1 has that price.
fn shop(price: f64) -> (tempfile::TempDir, Reader) {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), price);
    let reader = Reader::new(Release::open(directory.path()).unwrap(), Config::default());
    (directory, reader)
}

fn ask(reader: &Reader, url: &str, range: Option<&str>) -> Response {
    let (path, query) = url.split_once('?').unwrap();
    let mut headers = Headers::default();
    range.iter().for_each(|range| headers.set("range", range));
    reader.answer(&RawRequest { method: "GET", path, query, headers })
}

#[test]
fn a_cursor_ends_with_the_data_that_it_was_made_for() {
    let (_one, before) = shop(19.99);
    let (_other, after) = shop(21.5);
    let products = next(&ask(&before, "/products?order=price.desc&limit=1", None)).unwrap();
    let notes = next(&ask(&before, "/notes?limit=1", None)).unwrap();
    assert_eq!(text(&ask(&before, &notes, None)), r#"[{"text":"second"}]"#);
    assert_eq!(text(&ask(&after, &notes, None)), r#"[{"text":"second"}]"#);
    assert_eq!(ask(&before, &products, None).status, 200);
    let response = ask(&after, &products, None);
    assert_eq!(response.status, 410);
    assert_eq!(
        text(&response),
        r#"{"code":"CP110","message":"the data changed since the page before","details":"going on from there would leave rows out or show them twice","hint":"start over: repeat the request without the cursor"}"#
    );
}

#[test]
fn a_page_may_be_longer_than_the_one_before() {
    let (_directory, shop) = shop(19.99);
    let url = next(&ask(&shop, "/products?select=id&order=name&limit=1", None)).unwrap();
    assert_eq!(text(&ask(&shop, &url.replace("limit=1", "limit=9"), None)), "[{\"id\":2},\n {\"id\":3}]");
    assert_eq!(text(&ask(&shop, &url.replace("limit=1&", ""), None)), "[{\"id\":2},\n {\"id\":3}]");
}

#[test]
fn no_other_cursor_is_taken() {
    let (_directory, shop) = shop(19.99);
    let url = next(&ask(&shop, "/products?order=name&limit=1", None)).unwrap();
    let cursor = url.split_once("cursor=").unwrap().1;
    let hint = "use the cursor in the Link header of the previous page, or repeat the request without one";
    let cases = [
        (
            format!("/products?order=price&cursor={cursor}"),
            "it belongs to another table, filter, order or select",
        ),
        (
            format!("/stock?order=name&cursor={cursor}"),
            "it belongs to another table, filter, order or select",
        ),
        (
            format!("/products?order=name&id=gt.1&cursor={cursor}"),
            "it belongs to another table, filter, order or select",
        ),
        (
            format!("/products?order=name&cursor={}", cursor.replace(&cursor[20..24], "AAAA")),
            "it is no cursor, or was changed",
        ),
        (format!("/products?order=name&cursor={}", &cursor[1..]), "it is no cursor"),
        ("/products?cursor=".to_owned(), "it is no cursor"),
        ("/products?cursor=abc".to_owned(), "it is no cursor"),
        (format!("{url}&offset=0"), "it comes with an offset or a range, and says itself where to begin"),
    ];
    for (url, details) in cases {
        let response = ask(&shop, &url, None);
        assert_eq!(
            text(&response),
            format!(
                r#"{{"code":"CP020","message":"the cursor can't be used","details":"{details}","hint":"{hint}"}}"#
            ),
            "{url}"
        );
        assert_eq!(response.status, 400);
    }
    let response = ask(&shop, &url, Some("0-9"));
    assert!(text(&response).contains("it comes with an offset or a range"), "{}", text(&response));
    let response = ask(&shop, &format!("{url}&cursor={cursor}"), None);
    assert_eq!(
        text(&response),
        r#"{"code":"CP002","message":"\"cursor\" is given twice","details":null,"hint":"give it once"}"#
    );
}

/// A column may be called `cursor`: a filter has a point, and a cursor has none.
#[test]
fn a_column_may_be_called_cursor() {
    let library = Library::of(&[Source {
        name: "mice",
        columns: "id integer!, cursor string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1, 'arrow'), (2, 'hand'), (3, 'hand'), (4, 'hand')",
    }]);
    let first = library.ask("GET", "/mice?cursor=eq.hand&select=id&limit=1", &[]);
    assert_eq!(text(&first), "[{\"id\":2}]");
    let second = library.ask("GET", &next(&first).unwrap(), &[]);
    assert_eq!(text(&second), "[{\"id\":3}]");
    assert_eq!(text(&library.ask("GET", &next(&second).unwrap(), &[])), "[{\"id\":4}]");
}
