//! Integers with more digits than a double holds, and long lists of them.

use crate::library::{Library, Source};
use crate::release::text;

fn open() -> Library {
    Library::of(&[Source {
        name: "large",
        columns: "id integer!, i integer, digits string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1, 9223372036854775807, 'a'), (2, 9223372036854775807, 'b'), (3, 9007199254740993, '9007199254740993'), (4, -3, 'c'), (5, NULL, NULL)",
    }])
}

#[test]
fn large_integers_keep_their_digits() {
    let library = open();
    for (url, body) in [
        ("select=i::numeric&id=eq.3", r#"[{"i":9007199254740993}]"#),
        ("select=i::decimal&id=eq.3", r#"[{"i":9007199254740993}]"#),
        ("select=digits::numeric&id=eq.3", r#"[{"digits":9007199254740993}]"#),
        ("select=i.sum()&id=lte.3", r#"[{"sum":18455751272964292607}]"#),
        ("select=i.avg()&id=lte.3", r#"[{"avg":6151917090988097535.6666666666666667}]"#),
        ("select=i.avg()::numeric&id=lte.3", r#"[{"avg":6151917090988097535.6666666666666667}]"#),
        ("select=i.avg()::text&id=lte.3", r#"[{"avg":"6151917090988097535.6666666666666667"}]"#),
        ("select=i.avg()::int8&id=lte.3", r#"[{"avg":6151917090988097536}]"#),
        ("select=i.sum()::numeric&id=lte.2", r#"[{"sum":18446744073709551614}]"#),
        ("select=i.sum(),i.avg()&id=eq.4", r#"[{"sum":-3,"avg":-3}]"#),
        ("select=i.sum(),i.avg()&id=eq.5", r#"[{"sum":null,"avg":null}]"#),
        (
            "select=id,i.sum()&id=gte.3&order=sum.desc.nullslast",
            "[{\"id\":3,\"sum\":9007199254740993},\n {\"id\":4,\"sum\":-3},\n {\"id\":5,\"sum\":null}]",
        ),
    ] {
        assert_eq!(library.get(&format!("/large?{url}")), body, "{url}");
    }
    // What has no room is an error, and never another number.
    let refused = library.ask("GET", "/large?select=i.sum()::text&id=lte.2", &[]);
    let error = r#"{"code":"22003","message":"bigint out of range","details":null,"hint":null}"#;
    assert_eq!((refused.status, text(&refused)), (400, error));
}

/// Sums of groups are compared however large they are, as doubles beyond 64 bits.
#[test]
fn sums_of_any_size_are_compared() {
    let library = open();
    let all = r#"[{"sum":18455751272964292604}]"#;
    for (filter, body) in [
        ("having=(sum.gt.1)", all),
        ("having=(sum.gt.18446744073709551614)", all),
        ("having=(sum.lt.1e19)", "[]"),
        ("having=(sum.not.eq.7,sum.isdistinct.8)", all),
        ("having=(sum.gt.9223372036854774784)&id=eq.1", r#"[{"sum":9223372036854775807}]"#),
        ("having=(sum.lt.9223372036854775808)&id=eq.1", r#"[{"sum":9223372036854775807}]"#),
        ("having=(sum.lt.0)&id=eq.4", r#"[{"sum":-3}]"#),
        ("having=(sum.eq.-3)&id=gte.4", r#"[{"sum":-3}]"#),
        ("having=(sum.is.null)&id=eq.5", r#"[{"sum":null}]"#),
    ] {
        assert_eq!(library.get(&format!("/large?select=i.sum()&{filter}")), body, "{filter}");
    }
}

/// Doubles would take the averages for the same.
#[test]
fn groups_are_in_the_order_of_their_averages() {
    let library = Library::of(&[Source {
        name: "large",
        columns: "id integer!, of string, i integer",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: "(1, 'a', 9007199254740993), (2, 'a', 9007199254740994), (3, 'b', 9007199254740993), (4, 'c', -9223372036854775808),
               (5, 'd', -9223372036854775807), (6, 'd', -9223372036854775808), (7, 'e', NULL), (8, 'f', -1), (9, 'f', 0)",
    }]);
    let found = library.ask("GET", "/large?select=of,n:i.avg()&order=n", &[("accept", "text/csv")]);
    assert_eq!(
        text(&found),
        "of,n\nc,-9223372036854775808\nd,-9223372036854775807.5\nf,-0.5\nb,9007199254740993\na,9007199254740993.5\ne,"
    );
}

/// As many values as a URL has room for, in each of the ways to ask for one of several.
#[test]
fn long_lists_find_what_short_ones_do() {
    let library = open();
    let numbers: Vec<String> = (3..900).map(|number| number.to_string()).collect();
    let list = numbers.join(",");
    let chain =
        numbers.iter().take(600).map(|number| format!("id.eq.{number}")).collect::<Vec<_>>().join(",");
    let words = (0..600).map(|number| format!("w{number}")).collect::<Vec<_>>().join(",");
    for (filter, ids) in [
        (format!("id=eq(any).{{{list}}}"), &[3, 4, 5][..]),
        (format!("id=in.({list})"), &[3, 4, 5]),
        (format!("or=({chain},digits.eq.a)"), &[1, 3, 4, 5]),
        (format!("id=not.in.({list})"), &[1, 2]),
        (format!("id=not.eq(any).{{{list}}}"), &[1, 2]),
        (format!("id=not.eq(any).{{{list},NULL}}"), &[]),
        (format!("digits=in.(b,{words},c)"), &[2, 4]),
        (format!("digits=not.in.(b,{words},c)"), &[1, 3]),
        ("id=eq(any).{2,4}".to_owned(), &[2, 4]),
        ("or=(id.eq.2,id.eq.4,i.is.null)".to_owned(), &[2, 4, 5]),
    ] {
        let rows: Vec<_> = ids.iter().map(|id| format!("{{\"id\":{id}}}")).collect();
        assert_eq!(
            library.get(&format!("/large?select=id&{filter}")),
            format!("[{}]", rows.join(",\n ")),
            "{}",
            &filter[..30.min(filter.len())]
        );
    }
}
