//! What holds for every request, tried with many.

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use crate::library::Library;
use crate::operands::document;

/// The same cases in every run: a test does not depend on luck.
pub(crate) fn runner(cases: u32) -> TestRunner {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Words of the grammar, so that what is strung together gets further than the first character.
const WORDS: [&str; 75] = [
    "select",
    "order",
    "limit",
    "offset",
    "and",
    "or",
    "not",
    "id",
    "title",
    "price",
    "pages",
    "authors",
    "books",
    "genres",
    "loans",
    "letters",
    "publishers",
    "about",
    "awards",
    "value",
    "lent",
    "published",
    "author_id",
    "parent_id",
    "sender_id",
    "name",
    "*",
    "...",
    "(",
    ")",
    "(",
    ")",
    ",",
    ",",
    ".",
    ".",
    "=",
    "=",
    "&",
    ":",
    "::",
    "!",
    "!inner",
    "->",
    "->>",
    "eq",
    "neq",
    "gt",
    "like",
    "ilike",
    "match",
    "imatch",
    "in",
    "is",
    "isdistinct",
    "cs",
    "cd",
    "ov",
    "fts",
    "sl",
    "(any)",
    "(all)",
    "null",
    "true",
    "count()",
    "sum()",
    "avg()",
    "max()",
    "text",
    "int",
    "\"",
    "\\",
    "{1,2}",
    "1",
    "-1",
];

fn query() -> impl Strategy<Value = String> {
    let word = prop::sample::select(&WORDS[..]).prop_map(str::to_owned);
    let words =
        prop::collection::vec(prop_oneof![12 => word, 1 => any::<char>().prop_map(String::from)], 0..24);
    prop_oneof![
        4 => words.prop_map(|words| words.concat()),
        4 => request(),
        1 => "[ -~]{0,40}",
        1 => any::<String>(),
    ]
}

/// Requests that are mostly right.
fn request() -> impl Strategy<Value = String> {
    let column =
        prop::sample::select(&["id", "title", "price", "pages", "published", "author_id", "nothing"][..]);
    let json =
        prop::sample::select(&["awards", "about", "value", "about->city", "awards->>-1", "value->1->a"][..]);
    let column = prop_oneof![3 => column, 1 => json];
    let operator = prop::sample::select(
        &[
            "eq",
            "neq",
            "gt",
            "lte",
            "like",
            "ilike",
            "match",
            "imatch",
            "in",
            "is",
            "isdistinct",
            "cs",
            "cd",
            "ov",
            "eq(any)",
            "like(all)",
            "gt(any)",
        ][..],
    );
    let value = prop::sample::select(
        &[
            "1",
            "2.5",
            "",
            "*a*",
            "^S.*s$",
            "(1,2)",
            "{1,2}",
            "{}",
            "[1]",
            "{\"a\":1}",
            "null",
            "true",
            "%5C",
            "(",
            "2024-01-01",
            "a%00b",
            "9223372036854775808",
            "1e400",
        ][..],
    );
    let value = prop_oneof![6 => value.prop_map(str::to_owned), 1 => document()];
    let cast = prop::sample::select(
        &["", "::text", "::int", "::numeric", "::json", "::date", "::bool", "::oid"][..],
    );
    let aggregate = prop::sample::select(&["", "", "", ".sum()", ".avg()", ".min()", ".count()"][..]);
    let item = prop_oneof![
        (column.clone(), cast, aggregate)
            .prop_map(|(column, cast, aggregate)| format!("{column}{cast}{aggregate}")),
        prop::sample::select(
            &[
                "*",
                "authors(*)",
                "authors(name,books(*))",
                "...authors(name,born.max())",
                "books(id)",
                "...books(id,title)",
                "books!inner()",
                "loans(lent::date)",
                "genres(*)",
                "count()",
                "parent_id(name)",
                "letters!sender_id(*)",
                "biographies(*)"
            ][..]
        )
        .prop_map(str::to_owned),
    ];
    let filter =
        (column.clone(), any::<bool>(), operator, value).prop_map(|(column, not, operator, value)| {
            format!("{column}={}{operator}.{value}", if not { "not." } else { "" })
        });
    let order = (column, prop::sample::select(&["", ".desc", ".asc.nullsfirst", ".desc.nullslast"][..]))
        .prop_map(|(column, way)| format!("order={column}{way}"));
    let parameter = prop_oneof![
        prop::collection::vec(item, 1..4).prop_map(|items| format!("select={}", items.join(","))),
        filter,
        order,
        prop::sample::select(
            &["limit=2", "offset=1", "authors=is.null", "books.limit=1", "order=authors(born)"][..]
        )
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(parameter, 1..4).prop_map(|parameters| parameters.join("&"))
}

/// Every query string gets rows or an error that is the client's. That the SQL of every statement
/// only reads is asserted where statements are prepared.
#[test]
fn no_query_fails_the_server() {
    let library = Library::open();
    let case = (
        prop_oneof![(prop::sample::select(&TABLES[..]), query()), (Just("books"), request())],
        prop::sample::select(&["*/*", "text/csv", "application/vnd.pgrst.object+json;nulls=stripped"][..]),
        any::<bool>(),
    );
    let answered = std::cell::Cell::new(0);
    runner(4000)
        .run(&case, |((table, query), accept, count)| {
            let mut headers = vec![("accept", accept)];
            if count {
                headers.push(("prefer", "count=exact"));
            }
            let response = library.ask("GET", &format!("/{table}?{query}"), &headers);
            let body = String::from_utf8_lossy(&response.body).into_owned();
            prop_assert!((200..500).contains(&response.status), "{} {body}", response.status);
            if accept == "*/*" {
                prop_assert!(serde_json::from_str::<Value>(&body).is_ok(), "{body}");
            }
            answered.set(answered.get() + u32::from(response.status < 300));
            Ok(())
        })
        .unwrap();
    // If no request got through, this would say nothing.
    assert!(answered.get() > 200, "only {} of 4000 requests got rows", answered.get());
}

const TABLES: [&str; 8] =
    ["books", "authors", "publishers", "genres", "loans", "letters", "scraps", "books_genres"];

/// A condition and what it means, in three values: `None` is unknown.
#[derive(Debug, Clone)]
enum Condition {
    Number { column: &'static str, operator: &'static str, value: i64 },
    Text { operator: &'static str, value: &'static str },
    In { column: &'static str, values: Vec<i64> },
    Null { column: &'static str },
    Distinct { column: &'static str, value: i64 },
    Quantified { column: &'static str, operator: &'static str, all: bool, values: Vec<i64> },
    Not(Box<Condition>),
    Tree { any: bool, branches: Vec<Condition> },
}

impl Condition {
    /// As it stands in `and=(...)`.
    fn url(&self) -> String {
        let list = |values: &[i64]| values.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        match self {
            Self::Number { column, operator, value } => format!("{column}.{operator}.{value}"),
            Self::Text { operator, value } => format!("title.{operator}.\"{value}\""),
            Self::In { column, values } => format!("{column}.in.({})", list(values)),
            Self::Null { column } => format!("{column}.is.null"),
            Self::Distinct { column, value } => format!("{column}.isdistinct.{value}"),
            Self::Quantified { column, operator, all, values } => {
                let quantifier = if *all { "all" } else { "any" };
                format!("{column}.{operator}({quantifier}).{{{}}}", list(values))
            }
            Self::Not(inner) => match inner.as_ref() {
                Self::Tree { .. } => format!("not.{}", inner.url()),
                Self::Not(inner) => inner.url(),
                filter => {
                    let url = filter.url();
                    let (column, rest) = url.split_once('.').unwrap();
                    format!("{column}.not.{rest}")
                }
            },
            Self::Tree { any, branches } => {
                let branches: Vec<_> = branches.iter().map(Self::url).collect();
                format!("{}({})", if *any { "or" } else { "and" }, branches.join(","))
            }
        }
    }

    fn holds(&self, row: &Value) -> Option<bool> {
        let number = |column: &str| row[column].as_f64();
        let any = |truths: Vec<Option<bool>>| {
            if truths.contains(&Some(true)) {
                Some(true)
            } else if truths.contains(&None) {
                None
            } else {
                Some(false)
            }
        };
        let not = |truth: Option<bool>| truth.map(|truth| !truth);
        match self {
            Self::Number { column, operator, value } => {
                Some(compare(number(column)?, operator, *value as f64))
            }
            Self::Text { operator, value } => {
                let title = row["title"].as_str()?;
                Some(match *operator {
                    "eq" => title == *value,
                    "like" => like(title, value),
                    _ => like(&title.to_lowercase(), &value.to_lowercase()),
                })
            }
            // The empty list holds nothing, not even what is unknown.
            Self::In { values, .. } if values.is_empty() => Some(false),
            Self::In { column, values } => {
                let number = number(column)?;
                Some(values.iter().any(|value| *value as f64 == number))
            }
            Self::Null { column } => Some(row[column].is_null()),
            Self::Distinct { column, value } => Some(number(column) != Some(*value as f64)),
            Self::Quantified { column, operator, all, values } => {
                let truths = values
                    .iter()
                    .map(|value| number(column).map(|number| compare(number, operator, *value as f64)));
                match all {
                    true => not(any(truths.map(not).collect())),
                    false => any(truths.collect()),
                }
            }
            Self::Not(inner) => not(inner.holds(row)),
            Self::Tree { any: true, branches } => {
                any(branches.iter().map(|branch| branch.holds(row)).collect())
            }
            Self::Tree { any: false, branches } => {
                not(any(branches.iter().map(|branch| not(branch.holds(row))).collect()))
            }
        }
    }
}

fn compare(number: f64, operator: &str, value: f64) -> bool {
    match operator {
        "eq" => number == value,
        "neq" => number != value,
        "gt" => number > value,
        "gte" => number >= value,
        "lt" => number < value,
        _ => number <= value,
    }
}

/// The plainest matcher there is.
fn like(text: &str, pattern: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return text.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    match first {
        '%' | '*' => {
            text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| like(&text[at..], rest))
        }
        '_' => text.chars().next().is_some_and(|c| like(&text[c.len_utf8()..], rest)),
        c => text.strip_prefix(c).is_some_and(|text| like(text, rest)),
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let column = || prop::sample::select(&["id", "author_id", "publisher_id", "pages"][..]);
    let ordered = || prop::sample::select(&["eq", "gt", "gte", "lt", "lte"][..]);
    let value = || prop_oneof![0_i64..5, Just(204), Just(304), Just(-1)];
    let leaf = prop_oneof![
        (column(), prop_oneof![ordered(), Just("neq")], value())
            .prop_map(|(column, operator, value)| Condition::Number { column, operator, value }),
        (
            prop::sample::select(&["eq", "like", "ilike"][..]),
            prop::sample::select(
                &["Solaris", "SOLARIS", "*", "%s%", "*S*", "B_o*", "_", "The*d*", "*[s*", "", "*?*"][..]
            )
        )
            .prop_map(|(operator, value)| Condition::Text { operator, value }),
        (column(), prop::collection::vec(value(), 0..3))
            .prop_map(|(column, values)| Condition::In { column, values }),
        column().prop_map(|column| Condition::Null { column }),
        (column(), value()).prop_map(|(column, value)| Condition::Distinct { column, value }),
        (column(), ordered(), any::<bool>(), prop::collection::vec(value(), 0..3)).prop_map(
            |(column, operator, all, values)| Condition::Quantified { column, operator, all, values }
        ),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
            (any::<bool>(), prop::collection::vec(inner, 1..4))
                .prop_map(|(any, branches)| Condition::Tree { any, branches }),
        ]
    })
}

/// What a filter leaves is what a plain loop over the rows leaves.
#[test]
fn filters_are_what_they_say() {
    let library = Library::open();
    let all: Vec<Value> = serde_json::from_str(&library.get("/books")).unwrap();
    runner(3000)
        .run(&condition(), |condition| {
            let expected: Vec<_> = all.iter().filter(|row| condition.holds(row) == Some(true)).collect();
            let query = format!("and=({})", condition.url()).replace('%', "%25");
            let found: Vec<Value> = serde_json::from_str(&library.get(&format!("/books?{query}"))).unwrap();
            prop_assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{}", query);
            Ok(())
        })
        .unwrap();
}
