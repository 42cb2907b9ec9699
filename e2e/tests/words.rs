//! The words of everything that people read: documents, help, messages, comments, workflows. Words
//! that this project's writers reach for and technical English does not have are named here, each with
//! the usual one. Code in backticks and code blocks is not prose and is left alone.

use std::fs;
use std::path::{Path, PathBuf};

/// What is not written, and what is written instead. Lower case, whole words.
const WORDS: [(&str, &str); 35] = [
    ("parted by", "separated by"),
    ("blanks", "spaces"),
    ("lies", "is, is stored"),
    ("lie", "are, are stored"),
    ("as they lie there", "the working tree"),
    ("told", "passed, reported"),
    ("tells of", "reports"),
    ("tell of", "report"),
    ("the way back", "rollback"),
    ("the whole way", "end to end"),
    ("held against", "compared with"),
    ("proven", "verified"),
    ("at the most", "at most"),
    ("at the least", "at least"),
    ("goes before", "takes precedence"),
    ("that is none", "that is not a valid"),
    ("what is none", "what is not a valid"),
    ("it is none", "it is not a valid"),
    ("they are none", "they are not valid"),
    ("one is none", "one is not a valid"),
    ("there is none", "there isn't one"),
    ("there was none", "there wasn't one"),
    ("whatever", "any"),
    ("whichever", "any"),
    ("the like", "etc."),
    ("in all", "total"),
    ("is to be seen", "is visible"),
    ("are to be seen", "are visible"),
    ("as far as there is room", "as long as it fits"),
    ("what is missing", "name what is missing"),
    ("what is wrong", "the problem"),
    ("what is doubtful", "warnings"),
    ("is no text", "is not text"),
    ("is no number", "is not a number"),
    ("whoever", "who, anyone"),
];

/// Where Rust sources are read: comments and string literals.
const SOURCES: [&str; 6] =
    ["catalog/src", "datapackage/src", "builder/src", "publisher/src", "reader/src", "lambda/src"];

/// Where text files are read, by the end of their names.
const TEXTS: [(&str, &str); 5] =
    [("docs", ".md"), (".github", ".yml"), ("terraform", ".md"), ("e2e", ".md"), (".", ".md")];

#[test]
fn prose_uses_the_usual_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository is around this crate");
    let mut found = vec![];
    for (directory, end) in TEXTS {
        for path in files(&root.join(directory), end, directory != ".") {
            let text = fs::read_to_string(&path).expect("a text file");
            search(root, &path, prose(&text).into_iter(), &mut found);
        }
    }
    for directory in SOURCES {
        for path in files(&root.join(directory), ".rs", true) {
            let text = fs::read_to_string(&path).expect("a source file");
            let lines = text.lines().map(comments_and_strings).collect::<Vec<_>>();
            search(root, &path, lines.into_iter(), &mut found);
        }
    }
    assert!(found.is_empty(), "{} places:\n{}", found.len(), found.join("\n"));
}

/// All files below a directory whose names end so, without what programs wrote.
fn files(directory: &Path, end: &str, deep: bool) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(directory).expect("a directory of the repository").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if path.is_dir() && deep && !matches!(&*name, "target" | "node_modules" | ".terraform") {
            found.extend(files(&path, end, true));
        } else if path.is_file() && name.ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn search(root: &Path, path: &Path, lines: impl Iterator<Item = String>, found: &mut Vec<String>) {
    let shown = path.strip_prefix(root).unwrap_or(path).display();
    for (number, line) in lines.enumerate() {
        let line = line.to_lowercase();
        for (word, better) in WORDS {
            if has(&line, word) {
                found.push(format!("{shown}:{}: \"{word}\"; write: {better}", number + 1));
            }
        }
    }
}

/// Whether the line has these words, and not only as a part of longer ones.
fn has(line: &str, words: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(words)
        .any(|(at, _)| !line[..at].ends_with(is_letter) && !line[at + words.len()..].starts_with(is_letter))
}

/// The lines of a document without code blocks and code spans.
fn prose(text: &str) -> Vec<String> {
    let mut in_block = false;
    let line = |line: &str| {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            return String::new();
        }
        if in_block { String::new() } else { without_code_spans(line) }
    };
    text.lines().map(line).collect()
}

fn without_code_spans(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("``")
}

/// What a line of Rust says to people.
fn comments_and_strings(line: &str) -> String {
    let mut said = String::new();
    let mut in_string = false;
    let mut rest = line.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' if in_string => {
                rest.next();
            }
            '"' => {
                in_string = !in_string;
                said.push(' ');
            }
            '/' if !in_string && line[at..].starts_with("//") => {
                said.push_str(&line[at..]);
                break;
            }
            c if in_string => said.push(c),
            _ => {}
        }
    }
    without_code_spans(&said)
}

#[test]
fn words_are_found_in_prose_alone() {
    assert!(has("cells parted by commas", "parted by"));
    assert!(!has("the data implies it", "lies") && !has("untold", "told"));
    assert_eq!(prose("a `told` b\n```\ntold\n```\nc"), ["a `` b", "", "", "", "c"]);
    assert_eq!(comments_and_strings(r#"let told = "a \" b"; // c `told`"#), " a  b // c ``");
}
