//! Full-text search: whatever is typed is words, and finds the rows that have them.

use proptest::prelude::*;
use serde_json::Value;

use crate::library::{Library, Source};
use crate::properties::runner;

/// Every byte percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// Nothing that is typed is an operator of FTS5, and only `fts` has a grammar to get wrong.
#[test]
fn any_text_can_be_looked_for() {
    let library = Library::open();
    let piece = prop::sample::select(
        &[
            "slow", "ice", "\"", "'", "''", "*", ":*", ":", "^", "+", "-", "(", ")", "{", "}", "c0 :",
            "NEAR(", ", 2)", "AND", "OR", "or", "NOT", "!", "&", "|", "<->", "<", "\0", "\\", ";", "--", " ",
            " ", "é", "ß", "\u{345}", "\u{24b6}", "中文", ".", "reviews", "c9", "%",
        ][..],
    );
    let text = prop_oneof![
        4 => prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ];
    let operator = prop::sample::select(&["fts", "plfts", "phfts", "wfts"][..]);
    runner(3000)
        .run(&(operator, text, any::<bool>()), |(operator, text, not)| {
            let not = if not { "not." } else { "" };
            let response =
                library.ask("GET", &format!("/reviews?text={not}{operator}.{}", encoded(&text)), &[]);
            let body = String::from_utf8_lossy(&response.body).into_owned();
            let refused = operator == "fts" && response.status == 400;
            prop_assert!(response.status == 200 || refused, "{} {}", response.status, body);
            prop_assert!(response.status == 200 || body.contains("\"42601\""), "{}", body);
            Ok(())
        })
        .unwrap();
}

/// What is to be found: words, in and out of each other.
#[derive(Debug, Clone)]
enum Words {
    Word(&'static str),
    Begin(&'static str),
    Phrase(&'static str, &'static str),
    Not(Box<Words>),
    All(Vec<Words>),
    Any(Vec<Words>),
}

const WORDS: [&str; 5] = ["ab", "abc", "b", "ć", "1"];

impl Words {
    fn query(&self) -> String {
        let list = |words: &[Words], operator: &str| {
            format!("({})", words.iter().map(Words::query).collect::<Vec<_>>().join(operator))
        };
        match self {
            Self::Word(word) => (*word).to_owned(),
            Self::Begin(word) => format!("{word}:*"),
            Self::Phrase(one, other) => format!("{one} <-> {other}"),
            Self::Not(words) => format!("!({})", words.query()),
            Self::All(words) => list(words, " & "),
            Self::Any(words) => list(words, " | "),
        }
    }

    fn are_in(&self, text: &str) -> bool {
        let folded = text.to_lowercase().replace('ć', "c");
        let words: Vec<_> =
            folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let plain = |word: &str| word.replace('ć', "c");
        match self {
            Self::Word(word) => words.contains(&&*plain(word)),
            Self::Begin(word) => words.iter().any(|known| known.starts_with(&plain(word))),
            Self::Phrase(one, other) => words.windows(2).any(|pair| pair == [plain(one), plain(other)]),
            Self::Not(words) => !words.are_in(text),
            Self::All(words) => words.iter().all(|words| words.are_in(text)),
            Self::Any(words) => words.iter().any(|words| words.are_in(text)),
        }
    }
}

/// Found is what a plain reading of the texts finds; a missing text neither way.
#[test]
fn the_rows_that_have_the_words() {
    let texts = [
        "ab b", "AB, abc!", "b ab 1", "Ć", "abc-b", "c1", "", "1.1 b", "ab  Ab", "b c", "abcd", "ab ć b",
        "B1 1",
    ];
    let rows: Vec<_> =
        texts.iter().enumerate().map(|(id, text)| format!("({id}, 0, '{text}', '')")).collect();
    let library = Library::of(&[Source {
        name: "reviews",
        columns: "id integer!, book_id integer!, text string?, by string!?",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: Box::leak(format!("{}, (99, 0, NULL, '')", rows.join(", ")).into_boxed_str()),
    }]);
    let word = || prop::sample::select(&WORDS[..]);
    let leaf = prop_oneof![
        word().prop_map(Words::Word),
        word().prop_map(Words::Begin),
        (word(), word()).prop_map(|(one, other)| Words::Phrase(one, other)),
    ];
    let words = leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|words| Words::Not(Box::new(words))),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Words::All),
            prop::collection::vec(inner, 1..4).prop_map(Words::Any),
        ]
    });
    runner(1500)
        .run(&(words, any::<bool>(), any::<bool>()), |(words, not, nested)| {
            let expected: Vec<_> = texts
                .iter()
                .enumerate()
                .filter(|(_, text)| words.are_in(text) != (not != nested))
                .map(|(id, _)| id as i64)
                .collect();
            let test = format!("{}fts.\"{}\"", if not { "not." } else { "" }, words.query());
            let tree = format!("{}and=(text.{test},id.gte.0)", if nested { "not." } else { "" });
            let body = library.get(&format!("/reviews?select=id&{}", tree.replace('&', "%26")));
            let found: Vec<Value> = serde_json::from_str(&body).unwrap();
            let found: Vec<_> = found.iter().map(|row| row["id"].as_i64().unwrap()).collect();
            prop_assert_eq!(found, expected, "{}", tree);
            Ok(())
        })
        .unwrap();
}

