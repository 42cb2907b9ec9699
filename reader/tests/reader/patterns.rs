//! Patterns: what they find, how large they may be, and that none escapes the time limit.

use std::time::Duration;

use reader::{Config, Response};

use crate::library::{Library, Source};
use crate::release::text;

const TEXTS: Source = Source {
    name: "texts",
    columns: "id integer!, text string, at datetime, tags array, about object",
    primary_key: &["id"],
    unique_keys: &[],
    foreign_keys: &[],
    rows: r#"(1, 'été', '2024-01-01T00:00:00Z', '["a"]', '{"a":1}'), (2, 'ete', NULL, NULL, NULL)"#,
};

fn refused(response: &Response, expected: &str) {
    assert_eq!((text(response), response.status), (expected, 400));
}

#[test]
fn classes_are_those_of_unicode() {
    let library = Library::of(&[TEXTS]);
    let both = r#"[{"id":1},
 {"id":2}]"#;
    let first = r#"[{"id":1}]"#;
    for (pattern, expected) in [
        (r"match.^\w{3}$", both),
        ("match.^[[:alpha:]]*$", both),
        ("match.[^[:ascii:]]", first),
        (r"match.\bé", first),
        ("match.^[[:graph:]]{3}$", both),
        ("imatch.^[[:upper:]]{3}$", both),
        ("imatch.^ÉTÉ$", first),
        ("match.^ÉTÉ$", "[]"),
        ("ilike._T_", both),
        ("ilike.É*", first),
    ] {
        assert_eq!(library.get(&format!("/texts?select=id&text={pattern}")), expected, "{pattern}");
    }
}

/// To SQLite a call of a function is one step, so it would ask for none of these.
#[test]
fn no_function_escapes_the_time_limit() {
    let library = Library::of_with(&[TEXTS], Config { query_time: Duration::ZERO, ..Config::default() });
    let long = "x".repeat(33);
    for query in [
        "text=match.e",
        "text=imatch.e",
        "text=ilike.e*",
        &format!("text=like.*{long}"),
        &format!("text=like.e*{long}"),
        "at=gt.2024-01-01T00:00:00Z",
        "tags=cs.{a}",
        "tags=cd.{a}",
        "tags=ov.{a}",
        "tags=eq.{a}",
        "about=eq.{\"a\":2}",
        "about=cs.{\"a\":2}",
        "select=text::integer",
        "select=about->a::integer",
        "order=at",
        "not.or=(text.match.x,id.eq.7)",
    ] {
        let response = library.ask("GET", &format!("/texts?{query}"), &[]);
        assert!(text(&response).starts_with(r#"{"code":"57014","#), "{query}: {}", text(&response));
    }
    // What takes few steps and no function goes on as before.
    assert_eq!(library.get("/texts?select=id&text=like.é*"), r#"[{"id":1}]"#);
}

#[test]
fn long_stretches_of_like_match_as_short_ones_do() {
    let long = "x".repeat(40);
    let rows = format!("(1, 'ax{long}b'), (2, '{long}é'), (3, 'A{long}'), (4, NULL), (5, '*{long}')");
    let texts =
        Source { columns: "id integer!, text string", rows: Box::leak(rows.into_boxed_str()), ..TEXTS };
    let library = Library::of(&[texts]);
    for (pattern, expected) in [
        (format!("like.*{long}*"), "id\n1\n2\n3\n5"),
        (format!("like.a*{long}*"), "id\n1"),
        (format!("like.*{long}_"), "id\n1\n2"),
        (format!("like.{long}*"), "id\n2"),
        (format!("like._{long}"), "id\n3\n5"),
        (format!("ilike.a*{long}"), "id\n3"),
        (format!("not.like.*{long}_"), "id\n3\n5"),
    ] {
        let url = format!("/texts?select=id&text={pattern}");
        let found = library.ask("GET", &url, &[("accept", "text/csv")]);
        assert_eq!(text(&found), expected, "{pattern}");
    }
}

#[test]
fn patterns_and_texts_have_a_largest_size() {
    let limits = Config { max_pattern: 10, max_text: 4, ..Config::default() };
    let library = Library::of_with(&[TEXTS], limits);
    let ask = |query: &str| library.ask("GET", &format!("/texts?select=id&{query}"), &[]);
    for query in ["text=like.12345678901", "not.or=(text.imatch.12345678901,id.eq.1)"] {
        refused(
            &ask(query),
            r#"{"code":"CP011","message":"the pattern is too long","details":"11 bytes; 10 are allowed","hint":"match a shorter part of it, or use in.(...) for a list of whole values"}"#,
        );
    }
    for query in ["text=match.e&id=eq.1", "text=ilike.e&id=eq.1"] {
        refused(
            &ask(query),
            r#"{"code":"CP012","message":"a text is too long to be matched with a pattern","details":"5 bytes; 4 are allowed","hint":"filter by a key or another column instead"}"#,
        );
    }
    assert_eq!(text(&ask("text=match.e&id=eq.2")), r#"[{"id":2}]"#);
    // JSON that is compared takes many times its length in memory.
    for query in ["tags=cs.%7B%7D", "tags=eq.%7Ba%7D", "order=tags", "order=about"] {
        refused(
            &ask(query),
            &format!(
                r#"{{"code":"CP012","message":"a JSON value is too long to be compared","details":"{} bytes; 1 are allowed","hint":"filter by a key or another column instead"}}"#,
                if query.contains("tags") { 5 } else { 7 }
            ),
        );
    }
    refused(
        &Library::of(&[TEXTS]).ask("GET", r"/texts?text=match.\w{1,3000}zq$", &[]),
        r#"{"code":"CP011","message":"the regular expression is too large","details":"its automaton takes more than 2097152 bytes","hint":"repeat less, or narrower classes: [0-9a-z]{1,500} is small where \\w{1,500} is large"}"#,
    );
}
