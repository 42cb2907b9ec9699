//! What becomes of a function's answer.

use e2e::Outcome;
use serde_json::json;

use crate::{INTERNAL, Zip, answered, shown};

#[test]
fn an_answer_becomes_a_response() {
    let zip = Zip::new();
    let double = zip.start();
    assert_eq!(
        answered(
            &double,
            r#"{"statusCode": 404, "headers": {"Content-Type": "text/csv", "ETag": "\"a\"", "Content-Length": "99"},
                "multiValueHeaders": {"x-old": ["1"]}, "cookies": ["a=1; Secure", "b=2"], "body": "a,ä\n"}"#
        ),
        "404\ncontent-type: text/csv\netag: \"a\"\nset-cookie: a=1; Secure\nset-cookie: b=2\n\na,ä\n"
    );
    assert_eq!(
        answered(&double, r#"{"statusCode": 200, "body": "AAEC", "isBase64Encoded": true, "headers": null}"#),
        "200\ncontent-type: text/plain; charset=utf-8\n\n\0\u{1}\u{2}"
    );
    assert_eq!(
        answered(&double, r#"{"statusCode": 304}"#),
        "304\ncontent-type: text/plain; charset=utf-8\n\n"
    );
    // Without a status it is a body.
    for body in [r#"{"a": 1}"#, "[1, 2]", "\"text\"", "{\"cut\": "] {
        assert_eq!(answered(&double, body), format!("200\ncontent-type: application/json\n\n{body}"));
    }
}

#[test]
fn a_malformed_answer_is_an_internal_server_error() {
    let zip = Zip::new();
    let double = zip.start();
    for malformed in [
        r#"{"statusCode": "200"}"#,
        r#"{"statusCode": 99}"#,
        r#"{"statusCode": 600}"#,
        r#"{"statusCode": 200.5}"#,
        r#"{"statusCode": 200, "body": {"a": 1}}"#,
        r#"{"statusCode": 200, "headers": ["a"]}"#,
        r#"{"statusCode": 200, "headers": {"a": 1}}"#,
        r#"{"statusCode": 200, "headers": {"a b": "1"}}"#,
        r#"{"statusCode": 200, "headers": {"a": "1\r\nb: 2"}}"#,
        r#"{"statusCode": 200, "cookies": "a=1"}"#,
        r#"{"statusCode": 200, "body": "no base64", "isBase64Encoded": true}"#,
        r#"{"statusCode": 200, "body": "AAEC", "isBase64Encoded": "true"}"#,
    ] {
        assert_eq!(answered(&double, malformed), INTERNAL, "{malformed}");
    }
}

#[test]
fn an_error_of_the_function_is_an_internal_server_error() {
    let zip = Zip::new();
    let double = zip.start();
    let error = double.request("POST", "/error", &[("content-type", "text/plain")], b"{}");
    assert_eq!(shown(&error), INTERNAL);
    let event = br#"{"rawPath": "/error", "body": "{\"errorType\":\"E\"}"}"#;
    assert_eq!(double.invoke(event).unwrap(), Outcome::Error(br#"{"errorType":"E"}"#.to_vec()));
    assert_eq!(double.timings().unwrap().invocations.len(), 2, "the process goes on");
}

#[test]
fn an_answer_over_6_mb_is_refused() {
    let zip = Zip::new();
    let double = zip.start();
    let large = |bytes: usize| {
        double
            .invoke(json!({ "rawPath": "/large", "body": bytes.to_string() }).to_string().as_bytes())
            .unwrap()
    };
    assert_eq!(large(6_291_556), Outcome::Response(vec![b' '; 6_291_556]));
    assert_eq!(large(6_291_557), Outcome::TooLarge(6_291_557));
    let response = double.request("POST", "/large", &[("content-type", "text/plain")], b"6291557");
    assert_eq!(shown(&response), INTERNAL);
}
