//! The patterns of `like`, `ilike`, `match` and `imatch`.

use regex_lite::{Regex, RegexBuilder};

use crate::error::{Code, Error};

/// A pattern of `like` as SQLite's GLOB, which minds the case as PostgreSQL's LIKE does, and can
/// use an index where the pattern starts with plain text.
pub(super) fn glob(pattern: &str) -> String {
    let mut glob = String::with_capacity(pattern.len() + 4);
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '%' => glob.push('*'),
            '_' => glob.push('?'),
            '\\' => glob.extend(chars.next().map(literal).into_iter().flatten()),
            c => glob.extend(literal(c)),
        }
    }
    glob
}

/// A character that GLOB takes for itself.
fn literal(c: char) -> Vec<char> {
    if matches!(c, '*' | '?' | '[') { vec!['[', c, ']'] } else { vec![c] }
}

/// The pattern as PostgreSQL has it: `*` may stand for `%` in a URL.
pub(super) fn like(pattern: &str) -> Result<String, Error> {
    let pattern = pattern.replace('*', "%");
    let escapes = pattern.chars().rev().take_while(|c| *c == '\\').count();
    if escapes % 2 == 1 {
        return Err(Error::new(Code::InvalidPattern, "LIKE pattern must not end with escape character"));
    }
    Ok(pattern)
}

/// Whether `text` matches a pattern of `ilike`: Unicode's simple case mappings, character by
/// character. In time proportional to both lengths at the worst.
pub(crate) fn matches_folded(pattern: &str, text: &str) -> bool {
    let pattern = tokens(pattern);
    let text: Vec<char> = fold(text).chars().collect();
    let (mut at, mut here) = (0, 0);
    // Where to go on if the shortest match of the last `%` was too short.
    let mut again = None;
    while here < text.len() {
        match pattern.get(at) {
            Some(Token::Any) => {
                again = Some((at, here));
                at += 1;
                continue;
            }
            Some(Token::One) => {}
            Some(Token::Just(c)) if *c == text[here] => {}
            _ => match again {
                Some((any, from)) => {
                    at = any + 1;
                    here = from + 1;
                    again = Some((any, here));
                    continue;
                }
                None => return false,
            },
        }
        at += 1;
        here += 1;
    }
    pattern[at..].iter().all(|token| matches!(token, Token::Any))
}

enum Token {
    Any,
    One,
    Just(char),
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = vec![];
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '%' => tokens.push(Token::Any),
            '_' => tokens.push(Token::One),
            '\\' => tokens.extend(chars.next().into_iter().flat_map(char::to_lowercase).map(Token::Just)),
            c => tokens.extend(c.to_lowercase().map(Token::Just)),
        }
    }
    tokens
}

pub(crate) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// A regular expression of `match` or `imatch`. The engine folds ASCII; other letters are folded
/// here and must be folded in the text too.
pub(crate) fn regex(pattern: &str, folded: bool) -> Result<Regex, Error> {
    let pattern: std::borrow::Cow<'_, str> = if folded && !pattern.is_ascii() {
        let wide = |c: char| if c.is_ascii() { c.to_string() } else { c.to_lowercase().collect() };
        pattern.chars().map(wide).collect::<String>().into()
    } else {
        pattern.into()
    };
    RegexBuilder::new(&pattern)
        .case_insensitive(folded)
        .size_limit(1 << 20)
        .build()
        .map_err(|error| Error::new(Code::InvalidRegex, format!("invalid regular expression: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_becomes_glob() {
        for (pattern, expected) in
            [("a*b", "a*b"), ("a%_", "a*?"), (r"50\%", "50%"), ("a?[b]", "a[?][[]b]"), (r"a\_b\\", r"a_b\")]
        {
            assert_eq!(glob(&like(pattern).unwrap()), expected, "{pattern}");
        }
        assert!(like(r"a\").is_err());
    }

    #[test]
    fn ilike_folds_unicode() {
        for (pattern, text) in [("ÉT_", "été"), ("%", ""), ("%B%b%", "xbxBx"), ("a%a", "Aa"), (r"\%%", "%x")]
        {
            assert!(matches_folded(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a%a", "a"), ("_", ""), ("a", "ab"), ("%b%b%", "xbx"), (r"\%", "x")] {
            assert!(!matches_folded(pattern, text), "{pattern} {text}");
        }
    }
}
