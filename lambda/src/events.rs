//! Events of an API Gateway HTTP API, payload format 2.0, answered on `lambda_runtime`.
//!
//! The event type is lean: what no answer depends on is passed over unread, which saves a
//! quarter of what a warm request costs.

use std::borrow::Cow;
use std::fmt;
use std::time::Instant;

use base64::display::Base64Display;
use base64::prelude::BASE64_STANDARD;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use reader::{Headers, RawRequest, Reader, Response, Verification};

use crate::metrics::Metrics;

/// Answers events until Lambda ends the process, and has `metrics` count the requests. Errors:
/// those of the Runtime API.
pub(crate) async fn run(reader: &Reader, metrics: Option<&Metrics>) -> Result<(), lambda_runtime::Error> {
    // Without lambda_runtime's tracing layer: it would cost a span per request, and the log is
    // for what went wrong.
    Runtime::new(service_fn(async |event: LambdaEvent<Box<RawValue>>| {
        let start = metrics.map(|_| Instant::now());
        // lambda_runtime would note the path of every value that it reads, for its errors.
        let event: Event<'_> = match serde_json::from_str(event.payload.get()) {
            Ok(event) => event,
            // Looked at here alone, so that no request pays for it.
            Err(_) if asks_for_verification(event.payload.get()) => {
                return reader.verify().map(Answer::Verification);
            }
            Err(error) => {
                let reason = other_shape(&error);
                log(&reason);
                return Err(reason.into());
            }
        };
        let response = reader.answer(&RawRequest {
            method: &event.request_context.http.method,
            // API Gateway has decoded it.
            path: &event.raw_path,
            query: &event.raw_query_string,
            headers: event.headers,
        });
        // Before the answer is sent: from then on Lambda may freeze the process.
        if let (Some(metrics), Some(start)) = (metrics, start) {
            metrics.count(response.status, start.elapsed());
        }
        Ok::<_, lambda_runtime::Error>(Answer::Http(response))
    }))
    .run()
    .await
}

/// Whether an event is the deployment's own question, `{"coldpress":"verify"}`. It is asked of a version by its number; no
/// HTTP event can be read as it.
fn asks_for_verification(event: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Question<'a> {
        coldpress: &'a str,
    }
    serde_json::from_str(event).is_ok_and(|question: Question<'_>| question.coldpress == "verify")
}

/// Why an event is not answered. Its own words are cut: it may be of any length.
fn other_shape(error: &serde_json::Error) -> String {
    let reason: String = error.to_string().chars().take(200).collect();
    format!(
        "an event is not a request of an API Gateway HTTP API ({reason}): payload format 2.0 is needed, as \
         `payload_format_version = \"2.0\"` of the integration sets it; REST APIs and load balancers send other events"
    )
}

#[expect(clippy::print_stderr, reason = "Lambda's log")]
fn log(reason: &str) {
    eprintln!("error: {reason}");
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow)]
    raw_path: Cow<'a, str>,
    #[serde(borrow, default)]
    raw_query_string: Cow<'a, str>,
    #[serde(default, deserialize_with = "headers")]
    headers: Headers,
    #[serde(borrow)]
    request_context: RequestContext<'a>,
}

#[derive(Deserialize)]
struct RequestContext<'a> {
    #[serde(borrow)]
    http: Http<'a>,
}

#[derive(Deserialize)]
struct Http<'a> {
    #[serde(borrow)]
    method: Cow<'a, str>,
}

fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Headers, D::Error> {
    /// A `Cow` by itself would be a copy: serde borrows only where it is annotated.
    #[derive(Deserialize)]
    struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Headers;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of headers")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
            let mut headers = Headers::default();
            while let Some(Name(name)) = map.next_key::<Name<'de>>()? {
                if Headers::counts(&name) {
                    headers.set(&name, &map.next_value::<String>()?);
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(headers)
        }
    }
    deserializer.deserialize_map(Names)
}

enum Answer {
    /// A response in payload format 2.0.
    Http(Response),
    Verification(Verification),
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let response = match self {
            Self::Http(response) => response,
            Self::Verification(verification) => return verification.serialize(serializer),
        };
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("statusCode", &response.status)?;
        map.serialize_entry("headers", &HeaderMap(response))?;
        // A body that is not text is encoded as base64. (A coded body that happens to be text may go as such.)
        match std::str::from_utf8(&response.body) {
            Ok(body) => {
                map.serialize_entry("body", &Text(body))?;
                map.serialize_entry("isBase64Encoded", &false)?;
            }
            Err(_) => {
                map.serialize_entry("body", &Base64(&response.body))?;
                map.serialize_entry("isBase64Encoded", &true)?;
            }
        }
        map.end()
    }
}

