//! Requests as bytes: URLs as people write them, and what is no request.

use std::io::{Read, Write};

use crate::documentation::{QUERY, blocks, message};
use crate::example;
use crate::release::write;
use crate::server::Server;

/// The whole answer to these bytes, until the server closes.
fn answer(server: &Server, bytes: &[u8]) -> String {
    let mut stream = server.connect().into_stream();
    // The server may be done with it before it has read everything.
    let _ = stream.write_all(bytes);
    let mut answer = vec![];
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

fn shop() -> (tempfile::TempDir, Server) {
    let release = tempfile::tempdir().unwrap();
    write(release.path(), 19.99);
    let server = Server::start(release.path());
    (release, server)
}

/// As `curl -g` sends it: not even a quote is encoded.
#[test]
fn every_example_works_as_it_is_written() {
    let release = tempfile::tempdir().unwrap();
    example::release().write(release.path());
    let server = Server::start(release.path());
    let blocks = blocks(QUERY);
    let mut raw = 0;
    for pair in blocks.windows(2) {
        let [("http request", request), ("http answer", expected)] = pair else { continue };
        let (line, headers, _) = message(request);
        let (status, _, body) = message(expected);
        raw += usize::from(line.contains(['"', '<', '>', '{', '|', '}', '^', '`']) || !line.is_ascii());
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let sent = format!("{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
        let found = answer(&server, sent.as_bytes());
        let (head, found_body) = found.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{line}\n{found}");
        if !head.contains("transfer-encoding: chunked") && !head.contains("content-encoding") {
            assert_eq!(found_body, body, "{line}");
        }
    }
    assert!(raw >= 10, "{raw} examples have such characters");
}

#[test]
fn raw_characters_mean_what_they_mean_encoded() {
    let (_release, server) = shop();
    let get = |target: &str| {
        let sent = format!("GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        answer(&server, sent.as_bytes())
    };
    assert!(get("/products?name=eq.Été&select=id").ends_with("[{\"id\":3}]"));
    assert!(get("/products?name=eq.Cup,%20\"blue\"&select=id").ends_with("[{\"id\":1}]"));
    assert!(get("/products?name=like.<>^`{|}\\#x&select=id").ends_with("\r\n\r\n[]"));
    assert!(get("/products?tags=cs.[\"a\"]&select=id,tags->0").ends_with("[{\"id\":1,\"tags\":\"a\"}]"));
    assert!(get("/products|x").contains("'products|x' in the schema cache"));
    let latin1 = b"GET /products?name=eq.\xc9t\xe9 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert!(answer(&server, latin1).contains("\"code\":\"CP005\""));
}

#[test]
fn requests_follow_each_other_with_raw_characters_in_each() {
    let (_release, server) = shop();
    let one = "GET /products?select=id&name=eq.Été HTTP/1.1\r\nhost: x\r\naccept: \"<\r\n\r\n";
    let last = "GET /products?select=tags->>0&id=eq.1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let found = answer(&server, format!("{one}{one}{last}").as_bytes());
    assert_eq!(found.matches("HTTP/1.1 406 Not Acceptable").count(), 2, "{found}");
    assert!(found.ends_with("[{\"tags\":\"a\"}]"), "{found}");
}

/// What is no request gets the four keys too, and any page may read them.
#[test]
fn what_is_no_request_is_refused_with_the_four_keys() {
    let (_release, server) = shop();
    let malformed = "{\"code\":\"CP030\",\"message\":\"this is not a valid HTTP/1.1 request\",\"details\":null,\
                     \"hint\":\"check the request line and the headers; a space in a URL is %20, and a path begins with /\"}";
    let hosts = |found: &str| {
        format!(
            "{{\"code\":\"CP030\",\"message\":\"a request needs exactly one Host header\",\"details\":\"{found}\",\
             \"hint\":\"name the server's host and port in it, once\"}}"
        )
    };
    let long = |length: usize| "a".repeat(length);
    let too_long = "{\"code\":\"CP006\",\"message\":\"the URL is too long\",\"details\":\"8192 bytes are allowed\",\"hint\":null}";
    let too_large = "{\"code\":\"CP031\",\"message\":\"the request's headers are too large\",\
                     \"details\":\"65536 bytes and 100 headers are allowed\",\"hint\":\"send fewer or shorter headers\"}";
    for (sent, status, body) in [
        ("hello\r\n\r\n".to_owned(), "400 Bad Request", malformed),
        ("GET /a b HTTP/1.1\r\nhost: x\r\n\r\n".into(), "400 Bad Request", malformed),
        ("GET / HTTP/3.0\r\nhost: x\r\n\r\n".into(), "400 Bad Request", malformed),
        ("GET / HTTP/1.1\r\nhost: x\r\nbad header: 1\r\n\r\n".into(), "400 Bad Request", malformed),
        ("GET / HTTP/1.1\r\nhost: x\r\ncontent-length: many\r\n\r\n".into(), "400 Bad Request", malformed),
        ("GET / HTTP/1.1\r\nconnection: close\r\n\r\n".into(), "400 Bad Request", &hosts("it has none")),
        (
            "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nhost: x\r\n\r\n".into(),
            "400 Bad Request",
            &hosts("it has 2"),
        ),
        (format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", long(200_000)), "414 URI Too Long", too_long),
        (
            format!("GET / HTTP/1.1\r\nhost: x\r\na: {}\r\n\r\n", long(200_000)),
            "431 Request Header Fields Too Large",
            too_large,
        ),
        (
            format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "a: b\r\n".repeat(101)),
            "431 Request Header Fields Too Large",
            too_large,
        ),
    ] {
        let found = answer(&server, sent.as_bytes());
        let (head, found_body) = found.split_once("\r\n\r\n").unwrap_or((&found, "no answer"));
        let shown = &sent[..sent.len().min(60)];
        assert_eq!(found_body, body, "{shown}");
        assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{shown}: {head}");
        for header in [
            "access-control-allow-origin: *".to_owned(),
            "cache-control: no-store".into(),
            format!("content-length: {}", body.len()),
        ] {
            assert!(head.lines().any(|line| line == header), "{shown}: {header} in {head}");
        }
    }
    let head = answer(&server, b"HEAD / HTTP/1.1\r\nhost: x\r\nbad header: 1\r\n\r\n");
    assert!(head.starts_with("HTTP/1.1 400 ") && head.ends_with("\r\n\r\n"), "{head}");
    // HTTP/1.0 has no Host.
    assert!(answer(&server, b"GET /products/2 HTTP/1.0\r\n\r\n").ends_with("\"tags\":[]}"));
}

/// A body means nothing here. It is no second request either.
#[test]
fn a_connection_ends_after_a_request_with_a_body() {
    let (_release, server) = shop();
    let inner = "GET /stock/2,100%20%25 HTTP/1.1\r\nhost: x\r\n\r\n";
    let sent =
        format!("GET /products/2 HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{inner}", inner.len());
    let found = answer(&server, sent.as_bytes());
    assert_eq!(found.matches("HTTP/1.1 ").count(), 1, "{found}");
    assert!(found.contains("\r\nconnection: close\r\n"), "{found}");
    assert!(found.ends_with("\"tags\":[]}"), "{found}");
}

#[test]
fn an_error_repeats_no_long_header() {
    let (_release, server) = shop();
    for header in ["accept", "prefer"] {
        let value = format!("handling=strict, {}", "é".repeat(20_000));
        let sent =
            format!("GET /products HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{header}: {value}\r\n\r\n");
        let found = answer(&server, sent.as_bytes());
        let body = found.split_once("\r\n\r\n").unwrap().1;
        assert!(body.len() < 3000 && body.contains("é…\""), "{body}");
    }
}
