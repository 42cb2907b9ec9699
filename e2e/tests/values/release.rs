//! One table, from its CSV through the builder's whole pipeline, with a reader open on it.

use std::fs;

use builder::progress::Progress;
use builder::release::{Outcome, build};
use reader::{Config, Headers, RawRequest, Reader, Release as Opened};
use rusqlite::Connection;
use tempfile::TempDir;

/// A release of the table `t`.
pub(crate) struct Release {
    reader: Reader,
    directory: TempDir,
}

impl Release {
    /// Builds it from a schema, as in a descriptor, and a CSV; there may be warnings.
    pub(crate) fn new(schema: &str, csv: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let dataset = directory.path().join("datasets/d");
        fs::create_dir_all(&dataset).unwrap();
        fs::write(dataset.join("t.csv"), csv).unwrap();
        let resource = format!(r#"{{"name": "t", "path": "t.csv", "schema": {schema}}}"#);
        fs::write(dataset.join("datapackage.json"), format!(r#"{{"name": "d", "resources": [{resource}]}}"#))
            .unwrap();
        let dist = directory.path().join("dist");
        match build(&directory.path().join("datasets"), &dist, None, &Progress::quiet()).unwrap() {
            Outcome::Built(_) => {}
            Outcome::Findings(checked) => panic!("{:?}", checked.findings.list()),
        }
        Self { reader: Reader::new(Opened::open(&dist).unwrap(), Config::default()), directory }
    }

    /// The body that the reader answers with.
    pub(crate) fn get(&self, path: &str) -> String {
        self.get_as(path, "*/*")
    }

    /// The same in a media type.
    pub(crate) fn get_as(&self, path: &str, accept: &str) -> String {
        let headers = Headers { accept: Some(accept.to_owned()), ..Headers::default() };
        let request = RawRequest { method: "GET", path, query: "", headers };
        let response = self.reader.answer(&request);
        let body = String::from_utf8(response.body).unwrap();
        assert_eq!(response.status, 200, "{path}: {body}");
        body
    }

    /// The database, read without any code of ours.
    pub(crate) fn database(&self) -> Connection {
        Connection::open(self.directory.path().join("dist/data.db")).unwrap()
    }
}

/// Lines of CSV, every cell in quotes but the empty one.
pub(crate) fn csv<'a>(rows: impl IntoIterator<Item = Vec<&'a str>>) -> String {
    let cell = |cell: &str| match cell {
        "" => String::new(),
        cell => format!("\"{}\"", cell.replace('"', "\"\"")),
    };
    rows.into_iter().map(|row| row.into_iter().map(cell).collect::<Vec<_>>().join(",") + "\n").collect()
}
