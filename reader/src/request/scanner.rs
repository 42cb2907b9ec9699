//! A text that is read from left to right, and errors that say where it stopped making sense.
//!
//! Messages and details have PostgREST's form: what could not be parsed, the column, what stood
//! there and what could have stood there.

use crate::error::{Code, Error};

/// A text and how far it is read.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    what: &'static str,
    /// The text as the error shows it.
    shown: &'a str,
    text: &'a str,
    at: usize,
}

pub(super) type Result<T> = std::result::Result<T, Error>;

impl<'a> Scanner<'a> {
    /// `what` is what the text should be, as in `failed to parse filter (...)`.
    pub(super) fn new(what: &'static str, text: &'a str) -> Self {
        Self { what, shown: text, text, at: 0 }
    }

    /// The same, where errors show another text than the one that is read.
    pub(super) fn shown(what: &'static str, shown: &'a str, text: &'a str) -> Self {
        Self { what, shown, text, at: 0 }
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// What stands between here and there, which is further on in the same text.
    pub(super) fn until(&self, there: &Self) -> &'a str {
        &self.text[self.at..there.at]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Passes `token` if it stands here.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Passes the characters for which `of` holds, and returns them.
    pub(super) fn take_while(&mut self, of: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !of(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    pub(super) fn blanks(&mut self) {
        self.take_while(|c| c == ' ' || c == '\t');
    }

    /// Whether a parenthesis opens here, after spaces.
    pub(super) fn opens(&self) -> bool {
        let mut ahead = self.clone();
        ahead.blanks();
        ahead.peek() == Some('(')
    }

    /// Passes `token` and the spaces around it, or fails.
    pub(super) fn expect(&mut self, token: &str) -> Result<()> {
        self.blanks();
        if !self.eat(token) {
            return Err(self.fail(&format!("\"{token}\"")));
        }
        self.blanks();
        Ok(())
    }

    /// Passes the end of a list in parentheses and the spaces after it, or fails.
    pub(super) fn closes(&mut self) -> Result<()> {
        if !self.eat(")") {
            return Err(self.fail("\",\" or \")\""));
        }
        self.blanks();
        Ok(())
    }

    /// Everything is read, or it fails: nothing is passed over.
    pub(super) fn end(&self, expecting: &str) -> Result<()> {
        if self.at_end() { Ok(()) } else { Err(self.fail_at(expecting)) }
    }

    /// What stands here is unexpected, shown in double quotes as PostgREST shows text.
    pub(super) fn fail(&self, expecting: &str) -> Error {
        self.fail_with(self.peek(), expecting)
    }

    /// The same, where the character shown is another than the one the column points at.
    pub(super) fn fail_with(&self, unexpected: Option<char>, expecting: &str) -> Error {
        self.error(unexpected.map(|c| format!("{:?}", c.to_string())), expecting)
    }

    /// The same in single quotes, as PostgREST shows what follows a complete term.
    pub(super) fn fail_at(&self, expecting: &str) -> Error {
        self.error(self.peek().map(|c| format!("'{c}'")), expecting)
    }

    fn error(&self, unexpected: Option<String>, expecting: &str) -> Error {
        let column = self.text[..self.at].chars().count() + 1;
        let source = format!("failed to parse {} ({})", self.what, self.shown);
        let source = source.replace('\\', "\\\\").replace('"', "\\\"");
        let unexpected = unexpected.unwrap_or_else(|| "end of input".to_owned());
        Error::new(Code::Syntax, format!("\"{source}\" (line 1, column {column})"))
            .details(format!("unexpected {unexpected} expecting {expecting}"))
    }
}
