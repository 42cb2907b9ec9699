//! What a client gets when it gets no rows: PostgREST's four keys, and a code that is
//! documented in docs/errors.md and never reused.
//!
//! Where PostgREST's clients rely on a code, it is PostgREST's; our own start with `CP`. A server
//! error carries no message of its own making: what happened goes to the log, not to the client.

mod code;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::code::Code;
use crate::config::Verbosity;

/// The error of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    code: Code,
    message: String,
    details: Option<serde_json::Value>,
    hint: Option<String>,
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

    pub(crate) fn details(self, details: impl Into<serde_json::Value>) -> Self {
        Self { details: Some(details.into()), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Whether it says what to do.
    pub(crate) fn has_hint(&self) -> bool {
        self.hint.is_some()
    }

    /// The same without details and hint.
    pub(crate) fn minimal(&self) -> Self {
        Self::new(self.code, self.message.clone())
    }

    /// What kind of error it is.
    pub fn code(&self) -> Code {
        self.code
    }

    /// What went wrong, in a sentence.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// What there is to know beside it.
    pub(crate) fn details_value(&self) -> Option<&serde_json::Value> {
        self.details.as_ref()
    }

    /// What to do about it.
    pub(crate) fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The body with what `verbosity` says.
    pub(crate) fn to_json_of(&self, verbosity: Verbosity) -> String {
        #[derive(Serialize)]
        struct Minimal<'a> {
            code: &'a str,
            message: &'a str,
        }
        match verbosity {
            Verbosity::Verbose => self.to_json(),
            Verbosity::Minimal => {
                let minimal = Minimal { code: self.code.name(), message: &shortened(&self.message) };
                serde_json::to_string(&minimal).expect("strings can be written as JSON")
            }
        }
    }

    /// The body as sent, with all four keys.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Body<'a> {
            code: &'a str,
            message: &'a str,
            details: Option<&'a serde_json::Value>,
            hint: Option<&'a str>,
        }
        let details = match &self.details {
            Some(serde_json::Value::String(text)) => Some(Cow::Owned(shortened(text).into())),
            details => details.as_ref().map(Cow::Borrowed),
        };
        serde_json::to_string(&Body {
            code: self.code.name(),
            message: &shortened(&self.message),
            details: details.as_deref(),
            hint: self.hint.as_deref().map(shortened).as_deref(),
        })
        .expect("strings can be written as JSON")
    }
}

/// The longest text of an error, in characters. What a client wrote may be in it, and a header may be long.
const LONGEST: usize = 1000;

/// The text, or its beginning with a sign that it is no more.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let begin = text.char_indices().nth(LONGEST - 1).map_or(text, |(end, _)| &text[..end]);
            Cow::Owned(format!("{begin}…"))
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match Self::from_sql(&error) {
            Some(error) => error,
            None => Self::release(error),
        }
    }
}

/// What a client error that comes up inside SQLite is wrapped in on its way through it.
const MARK: char = '\u{1}';

impl Error {
    /// The error as the message of an SQL function that fails.
    pub(crate) fn into_sql(mut self) -> rusqlite::Error {
        self.message = self.message.replace('\0', "\\0");
        // As JSON: SQLite takes messages as C strings, and there no zero byte stands in it.
        rusqlite::Error::UserFunctionError(format!("{MARK}{}", self.to_json()).into())
    }

    fn out_of_memory() -> Self {
        Self::new(Code::OutOfMemory, "out of memory")
            .details("the query needs more memory than this deployment has for queries")
            .hint(
                "search for whole words or longer beginnings, for fewer of them, or filter by another column",
            )
    }

    /// The client error that an SQL function raised, if it is one.
    fn from_sql(error: &rusqlite::Error) -> Option<Self> {
        let message = match error {
            rusqlite::Error::SqliteFailure(failure, _)
                if failure.code == rusqlite::ErrorCode::OperationInterrupted =>
            {
                let message = "canceling statement due to statement timeout";
                return Some(Self::new(Code::TooSlow, message));
            }
            rusqlite::Error::SqliteFailure(failure, _)
                if failure.code == rusqlite::ErrorCode::OutOfMemory =>
            {
                return Some(Self::out_of_memory());
            }
            rusqlite::Error::SqliteFailure(_, Some(message)) => message.as_str(),
            _ => return None,
        };
        if message == "integer overflow" {
            return Some(Self::new(Code::OutOfRange, "bigint out of range"));
        }
        #[derive(Deserialize)]
        struct Raised {
            code: String,
            message: String,
            details: Option<serde_json::Value>,
            hint: Option<String>,
        }
        let Raised { code, message, details, hint } =
            serde_json::from_str(message.strip_prefix(MARK)?).ok()?;
        let code = Code::ALL.into_iter().find(|known| known.name() == code)?;
        Some(Self { code, message, details, hint })
    }
}
