//! What a search operator looks for, in FTS5's language and SQL's.
//!
//! A text from a URL gets into FTS5's language only word by word, as a string in double quotes
//! with each of its own doubled (SQLite, "FTS5 Full-text Query Syntax"): what a word is FTS5's
//! tokenizer decides, for the query as for the index, and nothing in it is an operator. `not` is
//! SQL's, since FTS5 has none that stands alone.
//!
//! A word without a letter or digit looks for nothing and is passed over, as PostgreSQL passes
//! over stop words; a search that has no other finds nothing. A stop word within a phrase keeps its
//! place: there it is the character that the index has for it.

use catalog::{Language, STOP_WORD};

use crate::error::{Code, Error};

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Words {
    /// A query in FTS5's language, without the column.
    Match(String),
    All(Vec<Words>),
    Any(Vec<Words>),
    Not(Box<Words>),
}

impl Words {
    /// How many words are looked for, as FTS5's tokenizer separates them.
    pub(crate) fn count(&self) -> usize {
        match self {
            // Each string is between quotes; a doubled one in it separates words.
            Self::Match(query) => {
                let strings = query.split('"').skip(1).step_by(2);
                strings
                    .map(|text| {
                        text.split(|c: char| !c.is_alphanumeric() && c != STOP_WORD)
                            .filter(|word| !word.is_empty())
                            .count()
                    })
                    .sum()
            }
            Self::All(words) | Self::Any(words) => words.iter().map(Self::count).sum(),
            Self::Not(words) => words.count(),
        }
    }
}

/// How deep parentheses and `!` may be nested.
const MAX_DEPTH: usize = 16;

/// What the operand of `operator` looks for. Errors: `fts` has a grammar.
pub(super) fn words(operator: &str, operand: &str, language: Language) -> Result<Words, Error> {
    let words = match operator {
        "plfts" => all(operand.split_whitespace().map(|word| phrase(word, language)).collect()),
        "phfts" => phrase(operand, language),
        "wfts" => web(operand, language),
        _ => Query { text: operand, at: 0, language }.parse()?,
    };
    Ok(words.unwrap_or(Words::Any(vec![])))
}

/// Words one after another.
fn phrase(text: &str, language: Language) -> Option<Words> {
    joined_phrase(&[Part { text: language.masked(text), prefix: false }], language)
}

/// A part of a phrase.
struct Part {
    /// With its stop words masked.
    text: String,
    /// Whether its last word may go on.
    prefix: bool,
}

/// The parts one after another, without stop words at the ends; `None` where no word is in them.
fn joined_phrase(parts: &[Part], language: Language) -> Option<Words> {
    let has_stop_word = |text: &str| language != Language::Simple && text.contains(STOP_WORD);
    let has_word = |part: &Part| part.text.contains(char::is_alphanumeric);
    let says_nothing = |c: char| !c.is_alphanumeric();
    let first = parts.iter().position(has_word)?;
    let last = parts.iter().rposition(has_word)?;
    let mut strings = vec![];
    for (index, part) in parts.iter().enumerate().take(last + 1).skip(first) {
        let mut text = part.text.as_str();
        if index == first && has_stop_word(text) {
            text = text.trim_start_matches(says_nothing);
        }
        if index == last && has_stop_word(text) {
            text = text.trim_end_matches(says_nothing);
        }
        if has_word(part) {
            strings.push(string(text) + if part.prefix { " *" } else { "" });
        } else if has_stop_word(text) {
            strings.push(string(text));
        }
    }
    Some(Words::Match(strings.join(" + ")))
}

/// A text as a string of FTS5, which ends texts at a zero byte.
fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\0', " ").replace('"', "\"\""))
}

fn all(words: Vec<Option<Words>>) -> Option<Words> {
    joined(words, " AND ", Words::All)
}

fn any(words: Vec<Option<Words>>) -> Option<Words> {
    joined(words, " OR ", Words::Any)
}

/// One query for FTS5 where that can be, since it reads each word's places once and in step.
fn joined(words: Vec<Option<Words>>, operator: &str, otherwise: fn(Vec<Words>) -> Words) -> Option<Words> {
    let mut words: Vec<Words> = words.into_iter().flatten().collect();
    if words.len() < 2 {
        return words.pop();
    }
    let queries: Option<Vec<&str>> = words
        .iter()
        .map(|words| match words {
            Words::Match(query) => Some(query.as_str()),
            _ => None,
        })
        .collect();
    match queries {
        Some(queries) => Some(Words::Match(format!("({})", queries.join(operator)))),
        None => Some(otherwise(words)),
    }
}

