//! The double itself, with a function that does what the request tells it to.

#![allow(clippy::unwrap_used)] // as in every test; clippy sees only those marked #[test]

mod answer;
mod doors;
mod event;
mod process;

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use e2e::{Double, Options, Response};
use serde_json::Value;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// A zip with the scripted bootstrap and a file beside it.
struct Zip {
    directory: TempDir,
}

impl Zip {
    fn new() -> Self {
        let bootstrap = std::fs::read(env!("CARGO_BIN_EXE_scripted-bootstrap")).unwrap();
        Self::with(&[("bootstrap", 0o755, &bootstrap), ("data.db", 0o644, b"data")])
    }

    fn with(files: &[(&str, u32, &[u8])]) -> Self {
        let zip = Self { directory: tempfile::tempdir().unwrap() };
        let mut writer = zip::ZipWriter::new(File::create(zip.path()).unwrap());
        for (name, mode, bytes) in files {
            let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            writer.start_file(*name, stored.unix_permissions(*mode)).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
        zip
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("reader.zip")
    }

    fn start(&self) -> Double {
        Double::start(&self.path(), Options::default()).unwrap()
    }

    fn start_with(&self, variable: &str, value: &str) -> Double {
        let environment = vec![(variable.into(), value.into())];
        Double::start(&self.path(), Options { environment, ..Options::default() }).unwrap()
    }
}

fn event(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", response.text());
    serde_json::from_slice(&response.body).unwrap()
}

/// What the gateway makes of a function's answer.
fn answered(double: &Double, answer: &str) -> String {
    shown(&double.request("POST", "/answer", &[("content-type", "text/plain")], answer.as_bytes()))
}

/// Status, headers less the request id, body.
fn shown(response: &Response) -> String {
    let headers: String = response
        .headers
        .iter()
        .filter(|(name, _)| name != "apigw-requestid")
        .map(|(name, value)| format!("\n{name}: {value}"))
        .collect();
    format!("{}{headers}\n\n{}", response.status, response.text())
}

const INTERNAL: &str = "500\ncontent-type: application/json\n\n{\"message\":\"Internal Server Error\"}";
