//! What a function is given for a request.

use serde_json::json;

use crate::{Zip, event};

#[test]
fn a_request_becomes_a_payload_2_0_event() {
    let zip = Zip::new();
    let double = zip.start();
    let response = double.request(
        "GET",
        "/products/space%20value?repeat=one&repeat=two&plus=a+b&enc=a%2Bb%2C&empty=&bare&x=%zz",
        &[
            ("Host", "data.example.org:8443"),
            ("User-Agent", "test/1.0"),
            ("X-Probe", "first"),
            ("x-probe", "second"),
            ("Cookie", "session=abc123; theme=dark"),
            ("cookie", "third=3"),
            ("Connection", "keep-alive"),
            ("X-Forwarded-For", "192.0.2.1"),
        ],
        b"",
    );
    assert_eq!(
        event(&response),
        json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": "/products/space value",
            "rawQueryString": "repeat=one&repeat=two&plus=a+b&enc=a%2Bb%2C&empty=&bare&x=%zz",
            "cookies": ["session=abc123", "theme=dark", "third=3"],
            "headers": {
                "content-length": "0",
                "host": "data.example.org:8443",
                "user-agent": "test/1.0",
                "x-amzn-trace-id": "Root=1-3b9aca00-000000000000000000000000",
                "x-forwarded-for": "192.0.2.1, 127.0.0.1",
                "x-forwarded-port": "443",
                "x-forwarded-proto": "https",
                "x-probe": "first,second",
            },
            "queryStringParameters": {
                "repeat": "one,two", "plus": "a b", "enc": "a+b,", "empty": "", "bare": "", "x": "%zz",
            },
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "api",
                "domainName": "data.example.org",
                "domainPrefix": "data",
                "http": {
                    "method": "GET",
                    "path": "/products/space value",
                    "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1",
                    "userAgent": "test/1.0",
                },
                "requestId": "000000000000001=",
                "routeKey": "$default",
                "stage": "$default",
                "time": "09/Sep/2001:01:46:40 +0000",
                "timeEpoch": 1_000_000_000_000_u64,
            },
            "isBase64Encoded": false,
        })
    );
    assert_eq!(response.header("apigw-requestid"), Some("000000000000001="));

    let bare = event(&double.get("/"));
    assert_eq!(bare["rawQueryString"], "");
    for absent in ["cookies", "queryStringParameters", "body"] {
        assert_eq!(bare.get(absent), None, "{absent}");
    }
}

#[test]
fn bodies_that_are_not_text_come_in_base64() {
    let zip = Zip::new();
    let double = zip.start();
    let sent = |headers: &[(&str, &str)], body: &[u8]| {
        let event = event(&double.request("POST", "/", headers, body));
        (event["body"].clone(), event["isBase64Encoded"].clone())
    };
    assert_eq!(
        sent(&[("content-type", "Text/CSV; charset=utf-8")], "ä".as_bytes()),
        ("ä".into(), false.into())
    );
    assert_eq!(sent(&[("content-type", "application/json")], b"{}"), ("{}".into(), false.into()));
    assert_eq!(
        sent(&[("content-type", "application/x-www-form-urlencoded")], b"a=1"),
        ("YT0x".into(), true.into())
    );
    assert_eq!(sent(&[], b"a"), ("YQ==".into(), true.into()));
    assert_eq!(sent(&[("content-type", "text/plain")], b"\xff"), ("/w==".into(), true.into()));
}

#[test]
fn what_the_gateway_refuses_never_reaches_the_function() {
    let zip = Zip::new();
    let double = zip.start();
    let refused = |target: &str, headers: &[(&str, &str)]| {
        let response = double.request("GET", target, headers, b"");
        format!("{} {}", response.status, response.text())
    };
    assert_eq!(refused("/100%25", &[]), r#"400 {"message":"Bad Request"}"#);
    assert_eq!(refused("*", &[]), r#"400 {"message":"Bad Request"}"#);
    let long = format!("/{}", "a".repeat(10_240));
    assert_eq!(refused(&long, &[]), r#"431 {"message":"Request Header Fields Too Large"}"#);
    let long = "a".repeat(10_240);
    assert_eq!(refused("/", &[("x", &long)]), r#"431 {"message":"Request Header Fields Too Large"}"#);
    let body = vec![b'"'; 4 * 1024 * 1024]; // each takes two bytes in JSON
    let large = double.request("POST", "/", &[("content-type", "text/plain")], &body);
    assert_eq!(format!("{} {}", large.status, large.text()), r#"413 {"message":"Request Entity Too Large"}"#);
    assert_eq!(double.timings(), None, "no process was started");
}