/// Text as a JSON string. serde_json looks at a string byte by byte, which was a third of what a page for browsers cost.
struct Text<'a>(&'a str);

/// The name by which serde_json knows a [`RawValue`], and so JSON that is written as it is. A `RawValue` itself can only be had by
/// parsing, which takes as long as what is saved here. A test notices if another version has another name.
const RAW: &str = "$serde_json::private::RawValue";

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut raw = serializer.serialize_struct(RAW, 1)?;
        raw.serialize_field(RAW, &catalog::json_string(self.0))?;
        raw.end()
    }
}

/// Encoded piece by piece where it is written: no text of all of it is made.
struct Base64<'a>(&'a [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&Base64Display::new(self.0, &BASE64_STANDARD))
    }
}

struct HeaderMap<'a>(&'a Response);

impl Serialize for HeaderMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.headers.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coded_body_goes_as_base64() {
        let of = |body: &[u8]| {
            let headers = vec![("content-encoding", "gzip".into())];
            let response = Response { status: 200, headers, body: body.to_vec(), length: body.len() };
            serde_json::to_string(&Answer::Http(response)).unwrap()
        };
        assert_eq!(
            of(b"\x1f\x8b\x08"),
            r#"{"statusCode":200,"headers":{"content-encoding":"gzip"},"body":"H4sI","isBase64Encoded":true}"#
        );
        assert_eq!(
            of(b"[\"1\"]"),
            r#"{"statusCode":200,"headers":{"content-encoding":"gzip"},"body":"[\"1\"]","isBase64Encoded":false}"#
        );
    }

    #[test]
    fn a_text_is_a_json_string() {
        let text = "<a title=\"a\\\u{1}\">\u{1f600}\n</a>";
        assert_eq!(serde_json::to_string(&Text(text)).unwrap(), serde_json::to_string(text).unwrap());
    }

    #[test]
    fn an_event_of_another_shape_is_refused_with_the_reason() {
        for (event, reason) in [
            ("{}", "missing field `rawPath`"),
            // A REST API, payload format 1.0
            (r#"{"version":"1.0","path":"/a","httpMethod":"GET"}"#, "missing field `rawPath`"),
            // An application load balancer
            (r#"{"requestContext":{"elb":{}},"path":"/"}"#, "missing field `http`"),
            (
                r#"{"rawPath":"/","headers":null,"requestContext":{"http":{"method":"GET"}}}"#,
                "invalid type: null, expected an object of headers",
            ),
            ("[]", "invalid length 0, expected struct Event with 4 elements"),
        ] {
            let Err(error) = serde_json::from_str::<Event<'_>>(event) else { panic!("{event}") };
            let said = other_shape(&error);
            assert!(
                said.contains(&format!("({reason} at line 1 column "))
                    && said.contains("payload format 2.0 is needed"),
                "{said}"
            );
        }
        let long = format!("{{\"rawPath\":\"/\",\"headers\":\"{}\"}}", "x".repeat(5000));
        let Err(error) = serde_json::from_str::<Event<'_>>(&long) else { panic!("{long}") };
        assert!(other_shape(&error).len() < 600);
    }

    #[test]
    fn an_event_is_read_for_what_counts() {
        let event: Event<'_> = serde_json::from_str(
            r#"{"version":"2.0","routeKey":"$default","rawPath":"/products/42","rawQueryString":"a=1&a=2",
                "cookies":["a=b"],"headers":{"accept":"*/*","if-none-match":"\"x\"","x-forwarded-for":"192.0.2.1"},
                "queryStringParameters":{"a":"1,2"},
                "requestContext":{"accountId":"1","http":{"method":"GET","path":"/products/42"},"time":"x"},
                "isBase64Encoded":false}"#,
        )
        .unwrap();
        assert_eq!(event.raw_path, "/products/42");
        assert_eq!(event.raw_query_string, "a=1&a=2");
        assert_eq!(event.request_context.http.method, "GET");
        let expected =
            Headers { accept: Some("*/*".into()), if_none_match: Some("\"x\"".into()), ..Headers::default() };
        assert_eq!(event.headers, expected);
    }

    #[test]
    fn only_the_question_itself_asks_for_verification() {
        assert!(asks_for_verification(r#"{"coldpress":"verify"}"#));
        assert!(asks_for_verification("{ \"coldpress\" : \"verify\" }\n"));
        assert!(!asks_for_verification(r#"{"coldpress":"other"}"#));
        assert!(!asks_for_verification(r#"{"coldpress":"verify","rawPath":"/"}"#));
        assert!(!asks_for_verification("[]"));
    }
}
