//! What stops the builder itself. A problem in the data is a finding, not a failure.

use std::io;
use std::path::Path;

use datapackage::descriptor::LoadError;

/// Why the builder could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The datasets directory could not be read.
    #[error(transparent)]
    Datasets(LoadError),
    /// A file or directory could not be read or written.
    #[error("{tried}")]
    Io {
        /// What was tried: ``can't write `dist` ``.
        tried: String,
        /// What the operating system said.
        #[source]
        error: io::Error,
    },
    /// SQLite failed.
    #[error("{tried}")]
    Sqlite {
        /// What was tried.
        tried: String,
        /// What SQLite said.
        #[source]
        error: rusqlite::Error,
    },
    /// It would lose or break something; the sentence says what, and what to do instead.
    #[error("{0}")]
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
