//! Every key can be asked for, whatever it holds, also through an HTTP API, which decodes a path
//! twice and cuts it between (see `src/gateway/path.rs`).

use serde_json::json;

use crate::package::{Packaged, json, keyed};
use crate::release::quoted;

const KEYS: [&str; 24] = [
    "plain",
    "a b",
    " ",
    "a/b",
    "/",
    "//a",
    "..",
    "../data.db",
    "a,b",
    "\"q\"",
    "it's",
    "a+b",
    "a&b=c",
    "#1",
    "50%",
    "%2F",
    "%",
    "100 %25",
    "why?",
    "??",
    "λ 世界",
    "e\u{301}",
    "😀",
    "a\tb",
];

/// As a client has to write it for an HTTP API: what the second pass would take for an escape, and
/// what the gateway would cut at, is encoded twice.
fn encoded(key: &str) -> String {
    let escape = |byte: u8| format!("%{byte:02X}");
    key.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).into(),
            b'%' | b'?' => escape(byte).replace('%', "%25"),
            _ => escape(byte),
        })
        .collect()
}

#[test]
fn every_key_is_found() {
    let rows: String =
        KEYS.iter().enumerate().map(|(number, key)| format!("{},{number}\n", quoted(key))).collect();
    let packaged = Packaged::new(&keyed(), &format!("key,number\n{rows}"));
    for (number, key) in KEYS.iter().enumerate() {
        let path = format!("/things/{}", encoded(key));
        let response = packaged.double.get(&path);
        assert_eq!(
            (response.status, json(&response)),
            (200, json!({ "key": key, "number": number })),
            "{path}"
        );
    }
}

/// What the usual encoding comes to there. It is AWS's doing, and no reader can undo it.
#[test]
fn what_an_http_api_makes_of_keys_encoded_once() {
    let packaged = Packaged::new(&keyed(), "key,number\n50%,1\n%2F,2\n/,3\nwhy,4\n");
    let get = |path: &str| {
        let response = packaged.double.get(path);
        (response.status, json(&response)["number"].clone())
    };
    assert_eq!(get("/things/50%25"), (400, json!(null)), "refused before it is invoked");
    assert_eq!(get("/things/%252F"), (200, json!(3)), "another row");
    assert_eq!(get("/things/why%3F"), (200, json!(4)), "another row");
}
