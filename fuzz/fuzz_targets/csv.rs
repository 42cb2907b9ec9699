//! CSV with a dialect. Property: however few bytes are read at a time, the records, their numbers
//! and their lines are those of a plain reading of the standard, byte by byte, from memory.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use datapackage::schema::{Dialect};
use builder::fuzzing::{End, Row, records};
use libfuzzer_sys::{Corpus, fuzz_target};

/// In memory where the system has such a place: a file is what the builder reads.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let directory = if memory.is_dir() { memory } else { std::env::temp_dir() };
    directory.join(format!("coldpress-fuzz-{}.csv", std::process::id()))
});

fuzz_target!(|input: &[u8]| -> Corpus {
    let [choice, characters, step, text @ ..] = input else { return Corpus::Reject };
    let Some(dialect) = dialect(*choice, *characters) else { return Corpus::Reject };
    std::fs::write(&*FILE, text).unwrap();
    let step = usize::from(*step % 8) + 1;
    let found = records(&FILE, &dialect, step).unwrap();
    assert_eq!(found, records(&FILE, &dialect, usize::MAX).unwrap(), "{step} bytes at a time: {dialect:?}");
    assert_eq!(found, plain(text, &dialect), "{dialect:?}");
    Corpus::Keep
});

/// A dialect, or none where its characters contradict each other, which the descriptor refuses.
fn dialect(choice: u8, characters: u8) -> Option<Dialect> {
    let pick = |from: &[u8], at: u8| from[usize::from(at) % from.len()];
    let delimiter = pick(b",;\t|", characters);
    let quote = Some(pick(b"\"'", characters >> 2));
    let escape = Some(pick(b"\\'", characters >> 3));
    let comment = ["#", "//", "\"#", "--"][usize::from(characters >> 4 & 3)].to_owned();
    // Line breaks are none of these: the descriptor takes them all for the default.
    let terminator = Some(pick(b";|x,\"#", characters >> 6 | choice >> 6 << 2));
    let has = |bit: u8| choice >> bit & 1 == 1;
    let dialect = Dialect {
        delimiter,
        quote: quote.filter(|_| !has(0)),
        double_quote: !has(1),
        escape: escape.filter(|_| has(2)),
        skip_initial_space: has(3),
        comment_char: has(4).then_some(comment),
        line_terminator: terminator.filter(|_| has(5)),
        ..Dialect::default()
    };
    let ends_comment = |comment: &String| dialect.line_terminator.is_some_and(|end| comment.as_bytes().contains(&end));
    let differ = !dialect.comment_char.as_ref().is_some_and(ends_comment)
        && dialect.line_terminator != Some(delimiter)
        && (dialect.line_terminator.is_none() || dialect.line_terminator != dialect.quote)
        && (dialect.quote.is_none() || dialect.quote != dialect.escape);
    differ.then_some(dialect)
}

/// The whole text, one byte after the other, with everything in memory.
fn plain(text: &[u8], dialect: &Dialect) -> (Vec<Row>, End) {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let ends = |byte: u8| match dialect.line_terminator {
        Some(terminator) => byte == terminator,
        None => byte == b'\n' || byte == b'\r',
    };
    // How many bytes the line end at `at` has.
    let line_end = |at: usize| match (dialect.line_terminator, &text[at..]) {
        (None, [b'\r', b'\n', ..]) => 2,
        _ => 1,
    };
    let (mut rows, mut at, mut number) = (vec![], 0, 0);
    while at < text.len() {
        number += 1;
        if ends(text[at]) {
            at += line_end(at);
            continue;
        }
        if dialect.comment_char.as_ref().is_some_and(|comment| text[at..].starts_with(comment.as_bytes())) {
            while at < text.len() && !ends(text[at]) {
                at += 1;
            }
            if at < text.len() {
                at += line_end(at);
            }
            continue;
        }
        let line = lines_before(&text[..at]) + 1;
        let mut cells = vec![];
        let mut more = true;
        while more {
            let mut cell = vec![];
            while dialect.skip_initial_space && text.get(at) == Some(&b' ') {
                at += 1;
            }
            let mut quoted = false;
            if at < text.len() && Some(text[at]) == dialect.quote {
                quoted = true;
                at += 1;
            }
            loop {
                let Some(&byte) = text.get(at) else {
                    if quoted {
                        return (rows, End::UnclosedQuote(line));
                    }
                    more = false;
                    break;
                };
                if Some(byte) == dialect.escape {
                    match text.get(at + 1) {
                        Some(escaped) => cell.push(*escaped),
                        None if quoted => {}
                        None => cell.push(byte),
                    }
                    at += 2;
                } else if quoted && Some(byte) == dialect.quote {
                    if dialect.double_quote && text.get(at + 1) == Some(&byte) {
                        cell.push(byte);
                        at += 2;
                    } else {
                        quoted = false;
                        at += 1;
                    }
                } else if !quoted && byte == dialect.delimiter {
                    at += 1;
                    break;
                } else if !quoted && ends(byte) {
                    at += line_end(at);
                    more = false;
                    break;
                } else {
                    cell.push(byte);
                    at += 1;
                }
            }
            at = at.min(text.len());
            cells.push(cell);
        }
        rows.push(Row { line, number, cells });
    }
    (rows, End::Complete)
}

/// Physical lines: LF, CRLF and CR end one, whatever ends a row.
fn lines_before(text: &[u8]) -> u64 {
    let line_feeds = text.iter().filter(|byte| **byte == b'\n').count();
    let returns =
        text.iter().enumerate().filter(|(at, byte)| **byte == b'\r' && text.get(at + 1) != Some(&b'\n'));
    (line_feeds + returns.count()) as u64
}
