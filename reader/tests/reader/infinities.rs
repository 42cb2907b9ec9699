//! Infinite numbers: strings in JSON, as PostgreSQL has them, and numbers to filters, orders and
//! aggregates.

use crate::library::{Library, Source};
use crate::release::{header, text};

fn open() -> Library {
    Library::of(&[Source {
        name: "limits",
        columns: "id integer!, most number",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1, 9e999), (2, -9e999), (3, 0.0), (4, NULL), (5, 1.5)",
    }])
}

#[test]
fn they_are_filtered_and_aggregated() {
    let library = open();
    for (query, rows) in [
        ("most=eq.Infinity", r#"[{"id":1,"most":"Infinity"}]"#),
        ("most=eq.-Infinity", r#"[{"id":2,"most":"-Infinity"}]"#),
        ("most=gt.1.5", r#"[{"id":1,"most":"Infinity"}]"#),
        ("most=in.(Infinity,0)&select=id", "[{\"id\":1},\n {\"id\":3}]"),
        ("select=most.max(),least:most.min()", r#"[{"max":"Infinity","least":"-Infinity"}]"#),
        ("select=most.sum(),most.avg()&most=gte.0", r#"[{"sum":"Infinity","avg":"Infinity"}]"#),
        ("select=most.sum(),most.avg()", r#"[{"sum":null,"avg":null}]"#),
        ("select=most::text&id=eq.2", r#"[{"most":"-Infinity"}]"#),
        ("select=most::json&id=eq.2", r#"[{"most":"-Infinity"}]"#),
    ] {
        assert_eq!(library.get(&format!("/limits?{query}")), rows, "{query}");
    }
    assert_eq!(library.get("/limits.csv?id=lte.2"), "id,most\n1,INF\n2,-INF");
    assert_eq!(library.get("/limits?most=eq.NaN"), "[]");
}

#[test]
fn pages_go_on_from_them() {
    let library = open();
    for (order, expected) in [("most", [2, 3, 5, 1, 4]), ("most.desc", [4, 1, 5, 3, 2])] {
        let (mut url, mut found) = (format!("/limits?select=id&order={order}&limit=1"), vec![]);
        loop {
            let page = library.ask("GET", &url, &[]);
            let rows: Vec<serde_json::Value> = serde_json::from_str(text(&page)).unwrap();
            found.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
            let Some(link) = header(&page, "link") else { break };
            url = link.split(['<', '>']).nth(1).unwrap().to_owned();
        }
        assert_eq!(found, expected, "{order}");
    }
}
