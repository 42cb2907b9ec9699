//! The double as others reach it: over the invoke API, and over HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use e2e::{Double, Options};

use crate::Zip;

/// What a client sees on the wire: sends `request`, which ends its connection, and reads until the end.
fn wire(url: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn events_over_the_invoke_api() {
    let zip = Zip::new();
    let options = Options {
        invoke: Some("127.0.0.1:0".parse().unwrap()),
        timeout: Duration::from_secs(1),
        ..Options::default()
    };
    let double = Double::start(&zip.path(), options).unwrap();
    let url = double.invoke_url().unwrap();
    let post = |path: &str, event: &str| {
        let length = event.len();
        let head = "HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length";
        let answer = wire(&url, &format!("POST {path} {head}: {length}\r\n\r\n{event}"));
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let told: Vec<_> = head.lines().filter(|line| line.starts_with("x-am")).collect();
        format!("{} {} {body}", &head[9..12], told.join(" "))
    };
    let invoke = |event: &str| post("/2015-03-31/functions/reader/invocations?Qualifier=7", event);
    let failed = |message: &str, error_type: &str| {
        format!(
            r#"200 x-amz-function-error: Unhandled {{"errorMessage":"{message}","errorType":"{error_type}"}}"#
        )
    };
    assert_eq!(invoke(r#"{"rawPath":"/answer","body":"[1]"}"#), "200  [1]");
    assert_eq!(
        invoke(r#"{"rawPath":"/error","body":"{}"}"#),
        "200 x-amz-function-error: Unhandled {}",
        "the function's own words"
    );
    assert_eq!(
        invoke(r#"{"rawPath":"/exit"}"#),
        failed("Error: Runtime exited with error: exit status: 5", "Runtime.ExitError")
    );
    assert_eq!(invoke(r#"{"rawPath":"/hang"}"#), failed("Task timed out", "Sandbox.Timedout"));
    let too_large = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    assert_eq!(
        invoke(r#"{"rawPath":"/large","body":"6291557"}"#),
        failed(too_large, "Function.ResponseSizeTooLarge")
    );
    let refused = |answer: String| answer.split(' ').take(3).collect::<Vec<_>>().join(" ");
    assert_eq!(refused(invoke("no json")), "400 x-amzn-errortype: InvalidRequestContentException");
    let large = format!("\"{}\"", " ".repeat(6 * 1024 * 1024 - 1));
    assert_eq!(refused(invoke(&large)), "413 x-amzn-errortype: RequestTooLargeException");
    for path in ["/", "/2015-03-31/functions//invocations", "/2015-03-31/functions/a/b/invocations"] {
        assert_eq!(refused(post(path, "{}")), "404 x-amzn-errortype: ResourceNotFoundException", "{path}");
    }
    assert!(zip.start().invoke_url().is_none(), "only where it is asked for");
}

#[test]
fn over_http() {
    let zip = Zip::new();
    let double = zip.start();
    let wire = |request: &str| wire(&double.url(), request);
    let answer = |answer: &str| {
        format!("content-type: text/plain\r\ncontent-length: {}\r\n\r\n{answer}", answer.len())
    };
    let csv = answer(r#"{"statusCode":200,"headers":{"content-type":"text/csv"},"body":"a,b\n"}"#);
    // Two at once, the second one HEAD: no body, but its length.
    assert_eq!(
        wire(&format!(
            "POST /answer HTTP/1.1\r\nhost: x\r\n{csv}HEAD /answer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{csv}"
        )),
        "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\napigw-requestid: 000000000000001=\r\n\
         content-length: 4\r\n\r\na,b\n\
         HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\napigw-requestid: 000000000000002=\r\n\
         content-length: 4\r\nconnection: close\r\n\r\n"
    );
    let not_modified = answer(r#"{"statusCode":304,"headers":{"content-type":"text/csv","etag":"\"1\""}}"#);
    assert_eq!(
        wire(&format!("POST /answer HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{not_modified}")),
        "HTTP/1.1 304 Not Modified\r\ncontent-type: text/csv\r\netag: \"1\"\r\n\
         apigw-requestid: 000000000000003=\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(
        wire("GET / HTTP/1.1\r\n\r\n"),
        "HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: 41\r\n\
         connection: close\r\n\r\n{\"message\":\"not exactly one host header\"}"
    );
    let event = wire("GET /a%20b?c=%20 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(event.contains(r#""rawPath":"/a b","rawQueryString":"c=%20""#), "{event}");
}