/// As search engines read a line: words, phrases in double quotes, `or` between, `-` before what
/// must not be there. Every text is one.
fn web(text: &str, language: Language) -> Option<Words> {
    let mut either = vec![];
    let mut both = vec![];
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let behind = rest.strip_prefix('-').filter(|behind| !behind.starts_with(char::is_whitespace));
        let start = behind.unwrap_or(rest);
        let (word, end, quoted) = match start.strip_prefix('"') {
            Some(inside) => match inside.split_once('"') {
                Some((word, end)) => (word, end, true),
                None => (inside, "", true),
            },
            None => {
                let end = start.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(start.len());
                (&start[..end], &start[end..], false)
            }
        };
        rest = end.trim_start();
        if word.eq_ignore_ascii_case("or")
            && !quoted
            && behind.is_none()
            && !both.is_empty()
            && !rest.is_empty()
        {
            either.push(all(std::mem::take(&mut both)));
            continue;
        }
        let words = phrase(word, language);
        both.push(match behind {
            Some(_) => words.map(|words| Words::Not(Box::new(words))),
            None => words,
        });
    }
    either.push(all(both));
    any(either)
}

/// The operand of `fts`, PostgreSQL's `tsquery`:
///
/// ```text
/// query -> and ("|" and)*
/// and -> term ("&" term)*
/// term -> "!" term | "(" query ")" | word ("<->" word)*
/// word -> ("'" text "'" | text) ":*"?
/// ```
struct Query<'a> {
    text: &'a str,
    at: usize,
    language: Language,
}

impl<'a> Query<'a> {
    fn parse(mut self) -> Result<Option<Words>, Error> {
        if self.rest().is_empty() {
            return Ok(None);
        }
        let words = self.either(0)?;
        if self.rest().is_empty() { Ok(words) } else { Err(self.fail("an operator")) }
    }

    fn either(&mut self, depth: usize) -> Result<Option<Words>, Error> {
        let mut branches = vec![self.both(depth)?];
        while self.eat("|") {
            branches.push(self.both(depth)?);
        }
        Ok(any(branches))
    }

    fn both(&mut self, depth: usize) -> Result<Option<Words>, Error> {
        let mut branches = vec![self.term(depth)?];
        while self.eat("&") {
            branches.push(self.term(depth)?);
        }
        Ok(all(branches))
    }

    fn term(&mut self, depth: usize) -> Result<Option<Words>, Error> {
        if depth == MAX_DEPTH {
            return Err(Error::new(Code::TooMuch, "searches are nested too deeply")
                .details(format!("{MAX_DEPTH} levels are allowed")));
        }
        if self.eat("!") {
            return Ok(self.term(depth + 1)?.map(|words| Words::Not(Box::new(words))));
        }
        if self.eat("(") {
            let words = self.either(depth + 1)?;
            return if self.eat(")") { Ok(words) } else { Err(self.fail("\")\"")) };
        }
        let mut phrase = vec![];
        loop {
            phrase.push(self.word()?);
            if !self.eat("<->") {
                break;
            }
        }
        Ok(joined_phrase(&phrase, self.language))
    }

    fn word(&mut self) -> Result<Part, Error> {
        let rest = self.rest();
        let word = if let Some(quoted) = rest.strip_prefix('\'') {
            let mut word = String::new();
            let mut chars = quoted.char_indices().peekable();
            loop {
                match chars.next() {
                    Some((_, '\'')) if chars.next_if(|(_, c)| *c == '\'').is_some() => word.push('\''),
                    Some((at, '\'')) => {
                        self.at += at + 2;
                        break;
                    }
                    Some((_, c)) => word.push(c),
                    None => return Err(self.fail("a word that ends with \"'\"")),
                }
            }
            word
        } else {
            let ends =
                |c: char| c.is_whitespace() || matches!(c, '&' | '|' | '!' | '(' | ')' | '<' | ':' | '\'');
            let end = rest.find(ends).unwrap_or(rest.len());
            if end == 0 {
                return Err(self.fail("a word"));
            }
            self.at += end;
            rest[..end].to_owned()
        };
        let prefix = self.text[self.at..].starts_with(":*");
        if prefix {
            self.at += 2;
        }
        Ok(Part { text: self.language.masked(&word), prefix })
    }

