//! docs/query.md, docs/history.md and docs/errors.md: every example is a request with its exact answer, and
//! nothing that exists goes unsaid.

use std::collections::BTreeSet;

use reader::Code;

use crate::library::Library;
use crate::release::header;

pub(crate) const QUERY: &str = include_str!("../../../docs/query.md");
pub(crate) const HISTORY: &str = include_str!("../../../docs/history.md");
const ERRORS: &str = include_str!("../../../docs/errors.md");

/// A fenced block of the document: its info string and its lines.
pub(crate) fn blocks(document: &str) -> Vec<(&str, String)> {
    let mut blocks = vec![];
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        blocks.push((info, body.join("\n")));
    }
    blocks
}

/// What a block holds: the first line, headers, and behind an empty line the body.
pub(crate) fn message(block: &str) -> (&str, Vec<(&str, &str)>, &str) {
    let (head, body) = block.split_once("\n\n").unwrap_or((block, ""));
    let (first, headers) = head.split_once('\n').unwrap_or((head, ""));
    (first, headers.lines().map(|line| line.split_once(": ").unwrap()).collect(), body)
}

#[test]
fn every_example_is_true() {
    examples_are_true(QUERY);
}

#[test]
fn every_example_of_the_past_is_true() {
    examples_are_true(HISTORY);
}

fn examples_are_true(document: &str) {
    let library = Library::open();
    let blocks = blocks(document);
    let mut examples = 0;
    let mut wrong = String::new();
    for pair in blocks.windows(2) {
        let [("http request", request), ("http answer", answer)] = pair else { continue };
        let (line, headers, _) = message(request);
        let (method, url) = line.split_once(' ').unwrap();
        let (status, expected_headers, expected) = message(answer);
        let response = library.ask(method, url, &headers);
        let body = String::from_utf8(response.body.clone()).unwrap();
        let mut found = format!("{}\n", response.status);
        for (name, _) in &expected_headers {
            let value = header(&response, &name.to_lowercase()).unwrap_or("(absent)");
            found.push_str(&format!("{name}: {value}\n"));
        }
        let mut wanted = format!("{status}\n");
        expected_headers.iter().for_each(|(name, value)| wanted.push_str(&format!("{name}: {value}\n")));
        if found != wanted || body != expected {
            wrong.push_str(&format!("{line}\n--- found\n{found}\n{body}\n\n"));
        }
        examples += 1;
    }
    assert_eq!(wrong, "");
    let of = |kind: &str| blocks.iter().filter(|(info, _)| *info == kind).count();
    assert_eq!((of("http request"), of("http answer")), (examples, examples), "each request has its answer");
}

#[test]
fn every_operator_cast_and_aggregate_is_documented() {
    for (name, meaning) in reader::operators() {
        let row = format!("| `{name}` | {meaning} |");
        assert!(QUERY.contains(&row), "docs/query.md lacks the row: {row}");
    }
    for (name, of) in reader::casts() {
        let row = format!("`{name}`");
        let line = QUERY.lines().find(|line| line.starts_with(&format!("| {of} |")));
        assert!(line.is_some_and(|line| line.contains(&row)), "docs/query.md lacks the cast {name} to {of}");
    }
}

#[test]
fn every_code_is_documented_and_none_else() {
    let documented: BTreeSet<_> = ERRORS
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| {
            let mut cells = line.split('|').map(str::trim);
            let code = cells.next().unwrap().trim_end_matches('`').to_owned();
            (code, cells.next().unwrap().parse::<u16>().unwrap())
        })
        .collect();
    let codes: BTreeSet<_> =
        Code::ALL.into_iter().map(|code| (code.name().to_owned(), code.status())).collect();
    assert_eq!(documented, codes);
    assert_eq!(codes.len(), Code::ALL.len(), "no two kinds of error share a code");
}
