//! Values with several spellings: what `eq` finds is one group, and groups come in the order of rows.

use serde_json::Value;

use crate::library::{Library, Source};
use crate::release::{header, text};

fn open() -> Library {
    Library::of(&[
        Source {
            name: "places",
            columns: "id integer!, seen datetime",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[],
            rows: "(1, '2024-01-01T01:00:00+01:00'), (2, '2024-01-01T00:00:00Z'), (3, NULL)",
        },
        Source {
            name: "things",
            columns: "id integer!, place_id integer, ts datetime, tags array, list list, about object, point geopoint, shape geojson, value any, number number, text string, day date, time time, month yearmonth, flag boolean",
            primary_key: &["id"],
            unique_keys: &[],
            foreign_keys: &[("place_id", "places", "id")],
            rows: r#"
                (1, 1, '2024-01-01T00:30:00+01:00', '[1,2]', 'b', '{"a":1,"b":2}', '1.0,2', '{"type":"Point","coordinates":[1,2]}', '[1,2]', 1.5, 'b', '2024-01-02', '10:00:00', '2024-02', 1),
                (2, 1, '2024-01-01T01:00:00+01:00', '[1,2.0]', 'a,b', '{"b":2.0,"a":1}', '1,2', '{"coordinates":[1,2],"type":"Point"}', '[1, 2.0]', 'NaN', 'a', '2024-01-01', '09:00:00', '2024-01', 0),
                (3, 2, '2024-01-01T00:00:00Z', '[10]', 'a', '{"b":3}', '10,2', NULL, 'plain', 9e999, 'b', '2024-01-02', '09:00:00', '2024-02', 1),
                (4, 2, '2024-01-01T00:00:00.500Z', '[2]', '', '{"a":1}', '1,2.5', NULL, '10', -0.0, 'B', NULL, NULL, NULL, NULL),
                (5, 3, '2024-01-01T00:00:00.5Z', '[null]', 'b', '{"aa":1}', NULL, '{"type":"Point","coordinates":[1,2]}', '{"b":1,"a":2}', 0.0, 'é', '2023-12-31', '23:00:00', '2023-12', 1),
                (6, 3, '2024-01-01T00:00:00', '[]', NULL, '{}', '-1,2', NULL, '{"a":2,"b":1}', 'NaN', NULL, NULL, NULL, NULL, NULL),
                (7, NULL, '9999-12-31T23:59:59-01:00', NULL, 'a,b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
                (8, NULL, '0001-01-01T00:00:00+14:00', '[1]', NULL, NULL, NULL, NULL, '[1.0,2]', NULL, NULL, NULL, NULL, NULL, NULL),
                (9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)"#,
        },
    ])
}

fn rows(library: &Library, url: &str) -> Vec<Value> {
    serde_json::from_str(&library.get(url)).unwrap()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// As it stands behind `eq.`.
fn operand(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The groups of a column by a plain reading: for each row in order those that `eq` finds with its
/// own spelling, once.
fn groups_by_eq(library: &Library, column: &str, order: &str) -> Vec<Vec<i64>> {
    let ids = |rows: Vec<Value>| -> Vec<i64> { rows.iter().map(|row| row["id"].as_i64().unwrap()).collect() };
    let mut groups: Vec<Vec<i64>> = vec![];
    for row in rows(library, &format!("/things?select=id,v:{column}&order={order}")) {
        let found = ids(rows(
            library,
            &match &row["v"] {
                Value::Null => format!("/things?select=id&{column}=is.null"),
                value => format!("/things?select=id&{column}=eq.{}", encoded(&operand(value))),
            },
        ));
        assert!(found.contains(&row["id"].as_i64().unwrap()), "{column} {row}: a value equals itself");
        if !groups.contains(&found) {
            groups.push(found);
        }
    }
    groups
}

const COLUMNS: [&str; 14] = [
    "ts", "tags", "list", "about", "about->b", "point", "shape", "value", "number", "text", "day", "time",
    "month", "flag",
];

#[test]
fn a_group_is_what_eq_finds() {
    let library = open();
    for column in COLUMNS {
        for way in ["", ".desc", ".nullsfirst", ".desc.nullslast"] {
            // Documents in an `any` column are ordered by their text, of which a group has several.
            if column == "value" && way.starts_with(".desc") {
                continue;
            }
            let order = format!("{column}{way}");
            let expected: Vec<(usize, i64)> = groups_by_eq(&library, column, &order)
                .iter()
                .map(|ids| (ids.len(), ids.iter().sum()))
                .collect();
            let groups =
                rows(&library, &format!("/things?select=v:{column},n:count(),ids:id.sum()&order={order}"));
            let number = |group: &Value, name: &str| group[name].as_i64().unwrap();
            let found: Vec<_> =
                groups.iter().map(|group| (number(group, "n") as usize, number(group, "ids"))).collect();
            assert_eq!(found, expected, "{order}");
        }
    }
}

#[test]
fn filters_divide_what_order_orders() {
    let library = open();
    for column in COLUMNS.into_iter().filter(|column| *column != "flag") {
        let all =
            rows(&library, &format!("/things?select=id,v:{column}&order={column}&{column}=not.is.null"));
        for at in &all {
            let value = encoded(&operand(&at["v"]));
            let count = |operator: &str| {
                rows(&library, &format!("/things?select=id&{column}={operator}.{value}")).len()
            };
            let before = rows(&library, &format!("/things?select=id&order={column}&{column}=lt.{value}"));
            assert_eq!(
                before,
                {
                    let ids = all.iter().take(before.len()).map(|row| serde_json::json!({ "id": row["id"] }));
                    ids.collect::<Vec<_>>()
                },
                "{column} before {at}"
            );
            // An `any` column is ordered as text, and its documents are the same by what they hold.
            if column != "value" {
                assert_eq!(count("lt") + count("eq") + count("gt"), all.len(), "{column} {at}");
            }
            assert_eq!(count("lte") + count("gt"), all.len(), "{column} {at}");
            assert_eq!(count("eq") + count("neq"), all.len(), "{column} {at}");
        }
    }
}

/// As PostgreSQL 15 has them, the column being a `timestamptz`, but that the text of the data is shown.
#[test]
fn instants_are_grouped_and_ordered_by_time() {
    let library = open();
    for (query, expected) in [
        (
            "things?select=ts,count()",
            "[{\"ts\":\"0001-01-01T00:00:00+14:00\",\"count\":1},\n \
             {\"ts\":\"2024-01-01T00:30:00+01:00\",\"count\":1},\n \
             {\"ts\":\"2024-01-01T00:00:00\",\"count\":3},\n \
             {\"ts\":\"2024-01-01T00:00:00.500Z\",\"count\":2},\n \
             {\"ts\":\"9999-12-31T23:59:59-01:00\",\"count\":1},\n \
             {\"ts\":null,\"count\":1}]",
        ),
        (
            "things?select=t:ts,count()&order=ts.desc.nullslast&limit=2",
            "[{\"t\":\"9999-12-31T23:59:59-01:00\",\"count\":1},\n \
             {\"t\":\"2024-01-01T00:00:00.500Z\",\"count\":2}]",
        ),
        (
            "things?select=ts.min(),ts.max()&id=lte.3",
            r#"[{"min":"2024-01-01T00:30:00+01:00","max":"2024-01-01T00:00:00Z"}]"#,
        ),
        ("things?select=ts.max()", r#"[{"max":"9999-12-31T23:59:59-01:00"}]"#),
        ("things?select=ts.min()::date&id=lte.3", r#"[{"min":"2023-12-31"}]"#),
        ("things?select=ts.min(),ts.count()&id=eq.9", r#"[{"min":null,"count":0}]"#),
        (
            "things?select=...places(seen),count()&order=places(seen).desc",
            "[{\"seen\":null,\"count\":5},\n {\"seen\":\"2024-01-01T00:00:00Z\",\"count\":4}]",
        ),
        (
            "things?select=places(seen),ts.max()&place_id=lte.2",
            r#"[{"places":{"seen":"2024-01-01T00:00:00Z"},"max":"2024-01-01T00:00:00.500Z"}]"#,
        ),
        (
            "places?select=id,things(ts,count())&things.order=ts.desc&id=lte.2",
            "[{\"id\":1,\"things\":[{\"ts\":\"2024-01-01T01:00:00+01:00\",\"count\":1},{\"ts\":\"2024-01-01T00:30:00+01:00\",\"count\":1}]},\n \
             {\"id\":2,\"things\":[{\"ts\":\"2024-01-01T00:00:00.500Z\",\"count\":1},{\"ts\":\"2024-01-01T00:00:00Z\",\"count\":1}]}]",
        ),
        ("places?select=...things(ts.max())", ""),
        ("things?select=id&ts=gt.9999-12-31T23:59:59Z", r#"[{"id":7}]"#),
        (
            "things?select=id&ts=in.(9999-12-31T23:59:59-01:00,0000-12-31T10:00:00Z)",
            "[{\"id\":7},\n {\"id\":8}]",
        ),
    ] {
        let response = library.ask("GET", &format!("/{query}"), &[]);
        match expected {
            "" => assert_eq!(response.status, 400, "{query}"),
            rows => assert_eq!(text(&response), rows, "{query}"),
        }
    }
    let total = library.ask("GET", "/things?select=ts,count()", &[("prefer", "count=exact")]);
    assert_eq!(header(&total, "content-range"), Some("0-5/6"));
}

#[test]
fn documents_are_ordered_as_in_postgresql() {
    let library = open();
    let ids = |order: &str| -> Vec<i64> {
        let found = rows(&library, &format!("/things?select=id&order={order}"));
        found.iter().map(|row| row["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(ids("tags"), [6, 8, 1, 2, 4, 3, 5, 7, 9]);
    assert_eq!(ids("about"), [6, 4, 5, 3, 1, 2, 7, 8, 9]);
    assert_eq!(
        library.get("/things?select=about,count()&id=lte.2"),
        r#"[{"about":{"a":1,"b":2},"count":2}]"#
    );
    assert_eq!(
        library.get("/things?select=value,count()&value=in.(\"[1,2]\",plain)"),
        "[{\"value\":[1, 2.0],\"count\":3},\n {\"value\":\"plain\",\"count\":1}]"
    );
    // Arrays have a least one, objects have none.
    assert_eq!(
        library.get("/things?select=tags.min(),most:tags.max(),list:list.max()&id=lte.8"),
        r#"[{"min":[],"most":[null],"list":["b"]}]"#
    );
    assert_eq!(library.get("/things?select=tags.min()&id=lte.2"), r#"[{"min":[1,2.0]}]"#);
    let refused = library.ask("GET", "/things?select=about.min()", &[]);
    assert!(text(&refused).contains("\"42883\""), "{}", text(&refused));
}