/// Each word is a list of rows in memory.
#[test]
fn a_request_has_a_maximum_of_words() {
    let library = Library::open();
    let words = |count: usize| vec!["ice"; count].join("%20");
    let ask = |query: &str| library.ask("GET", &format!("/reviews?select=id&{query}"), &[]);
    let refused = r#"{"code":"CP007","message":"too many words are searched for","details":"50 words are allowed in the searches of a request","hint":"search for fewer words, or find texts with `ilike` or `imatch`"}"#;
    for (query, status) in [
        (format!("text=plfts.{}", words(50)), 200),
        (format!("text=plfts.{}", words(51)), 400),
        (format!("text=wfts.-{}", words(51)), 400),
        (format!("text=phfts.{}", words(51)), 400),
        (format!("text=phfts.{}", "a-".repeat(51)), 400),
        (format!("text=fts.{}a", "a%7C".repeat(50)), 400),
        (format!("text=plfts.{0}&by=not.plfts.{0}", words(26)), 400),
        (format!("or=(text.plfts.{0},by.plfts.{0})", words(26)), 400),
    ] {
        let response = ask(&query);
        let body = String::from_utf8(response.body).unwrap();
        assert_eq!(response.status, status, "{query} {body}");
        if status == 400 {
            assert_eq!(body, refused);
        }
    }
}

const TALKS: Source = Source {
    name: "talks",
    columns: "id integer!, title string?, text string??",
    primary_key: &["id"],
    unique_keys: &[],
    foreign_keys: &[],
    rows: "(1, 'running', 'She was running through the city of Rome'), (2, 'runs', 'Runs in cities'),
           (3, 'ran', 'A runner of the city in Rome'), (4, 'the', NULL), (5, 'theory', 'Theories and their theorems')",
};

/// A column's words are compared in the language that it is declared in, with that configuration or
/// without one.
#[test]
fn english_words_are_found_by_their_stems() {
    let library = Library::of(&[TALKS]);
    for (test, ids) in [
        ("text=fts.run", "1 2"),
        ("text=fts(english).running%26!rome", "2"),
        ("text=plfts(english).The%20cities%20run", "1 2"),
        ("text=plfts.the%20of", ""),
        ("text=not.plfts.the", "1 2 3 5"),
        ("text=phfts(english).city%20of%20rome", "1 3"),
        ("text=phfts.city%20rome", ""),
        ("text=wfts(english).running%20or%20-city%20-the", "1 2 5"),
        ("text=fts.th:*", "5"),
        ("text=fts.theor:*", "5"),
        ("text=fts.theories:*", "5"),
        ("title=fts(simple).runs", "2"),
        ("title=fts.th:*", "4 5"),
        ("or=(text.plfts(english).rome,title.plfts.theory)", "1 3 5"),
    ] {
        let found = library.ask("GET", &format!("/talks?select=id&{test}"), &[("accept", "text/csv")]);
        let body = String::from_utf8(found.body).unwrap();
        assert_eq!(body.lines().skip(1).collect::<Vec<_>>().join(" "), ids, "{test}");
    }
}

#[test]
fn another_language_is_refused() {
    let library = Library::of(&[TALKS]);
    for (test, details, hint) in [
        ("text=fts(simple).x", "column \\\"text\\\" are indexed with \\\"english\\\"", "fts(english)"),
        ("text=not.wfts(french).x", "column \\\"text\\\" are indexed with \\\"english\\\"", "wfts(english)"),
        ("title=plfts(english).x", "column \\\"title\\\" are indexed with \\\"simple\\\"", "plfts(simple)"),
    ] {
        let refused = library.ask("GET", &format!("/talks?{test}"), &[]);
        let configuration = test.split(['(', ')']).nth(1).unwrap();
        assert_eq!(
            (refused.status, String::from_utf8(refused.body).unwrap()),
            (
                400,
                format!(
                    r#"{{"code":"42704","message":"text search configuration \"{configuration}\" does not exist","details":"the words of {details}","hint":"leave the configuration out, or write {hint}"}}"#
                )
            )
        );
    }
}

/// The content digest does not cover the language, which decides what a search finds.
#[test]
fn the_entity_tag_depends_on_the_language() {
    let tag = |columns: &'static str, test: &str| {
        let library = Library::of(&[Source { columns, ..TALKS }]);
        let response = library.ask("GET", &format!("/talks?{test}"), &[]);
        crate::release::header(&response, "etag").unwrap().to_owned()
    };
    let simple = "id integer!, title string?, text string?";
    assert_ne!(tag(TALKS.columns, "text=not.fts.run"), tag(simple, "text=not.fts.run"));
    assert_eq!(tag(TALKS.columns, "title=fts.run"), tag(simple, "title=fts.run"));
}
