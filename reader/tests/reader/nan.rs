//! NaN in columns that have it, as PostgreSQL has it: equal to itself, and greater than any other number.

use crate::library::{Library, Source};
use crate::release::{header, text};

fn open() -> Library {
    Library::of(&[
        Source {
            name: "measures",
            columns: "id integer!, value number, place string",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "(1, 1.5, 'a'), (2, 'NaN', 'b'), (3, 9e999, 'a'), (4, NULL, 'b'), (5, 'NaN', 'c'), (6, 100.0, 'a')",
        },
        Source {
            name: "levels",
            columns: "level number!, name string, next number",
            primary_key: &["level"],
            unique_keys: &[],
            foreign_keys: &[("next", "levels", "level")],
            rows: "(0.5, 'low', 2.0), (2.0, 'high', 'NaN'), ('NaN', 'unknown', NULL)",
        },
        Source {
            name: "words",
            columns: "id integer!, word string",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "(1, '1.5'), (2, 'nan')",
        },
    ])
}

fn ids(rows: &str) -> Vec<i64> {
    let rows: Vec<serde_json::Value> = serde_json::from_str(rows).unwrap();
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[test]
fn it_is_filtered() {
    let library = open();
    for (filter, expected) in [
        ("value=eq.NaN", &[2, 5][..]),
        ("value=eq.nan", &[2, 5]),
        ("value=neq.NaN", &[1, 3, 6]),
        ("value=gt.5", &[2, 3, 5, 6]),
        ("value=gt.Infinity", &[2, 5]),
        ("value=lt.NaN", &[1, 3, 6]),
        ("value=gte.NaN", &[2, 5]),
        ("value=lte.NaN", &[1, 2, 3, 5, 6]),
        ("value=in.(NaN,1.5)", &[1, 2, 5]),
        ("value=isdistinct.NaN", &[1, 3, 4, 6]),
        ("value=not.isdistinct.NaN", &[2, 5]),
        ("value=eq(any).{NaN,100}", &[2, 5, 6]),
        ("value=is.null", &[4]),
        // Of a column that has none.
        ("id=eq.1&id=lt.9", &[1]),
    ] {
        assert_eq!(ids(&library.get(&format!("/measures?select=id&{filter}"))), expected, "{filter}");
    }
}

#[test]
fn it_is_shown_and_cast() {
    let library = open();
    assert_eq!(
        library.get("/measures?id=lte.3"),
        "[{\"id\":1,\"value\":1.5,\"place\":\"a\"},\n {\"id\":2,\"value\":\"NaN\",\"place\":\"b\"},\n \
         {\"id\":3,\"value\":\"Infinity\",\"place\":\"a\"}]"
    );
    assert_eq!(library.get("/measures.csv?id=eq.2"), "id,value,place\n2,NaN,b");
    for (query, rows) in [
        ("/measures?select=value::text&id=eq.2", r#"[{"value":"NaN"}]"#),
        ("/measures?select=value::json&id=eq.2", r#"[{"value":"NaN"}]"#),
        ("/measures?select=value::numeric&id=eq.2", r#"[{"value":"NaN"}]"#),
        ("/words?select=word::numeric", "[{\"word\":1.5},\n {\"word\":\"NaN\"}]"),
    ] {
        assert_eq!(library.get(query), rows, "{query}");
    }
    for (cast, error) in [
        ("int", r#"{"code":"22003","message":"bigint out of range","details":null,"hint":null}"#),
        (
            "bool",
            r#"{"code":"22P02","message":"invalid input syntax for type boolean: \"NaN\"","details":null,"hint":null}"#,
        ),
    ] {
        let response = library.ask("GET", &format!("/measures?select=value::{cast}&id=eq.2"), &[]);
        assert_eq!((response.status, text(&response)), (400, error));
    }
}

#[test]
fn it_is_aggregated() {
    let library = open();
    for (query, rows) in [
        ("measures?select=value.sum(),value.avg()", r#"[{"sum":"NaN","avg":"NaN"}]"#),
        ("measures?select=value.min(),value.max(),value.count()", r#"[{"min":1.5,"max":"NaN","count":5}]"#),
        ("measures?select=value.sum(),value.avg()&id=in.(1,6)", r#"[{"sum":101.5,"avg":50.75}]"#),
        ("measures?select=value.sum(),value.avg()&id=eq.4", r#"[{"sum":null,"avg":null}]"#),
        ("measures?select=value.sum()::text", r#"[{"sum":"NaN"}]"#),
        (
            "measures?select=place,value.sum()&order=place",
            "[{\"place\":\"a\",\"sum\":\"Infinity\"},\n {\"place\":\"b\",\"sum\":\"NaN\"},\n {\"place\":\"c\",\"sum\":\"NaN\"}]",
        ),
        ("words?select=word::numeric.sum()", r#"[{"sum":"NaN"}]"#),
        ("words?select=word::numeric.sum()&id=eq.1", r#"[{"sum":1.5}]"#),
    ] {
        assert_eq!(library.get(&format!("/{query}")), rows, "{query}");
    }
}

#[test]
fn pages_go_on_from_it() {
    let library = open();
    for (order, expected) in [
        ("value", [1, 6, 3, 2, 5, 4]),
        ("value.desc", [4, 2, 5, 3, 6, 1]),
        ("value.desc.nullslast", [2, 5, 3, 6, 1, 4]),
        ("value.nullsfirst", [4, 1, 6, 3, 2, 5]),
    ] {
        let (mut url, mut found) = (format!("/measures?select=id&order={order}&limit=1"), vec![]);
        loop {
            let page = library.ask("GET", &url, &[]);
            found.extend(ids(text(&page)));
            let Some(link) = header(&page, "link") else { break };
            url = link.split(['<', '>']).nth(1).unwrap().to_owned();
        }
        assert_eq!(found, expected, "{order}");
    }
}

#[test]
fn it_is_a_key() {
    let library = open();
    assert_eq!(library.get("/levels/NaN"), r#"{"level":"NaN","name":"unknown","next":null}"#);
    assert_eq!(library.get("/levels/2"), r#"{"level":2,"name":"high","next":"NaN"}"#);
    assert_eq!(library.ask("GET", "/levels/7", &[]).status, 404);
    assert_eq!(
        library.get("/levels?select=name,next(name)&level=eq.2"),
        r#"[{"name":"high","next":{"name":"unknown"}}]"#
    );
}

#[test]
fn its_schema_says_so() {
    let library = open();
    let schema: serde_json::Value = serde_json::from_str(&library.get("/-/schema/measures")).unwrap();
    assert_eq!(
        schema["properties"]["value"].to_string(),
        r#"{"format":"double","type":["number","string","null"]}"#
    );
}
