//! Any request. Properties: it is answered with 2xx, 3xx or 4xx; JSON is JSON; what SQLite is told
//! can be prepared and changes nothing.
//!
//! The input is text: the path and query on its first line, headers as `name: value` on the others.

#![no_main]

mod cells;

use libfuzzer_sys::{Corpus, fuzz_target};
use reader::{Headers, RawRequest, Reader};
use tempfile::TempDir;

thread_local! {
    static READER: (Reader, TempDir) = cells::reader();
}

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(input) = std::str::from_utf8(input) else { return Corpus::Reject };
    let mut lines = input.lines();
    let url = lines.next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut headers = Headers::default();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        headers.set(name, value);
    }
    // A regular expression may take as long as the time limit lets it; that is not looked for here.
    if query.contains("match") && query.contains('{') {
        return Corpus::Reject;
    }
    let request = RawRequest { method: "GET", path, query, headers };
    READER.with(|(reader, _)| {
        let response = reader.answer(&request);
        let body = || String::from_utf8_lossy(&response.body);
        assert!((200..500).contains(&response.status), "{} {}", response.status, body());
        let header = |wanted: &str| {
            response.headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_ref())
        };
        let is_json = header("content-type").is_some_and(|value| value.starts_with("application/json"));
        if is_json && header("content-encoding").is_none() && !response.body.is_empty() {
            serde_json::from_slice::<serde_json::Value>(&response.body)
                .unwrap_or_else(|error| panic!("{error}: {}", body()));
        }
        if let Ok(statements) = reader.inspect(&request) {
            for statement in statements {
                assert!(statement.readonly, "{}", statement.text);
            }
        }
    });
    Corpus::Keep
});