    /// What is still to be read, without leading spaces.
    fn rest(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn fail(&mut self, expected: &str) -> Error {
        let found = match self.rest().chars().next() {
            Some(c) => format!("unexpected \"{c}\""),
            None => "unexpected end of input".to_owned(),
        };
        Error::new(Code::InvalidSearch, format!("syntax error in tsquery: \"{}\"", self.text))
            .details(format!("{found} expecting {expected}"))
            .hint("fts takes words joined with &, | and !; plfts and wfts take any text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(operator: &str, operand: &str) -> String {
        shown_in(Language::Simple, operator, operand)
    }

    fn shown_in(language: Language, operator: &str, operand: &str) -> String {
        fn show(words: &Words) -> String {
            let list = |words: &[Words]| words.iter().map(show).collect::<Vec<_>>().join(", ");
            match words {
                Words::Match(query) => query.clone(),
                Words::All(words) => format!("all[{}]", list(words)),
                Words::Any(words) => format!("any[{}]", list(words)),
                Words::Not(words) => format!("not[{}]", show(words)),
            }
        }
        show(&words(operator, operand, language).unwrap()).replace(STOP_WORD, "~")
    }

    #[test]
    fn plain_texts_and_phrases() {
        assert_eq!(shown("plfts", " The  fat-cat & "), r#"("The" AND "fat-cat")"#);
        assert_eq!(shown("plfts", "c0 : x OR NEAR(y)*"), r#"("c0" AND "x" AND "OR" AND "NEAR(y)*")"#);
        assert_eq!(shown("plfts", "say \"hi\"\0"), "(\"say\" AND \"\"\"hi\"\" \")");
        assert_eq!(shown("phfts", "the fat cat"), r#""the fat cat""#);
        assert_eq!(shown("plfts", "& -"), "any[]");
        assert_eq!(shown("phfts", ""), "any[]");
    }

    #[test]
    fn words_are_counted_as_they_are_looked_for() {
        for (operator, operand, count) in [
            ("plfts", "the  fat-cat & \"x\"\"y\"", 5),
            ("phfts", "one two three", 3),
            ("wfts", "a \"b c\" or -d", 4),
            ("fts", "a & !(b | c:*) & d.e.f", 6),
            ("plfts", "- .", 0),
        ] {
            assert_eq!(words(operator, operand, Language::Simple).unwrap().count(), count, "{operand}");
        }
    }

    #[test]
    fn as_search_engines_read() {
        assert_eq!(shown("wfts", r#"fat "black cat" -dog"#), r#"all["fat", "black cat", not["dog"]]"#);
        assert_eq!(shown("wfts", "a b or c"), r#"(("a" AND "b") OR "c")"#);
        assert_eq!(shown("wfts", "or or or"), r#"("or" OR "or")"#);
        assert_eq!(shown("wfts", "\"or\" - x"), r#"("or" AND "x")"#);
        assert_eq!(shown("wfts", r#"-"open end"#), r#"not["open end"]"#);
        assert_eq!(shown("wfts", "a\"b\"c"), r#"("a" AND "b" AND "c")"#);
        assert_eq!(shown("wfts", "-"), "any[]");
    }

    #[test]
    fn stop_words_are_passed_over_and_keep_their_places() {
        for (operator, operand, expected) in [
            ("plfts", "The cats of Rome", r#"("cats" AND "Rome")"#),
            ("plfts", "the of", "any[]"),
            ("plfts", "don't rock-and-roll", r#""rock-~-roll""#),
            ("phfts", "the Statue of the Liberty, which", r#""Statue ~ ~ Liberty""#),
            ("wfts", "rock or the -being", r#""rock""#),
            ("wfts", r#""the cat" or "in hat" -"of it""#, r#"("cat" OR "hat")"#),
            ("fts", "the:* | th:*", r#""th" *"#),
            ("fts", "!the & cat", r#""cat""#),
            ("fts", "the <-> statue <-> of <-> liberty <-> is", r#""statue" + "~" + "liberty""#),
            ("fts", "'cat and dogs':* <-> the", r#""cat ~ dogs" *"#),
        ] {
            assert_eq!(shown_in(Language::English, operator, operand), expected, "{operator} {operand}");
        }
        let words = words("phfts", "cat of the hat", Language::English).unwrap();
        assert_eq!(words.count(), 4);
    }

    #[test]
    fn as_postgresql_reads() {
        assert_eq!(shown("fts", "a & b | c"), r#"(("a" AND "b") OR "c")"#);
        assert_eq!(shown("fts", "a&!(b|c)"), r#"all["a", not[("b" OR "c")]]"#);
        assert_eq!(shown("fts", "!!a"), r#"not[not["a"]]"#);
        assert_eq!(shown("fts", "fat <-> ca:*"), r#""fat" + "ca" *"#);
        assert_eq!(shown("fts", "'it''s & so' | b"), r#"("it's & so" OR "b")"#);
        assert_eq!(shown("fts", "a & ."), r#""a""#);
        assert_eq!(shown("fts", " "), "any[]");
        for wrong in ["a b", "a &", "& a", "(a", "a)", "'a", "a <-> (b)", "a:A", "a <2> b", "!"] {
            assert!(words("fts", wrong, Language::Simple).is_err(), "{wrong}");
        }
        assert!(words("fts", &"(".repeat(99), Language::Simple).is_err());
    }
}
