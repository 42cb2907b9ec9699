//! What stops the builder itself. What is wrong with the data is a finding, not a failure.

use std::path::Path;
use std::{fmt, io};

use datapackage::descriptor::LoadError;

/// Why the builder could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The datasets directory could not be read.
    Datasets(LoadError),
    /// A file or directory could not be read or written.
    Io {
        /// What was tried: ``can't write `dist` ``.
        tried: String,
        /// What the operating system said.
        error: io::Error,
    },
    /// SQLite failed.
    Sqlite {
        /// What was tried.
        tried: String,
        /// What SQLite said.
        error: rusqlite::Error,
    },
    /// It would lose or break something; the sentence says what, and what to do instead.
    Refused(String),
}

impl Failure {
    /// For `map_err` on an operation on `path`: `io("write", path)`.
    pub(crate) fn io<'a>(verb: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |error| Self::Io { tried: format!("can't {verb} `{}`", path.display()), error }
    }

    /// For `map_err` on an SQL statement: `sqlite("can't write the database")`.
    pub fn sqlite(tried: &str) -> impl FnOnce(rusqlite::Error) -> Self + '_ {
        move |error| Self::Sqlite { tried: tried.to_owned(), error }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Datasets(error) => error.fmt(f),
            Self::Io { tried, .. } | Self::Sqlite { tried, .. } => f.write_str(tried),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Datasets(error) => error.source(),
            Self::Io { error, .. } => Some(error),
            Self::Sqlite { error, .. } => Some(error),
            Self::Refused(_) => None,
        }
    }
}
