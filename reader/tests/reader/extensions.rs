//! What PostgREST does not have: `count(distinct)`, `distinct`, `having`, an order by an aggregate.

use serde_json::Value;

use crate::library::{Library, Source};
use crate::release::{header, text};

fn open() -> Library {
    Library::of(&[Source {
        name: "visits",
        columns: "id integer!, city string, at datetime, cost number, having integer, distinct string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1, 'Bonn', '2024-01-01T00:00:00Z', 1.5, 1, 'x'), (2, 'Bonn', '2024-01-01T01:00:00+01:00', 2.5, 2, 'y'),
               (3, 'Trier', '2024-01-02T00:00:00Z', 1.5, 3, 'x'), (4, 'Trier', NULL, NULL, 4, 'x'), (5, NULL, NULL, 4, 5, NULL)",
    }])
}

#[test]
fn groups_are_counted_filtered_and_ordered() {
    let library = open();
    for (url, body) in [
        // One instant in two spellings.
        ("select=at.count(distinct),n:at.count()", r#"[{"count":2,"n":3}]"#),
        ("select=n:cost.count(distinct)::text", r#"[{"n":"3"}]"#),
        (
            "select=city,n:id.count()&having=(n.gt.1)",
            "[{\"city\":\"Bonn\",\"n\":2},\n {\"city\":\"Trier\",\"n\":2}]",
        ),
        (
            "select=city,sum:cost.sum()&having=(or(sum.lt.2,sum.eq.4))&city=not.is.null",
            "[{\"city\":\"Bonn\",\"sum\":4},\n {\"city\":\"Trier\",\"sum\":1.5}]",
        ),
        (
            "select=city,last:at.max()&having=(last.gt.2024-01-01T12:00:00Z)",
            r#"[{"city":"Trier","last":"2024-01-02T00:00:00Z"}]"#,
        ),
        (
            "select=city,avg:cost.avg()&having=(not.and(avg.gt.1.9),avg.not.is.null)",
            r#"[{"city":"Trier","avg":1.5}]"#,
        ),
        ("select=city,n:id.count()&order=n.desc,city.desc&limit=1", r#"[{"city":"Trier","n":2}]"#),
        (
            "select=city,id.max()&order=max.desc",
            "[{\"city\":null,\"max\":5},\n {\"city\":\"Trier\",\"max\":4},\n {\"city\":\"Bonn\",\"max\":2}]",
        ),
        ("select=count()&having=(count.gt.5)", "[]"),
        ("select=city&distinct=true", "[{\"city\":\"Bonn\"},\n {\"city\":\"Trier\"},\n {\"city\":null}]"),
        (
            "select=city,at&distinct=true&order=city.desc.nullslast&limit=2",
            "[{\"city\":\"Trier\",\"at\":\"2024-01-02T00:00:00Z\"},\n {\"city\":\"Trier\",\"at\":null}]",
        ),
        // Columns of these names are filtered as ever.
        ("select=id&having=eq.3", r#"[{"id":3}]"#),
        ("select=id&distinct=eq.y", r#"[{"id":2}]"#),
    ] {
        assert_eq!(library.get(&format!("/visits?{url}")), body, "{url}");
    }
    let counted =
        library.ask("GET", "/visits?select=city&distinct=true&limit=2", &[("prefer", "count=exact")]);
    assert_eq!(header(&counted, "content-range"), Some("0-1/3"));
    assert_eq!(
        header(&counted, "link"),
        Some("</visits?distinct=true&select=city&limit=2&offset=2>; rel=\"next\"")
    );
    let counted =
        library.ask("GET", "/visits?select=city,n:count()&having=(n.eq.2)", &[("prefer", "count=exact")]);
    assert_eq!(header(&counted, "content-range"), Some("0-1/2"));
}

#[test]
fn what_means_nothing_is_an_error() {
    let library = Library::open();
    for (url, status, part) in [
        ("/books?select=author_id,n:count()&having=(m.gt.1)", 400, "\"code\":\"42703\""),
        ("/books?select=author_id,n:count()&having=(n.gt.x)", 400, "\"code\":\"22P02\""),
        ("/books?select=author_id,n:count()&having=(n.gt.1)&having=(n.gt.1)", 400, "\"code\":\"CP002\""),
        ("/books?select=title&having=(title.eq.x)", 400, "\"code\":\"42703\""),
        ("/books?select=author_id,n:count()&having=(n->a.gt.1)", 400, "\"code\":\"PGRST127\""),
        ("/books?distinct=on", 400, "distinct=true returns each row once"),
        ("/books?distinct=true&distinct=true", 400, "\"code\":\"CP002\""),
        ("/books?select=title,authors(name)&distinct=true", 400, "\"code\":\"PGRST127\""),
        ("/books?select=author_id&distinct=true&order=title", 400, "\"code\":\"42803\""),
        ("/books?select=title.sum(distinct)", 400, "\"code\":\"PGRST100\""),
    ] {
        let refused = library.ask("GET", url, &[]);
        assert_eq!(refused.status, status, "{url}: {}", text(&refused));
        assert!(text(&refused).contains(part), "{url}: {}", text(&refused));
    }
}

#[test]
fn the_openapi_document_describes_them() {
    let library = Library::open();
    let names = |library: &Library, path: &str| -> Vec<String> {
        let api: Value = serde_json::from_str(&library.get("/openapi.json")).unwrap();
        let parameters = api["paths"][path]["get"]["parameters"].as_array().unwrap();
        let name = |parameter: &Value| match parameter["$ref"].as_str() {
            Some(to) => to.rsplit('/').next().unwrap().to_owned(),
            None => format!("{}: {}", parameter["name"].as_str().unwrap(), parameter["schema"]["type"]),
        };
        parameters
            .iter()
            .map(name)
            .filter(|name| name.starts_with("having") || name.starts_with("distinct"))
            .collect()
    };
    assert_eq!(names(&library, "/books"), ["distinct", "having"]);
    assert_eq!(names(&library, "/books.{form}"), ["distinct", "having"]);
    // A column of that name has a filter of that name.
    assert_eq!(names(&open(), "/visits"), [r#"having: "string""#, r#"distinct: "string""#]);
    let api: Value = serde_json::from_str(&library.get("/openapi.json")).unwrap();
    let select = &api["paths"]["/books"]["get"]["parameters"][0];
    assert_eq!(
        select["description"],
        "The columns to show. Takes more than this schema says: aliases, casts, JSON paths, aggregates such as \
         `id.count(distinct)`, and embedded tables. By their foreign keys, these are \
         `authors!books_author_id_fkey(*)`, `publishers!books_publisher_id_fkey(*)`, \
         `books_genres!books_genres_book_id_fkey(*)`, `loans!loans_book_id_fkey(*)`, `reviews!reviews_book_id_fkey(*)`."
    );
    assert_eq!(api["components"]["parameters"]["distinct"]["schema"]["const"], "true");
}
