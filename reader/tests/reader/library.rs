//! Readers of examples/library, and of small Data Packages that a test makes.

use std::path::Path;

use reader::{Config, Headers, RawRequest, Reader, Release, Response};
use tempfile::TempDir;

use crate::example;
pub(crate) use crate::package::Source;
use crate::package::{Files, descriptor};

/// An open reader of a dataset called `library`, and the directory that its release is in.
pub(crate) struct Library {
    _directory: TempDir,
    reader: Reader,
}

impl Library {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        Self::serve(config, |directory| example::release().write(directory))
    }

    /// A library in whose database the SQL was run afterwards.
    pub(crate) fn changed(sql: &str) -> Self {
        Self::serve(Config::default(), |directory| example::release().write_changed(directory, sql))
    }

    /// A library of other tables.
    pub(crate) fn of(sources: &[Source]) -> Self {
        Self::of_with(sources, Config::default())
    }

    pub(crate) fn of_with(sources: &[Source], config: Config) -> Self {
        let files = Files::of(&descriptor("library", sources), sources);
        Self::serve(config, |directory| files.write(directory))
    }

    /// A library of the release that `write` writes into a directory.
    pub(crate) fn serve(config: Config, write: impl FnOnce(&Path)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write(directory.path());
        let reader = Reader::new(Release::open(directory.path()).unwrap(), config);
        Self { _directory: directory, reader }
    }

    /// `url` is the path, then `?` and the raw query where there is one.
    pub(crate) fn ask(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> Response {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut counted = Headers::default();
        headers.iter().for_each(|(name, value)| counted.set(&name.to_lowercase(), value));
        self.reader.answer(&RawRequest { method, path, query, headers: counted })
    }

    /// The body of an answer that is 200.
    pub(crate) fn get(&self, url: &str) -> String {
        let response = self.ask("GET", url, &[]);
        let body = String::from_utf8(response.body).unwrap();
        assert_eq!(response.status, 200, "{url}: {body}");
        body
    }
}
