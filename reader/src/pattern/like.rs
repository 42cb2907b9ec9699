//! Patterns with `%` and `_`.

use crate::deadline::{Interrupted, Work};

/// What GLOB is trusted with: it compares each stretch between two `%` at every place of the text,
/// and nothing stops it on the way. This many characters of it are 60 ms for a megabyte.
const LONGEST_STRETCH: usize = 32;

/// A pattern with `%` and `_`, ready to be matched.
#[derive(Debug)]
pub(crate) struct Like {
    tokens: Vec<Token>,
    fold: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    Any,
    One,
    Just(char),
}

impl Like {
    /// Where `fold`, letters match in either case: Unicode's simple mappings.
    pub(crate) fn new(pattern: &str, fold: bool) -> Self {
        let mut tokens = tokens(pattern);
        for token in tokens.iter_mut().filter(|_| fold) {
            if let Token::Just(c) = token {
                *c = folded(*c);
            }
        }
        Self { tokens, fold }
    }

    /// Whether the whole text matches. In time proportional to both lengths at the worst.
    pub(crate) fn matches(&self, text: &str, work: &Work<'_>) -> Result<bool, Interrupted> {
        let (mut at, mut here) = (0, 0);
        // Where to go on if the shortest match of the last `%` was too short.
        let mut again = None;
        work.spend(1)?;
        while let Some(c) = text[here..].chars().next() {
            work.spend(1)?;
            match self.tokens.get(at) {
                Some(Token::Any) => {
                    again = Some((at, here));
                    at += 1;
                    continue;
                }
                Some(Token::One) => {}
                Some(Token::Just(wanted)) if *wanted == if self.fold { folded(c) } else { c } => {}
                _ => match again {
                    Some((any, from)) => {
                        at = any + 1;
                        here = from + text[from..].chars().next().map_or(1, char::len_utf8);
                        again = Some((any, here));
                        continue;
                    }
                    None => return Ok(false),
                },
            }
            at += 1;
            here += c.len_utf8();
        }
        Ok(self.tokens[at..].iter().all(|token| *token == Token::Any))
    }
}

/// The character in lower case, by Unicode's simple mappings, as PostgreSQL's locale `C.UTF-8` has it: what is
/// one character in the text is one to `_`.
fn folded(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    // Only `İ` has two: `i` and a dot above. The first is its simple mapping.
    c.to_lowercase().next().unwrap_or(c)
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = vec![];
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '%' => tokens.push(Token::Any),
            '_' => tokens.push(Token::One),
            '\\' => tokens.extend(chars.next().map(Token::Just)),
            c => tokens.push(Token::Just(c)),
        }
    }
    tokens
}

/// The pattern as SQLite's GLOB, which minds the case as PostgreSQL's LIKE does; `None` where GLOB might be long at it.
pub(crate) fn globs(pattern: &str) -> Option<String> {
    let tokens = tokens(pattern);
    // What stands before the first `%` is compared once.
    let stretches = tokens.split(|token| *token == Token::Any).skip(1);
    stretches.into_iter().all(|stretch| stretch.len() <= LONGEST_STRETCH).then(|| glob(&tokens))
}

/// What every text that matches is at least, and what it is less than, in the order of bytes: an index has a range of
/// them. `None` where a text may begin with anything.
pub(crate) fn range(pattern: &str) -> Option<(String, Option<String>)> {
    let mut plain: Vec<char> = vec![];
    for token in tokens(pattern) {
        let Token::Just(c) = token else { break };
        plain.push(c);
    }
    let from: String = plain.iter().collect();
    // The next text of that length; there is no character after the last one.
    let mut below = None;
    while let (None, Some(last)) = (&below, plain.pop()) {
        below = (last..=char::MAX).nth(1).map(|next| plain.iter().chain([&next]).collect());
    }
    (!from.is_empty()).then_some((from, below))
}

fn glob(tokens: &[Token]) -> String {
    let mut glob = String::with_capacity(tokens.len() + 4);
    for token in tokens {
        match token {
            Token::Any => glob.push('*'),
            Token::One => glob.push('?'),
            // What GLOB would not take for itself.
            Token::Just(c @ ('*' | '?' | '[')) => glob.extend(['[', *c, ']']),
            Token::Just(c) => glob.push(*c),
        }
    }
    glob
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn like_becomes_glob() {
        for (pattern, expected) in
            [("a%b", "a*b"), ("a%_", "a*?"), (r"50\%", "50%"), ("a?[b]", "a[?][[]b]"), (r"a\_b\\", r"a_b\")]
        {
            assert_eq!(globs(pattern).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn glob_gets_no_long_stretch_behind_a_wildcard() {
        let (short, long) = ("x".repeat(32), "x".repeat(33));
        assert_eq!(globs(&format!("%{short}%{short}")), Some(format!("*{short}*{short}")));
        assert_eq!(globs(&format!("{long}%")), Some(format!("{long}*")));
        assert_eq!(globs(&format!("a*_%{long}")), None);
    }

    #[test]
    fn texts_that_match_are_in_the_range() {
        for (pattern, from, below) in [
            ("ab%", "ab", Some("ac")),
            (r"a\%*_%", "a%*", Some("a%+")),
            ("é", "é", Some("ê")),
            ("a\u{d7ff}_", "a\u{d7ff}", Some("a\u{e000}")),
            ("a\u{10ffff}%", "a\u{10ffff}", Some("b")),
            ("\u{10ffff}", "\u{10ffff}", None),
        ] {
            assert_eq!(range(pattern), Some((from.to_owned(), below.map(str::to_owned))), "{pattern}");
        }
        for pattern in ["", "%", "_a"] {
            assert_eq!(range(pattern), None, "{pattern}");
        }
    }

    fn matches(pattern: &str, fold: bool, text: &str) -> bool {
        Like::new(pattern, fold).matches(text, &Work::new(&|| false)).unwrap()
    }

    #[test]
    fn ilike_folds_unicode() {
        for (pattern, text) in [
            ("ÉT_", "été"),
            ("%", ""),
            ("%B%b%", "xbxBx"),
            ("a%a", "Aa"),
            (r"\%%", "%x"),
            ("_", "İ"),
            ("İ", "İ"),
            ("i%", "İx"),
            ("İ", "i"),
            ("%é%a", "eéÉxA"),
        ] {
            assert!(matches(pattern, true, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a%a", "a"), ("_", ""), ("a", "ab"), ("%b%b%", "xbx"), (r"\%", "x")] {
            assert!(!matches(pattern, true, text), "{pattern} {text}");
        }
        assert!(matches("%aé%", false, "xaéx"));
        assert!(!matches("%aé%", false, "xaÉx"));
    }

    #[test]
    fn a_long_match_asks_whether_to_go_on() {
        let like = Like::new(&format!("%{}b", "a".repeat(1000)), false);
        let text = "a".repeat(100_000);
        let looks = Cell::new(0);
        let stop_at_third = || {
            looks.set(looks.get() + 1);
            looks.get() == 3
        };
        assert_eq!(like.matches(&text, &Work::new(&stop_at_third)), Err(Interrupted));
        assert_eq!(looks.get(), 3);
    }
}
