//! The double itself, with a function that does what the request tells it to.

#![allow(clippy::unwrap_used)] // as in every test; clippy sees only those marked #[test]

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use e2e::{Double, Options, Outcome, Response, StartError};
use serde_json::{Value, json};
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

#[test]
fn after_the_process_has_ended_another_starts() {
    let zip = Zip::new();
    let double = zip.start();
    assert_eq!(shown(&double.get("/exit")), INTERNAL);
    assert_eq!(
        double.invoke(br#"{"rawPath": "/exit"}"#).unwrap(),
        Outcome::Exited { status: "exit status: 5".into(), init_error: None }
    );
    event(&double.get("/"));
    assert_eq!(double.log().unwrap(), "started\n".repeat(3));
}

#[test]
fn a_function_that_can_not_start() {
    let zip = Zip::new();
    let double = zip.start_with("SCRIPT", "init-error");
    let init_error = br#"{"errorMessage":"no data.db","errorType":"Init"}"#.to_vec();
    assert_eq!(
        double.invoke(b"{}").unwrap(),
        Outcome::Exited { status: "exit status: 3".into(), init_error: Some(init_error) }
    );
    assert_eq!(shown(&double.get("/")), INTERNAL);
    let double = zip.start_with("SCRIPT", "exit");
    assert_eq!(
        double.invoke(b"{}").unwrap(),
        Outcome::Exited { status: "exit status: 4".into(), init_error: None }
    );
}

#[test]
fn no_answer_in_time_ends_the_process() {
    let zip = Zip::new();
    let options = Options { timeout: Duration::from_millis(300), ..Options::default() };
    let double = Double::start(&zip.path(), options).unwrap();
    assert_eq!(double.invoke(br#"{"rawPath": "/hang"}"#).unwrap(), Outcome::TimedOut);
    assert_eq!(shown(&double.get("/hang")), INTERNAL);
    assert_eq!(double.timings(), None);
}

#[test]
fn the_function_sees_what_lambda_shows_it() {
    let zip = Zip::new();
    let double = zip.start_with("COLDPRESS", "1");
    let Outcome::Response(seen) = double.invoke(br#"{"rawPath": "/environment"}"#).unwrap() else { panic!() };
    let mut seen: Value = serde_json::from_slice(&seen).unwrap();
    let root = double.task_root().to_str().unwrap();
    assert_eq!(seen["directory"], root);
    seen["files"].as_array_mut().unwrap().sort_by_key(|name| name.as_str().unwrap().to_owned());
    assert_eq!(seen["files"], json!(["bootstrap", "data.db"]));
    let port = seen["variables"]["AWS_LAMBDA_RUNTIME_API"].take();
    assert!(port.as_str().unwrap().starts_with("127.0.0.1:"), "{port}");
    assert_eq!(
        seen["variables"],
        json!({
            "_HANDLER": "bootstrap",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_FUNCTION_NAME": "reader",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/reader",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2001/09/09/[1]00000000000000000000000000000000",
            "AWS_LAMBDA_RUNTIME_API": null,
            "AWS_REGION": "eu-central-1",
            "COLDPRESS": "1",
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "LAMBDA_TASK_ROOT": root,
            "LANG": "en_US.UTF-8",
            "LD_LIBRARY_PATH":
                "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
            "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin",
            "TZ": ":UTC",
        })
    );
    let headers = seen["headers"].as_object_mut().unwrap();
    let deadline: u128 =
        headers.remove("lambda-runtime-deadline-ms").unwrap().as_str().unwrap().parse().unwrap();
    assert!(deadline > 1_700_000_000_000, "milliseconds since 1970: {deadline}");
    assert_eq!(
        seen["headers"],
        json!({
            "lambda-runtime-aws-request-id": "00000000-0000-4000-8000-000000000001",
            "lambda-runtime-invoked-function-arn":
                "arn:aws:lambda:eu-central-1:123456789012:function:reader:live",
            "lambda-runtime-trace-id": "Root=1-3b9aca00-000000000000000000000000",
        })
    );
}

#[test]
fn the_task_root_is_read_only_and_does_not_outlive_the_double() {
    use std::os::unix::fs::PermissionsExt;
    let zip = Zip::new();
    let double = zip.start();
    let root = double.task_root().to_owned();
    let mode = |path: &str| std::fs::metadata(root.join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!([mode("."), mode("bootstrap"), mode("data.db")], [0o555, 0o555, 0o444]);
    event(&double.get("/"));
    drop(double);
    assert!(!root.exists());
}

#[test]
fn timings_and_usage_are_those_of_the_process() {
    let zip = Zip::new();
    let double = zip.start();
    assert!(double.retire().unwrap().is_none());
    event(&double.get("/"));
    event(&double.get("/"));
    let run = double.retire().unwrap().unwrap();
    assert_eq!(run.status, "signal: 9 (SIGKILL)");
    assert_eq!(run.timings.invocations.len(), 2);
    let first = run.timings.first_poll_to_first_response.unwrap();
    assert!(run.timings.spawn_to_first_poll.unwrap() > Duration::ZERO);
    assert!(first >= run.timings.invocations[0], "the first poll comes before the first event");
    assert!(run.usage.minor_faults > 10, "a process has pages: {:?}", run.usage);
    assert!(run.usage.peak_memory > 100_000, "in bytes: {:?}", run.usage);
    assert!(double.retire().unwrap().is_none());
    event(&double.get("/"));
    assert_eq!(double.timings().unwrap().invocations.len(), 1, "of the new process");
}

#[test]
fn many_clients_wait_their_turn() {
    let zip = Zip::new();
    let double = zip.start();
    std::thread::scope(|scope| {
        for client in 0..8 {
            let double = &double;
            scope.spawn(move || {
                for request in 0..20 {
                    let path = format!("/{client}/{request}");
                    assert_eq!(event(&double.get(&path))["rawPath"], path);
                }
            });
        }
    });
    assert_eq!(double.timings().unwrap().invocations.len(), 160);
    assert_eq!(double.log().unwrap(), "started\n", "one process");
}

#[test]
fn zips_that_lambda_could_not_start() {
    let refused = |files: &[(&str, u32, &[u8])]| {
        let zip = Zip::with(files);
        let error: StartError = Double::start(&zip.path(), Options::default()).err().unwrap();
        error.to_string()
    };
    assert_eq!(refused(&[("data.db", 0o644, b"")]), "the zip has no file `bootstrap`");
    assert_eq!(
        refused(&[("bootstrap", 0o750, b"")]),
        "`bootstrap` has mode 750; Lambda's user could not use it"
    );
    assert_eq!(
        refused(&[("bootstrap", 0o755, b""), ("data.db", 0o600, b"")]),
        "`data.db` has mode 600; Lambda's user could not use it"
    );
    assert_eq!(
        refused(&[("../bootstrap", 0o755, b"")]),
        "the zip can't be unpacked: the name `../bootstrap` leads out of the directory"
    );
    let zip = Zip::with(&[("bootstrap", 0o755, b"no program")]);
    assert_eq!(shown(&zip.start().get("/")), INTERNAL);
}

/// What a client sees on the wire.
/// Sends `request`, which ends its connection, and reads until the end.
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
