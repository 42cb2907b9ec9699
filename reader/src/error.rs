//! What a client is told when it gets no rows: PostgREST's four keys, and a code that is
//! documented in docs/errors.md and never reused.
//!
//! Where PostgREST's clients rely on a code, it is PostgREST's; our own start with `CP`. A server
//! error carries no message of its own making: what happened goes to the log, not to the client.

use std::fmt;

use serde::Serialize;

use crate::release::OpenError;

/// The error of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    code: Code,
    message: String,
    details: Option<String>,
    hint: Option<String>,
}

/// The kinds of error; each has one code and one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A query parameter that means nothing here.
    UnknownParameter,
    /// A parameter that is given twice where one counts.
    RepeatedParameter,
    /// A `limit` or `offset` that is no whole number.
    InvalidPage,
    /// A negative limit.
    NegativeLimit,
    /// A key or value that is not of its column's type.
    InvalidValue,
    /// A key with too few or too many parts.
    KeyParts,
    /// A path or query that is not UTF-8 once decoded.
    NotUtf8,
    /// A path that is longer than any request needs.
    UrlTooLong,
    /// A table that does not exist.
    UnknownTable,
    /// A row that does not exist.
    UnknownRow,
    /// A table without a primary key, asked for a row.
    NoKey,
    /// A method that is not read-only.
    Method,
    /// A media type that is not served.
    NotAcceptable,
    /// The release's files can't be read or don't belong together.
    Release,
}

impl Code {
    /// Every code, for the test that compares them with docs/errors.md.
    pub const ALL: [Code; 14] = [
        Self::UnknownParameter,
        Self::RepeatedParameter,
        Self::InvalidPage,
        Self::NegativeLimit,
        Self::InvalidValue,
        Self::KeyParts,
        Self::NotUtf8,
        Self::UrlTooLong,
        Self::UnknownTable,
        Self::UnknownRow,
        Self::NoKey,
        Self::Method,
        Self::NotAcceptable,
        Self::Release,
    ];

    /// The status and the code as sent.
    pub fn row(self) -> (u16, &'static str) {
        match self {
            Self::UnknownParameter => (400, "CP001"),
            Self::RepeatedParameter => (400, "CP002"),
            Self::InvalidPage => (400, "CP003"),
            Self::NegativeLimit => (416, "PGRST103"),
            Self::InvalidValue => (400, "22P02"),
            Self::KeyParts => (400, "CP004"),
            Self::NotUtf8 => (400, "CP005"),
            Self::UrlTooLong => (414, "CP006"),
            Self::UnknownTable => (404, "PGRST205"),
            Self::UnknownRow => (404, "CP101"),
            Self::NoKey => (404, "CP102"),
            Self::Method => (405, "PGRST117"),
            Self::NotAcceptable => (406, "PGRST107"),
            Self::Release => (500, "CP500"),
        }
    }

    /// The HTTP status.
    pub fn status(self) -> u16 {
        self.row().0
    }

    /// The code as sent.
    pub fn name(self) -> &'static str {
        self.row().1
    }
}

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: None, hint: None }
    }

    /// The one server error. What happened is for the log: `reason` goes to stderr, which is
    /// where Lambda's log and a service manager's journal read.
    #[expect(clippy::print_stderr, reason = "the log of both doors")]
    pub(crate) fn release(reason: impl fmt::Display) -> Self {
        eprintln!("error: {reason}");
        Self::new(Code::Release, "the release can't be read").hint("the reason is in the server's log")
    }

    pub(crate) fn details(self, details: impl Into<String>) -> Self {
        Self { details: Some(details.into()), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// What kind of error it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The body as sent.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Body<'a> {
            code: &'a str,
            message: &'a str,
            details: Option<&'a str>,
            hint: Option<&'a str>,
        }
        serde_json::to_string(&Body {
            code: self.code.name(),
            message: &self.message,
            details: self.details.as_deref(),
            hint: self.hint.as_deref(),
        })
        .expect("strings can be written as JSON")
    }
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        Self::release(error)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::release(error)
    }
}
