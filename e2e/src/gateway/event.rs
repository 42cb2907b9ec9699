//! HTTP request -> payload 2.0 event (API Gateway, "Create AWS Lambda proxy integrations for HTTP
//! APIs").
//!
//! Clock, trace and account are fixed, so that a test can compare whole events.

use std::collections::BTreeMap;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::path::{hex, raw_path};
use crate::http::Request;

/// The domain of the API where the request names none.
pub(crate) const DOMAIN: &str = "api.execute-api.eu-central-1.amazonaws.com";

/// The trace id of every request.
pub(crate) const TRACE_ID: &str = "Root=1-3b9aca00-000000000000000000000000";

/// Headers that concern one connection only (RFC 9110, section 7.6.1), and those that have a place
/// of their own in the event.
const LEFT_OUT: [&str; 9] = [
    "connection",
    "cookie",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The event for `request`, or `None` where API Gateway refuses it with 400. `number` tells this
/// request from others.
pub(super) fn event(request: &Request, client: IpAddr, number: u64) -> Option<Value> {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    if !path.starts_with('/') {
        return None; // `*` or an absolute URL
    }
    let path = raw_path(path)?;
    let headers = headers(request, client)?;
    let header = |name: &str| headers.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let host = header("host");
    let domain = host.rsplit_once(':').map_or(host.as_str(), |(domain, _)| domain);
    let (body, is_base64) = body(&request.body, &header("content-type"));

    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": domain,
            "domainPrefix": domain.split('.').next(),
            "http": {
                "method": request.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": client.to_string(),
                "userAgent": header("user-agent"),
            },
            "requestId": format!("{number:015}="),
            "routeKey": "$default",
            "stage": "$default",
            "time": "09/Sep/2001:01:46:40 +0000",
            "timeEpoch": 1_000_000_000_000_u64,
        },
        "isBase64Encoded": is_base64,
    });
    // These three are absent rather than empty.
    for (key, value) in [
        ("cookies", cookies(request)?),
        ("queryStringParameters", query_string_parameters(query)),
        ("body", body),
    ] {
        if let Some(value) = value {
            event[key] = value;
        }
    }
    Some(event)
}

/// Names in lower case, repeated ones joined by commas, with what API Gateway adds. `None` where a
/// value is not UTF-8: what the real one does then is not known.
fn headers(request: &Request, client: IpAddr) -> Option<Map<String, Value>> {
    let mut joined = BTreeMap::<String, String>::new();
    for (name, value) in &request.headers {
        let name = name.to_ascii_lowercase();
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let value = str::from_utf8(value).ok()?;
        joined
            .entry(name)
            .and_modify(|values| {
                values.push(',');
                values.push_str(value);
            })
            .or_insert_with(|| value.into());
    }
    joined.insert("content-length".into(), request.body.len().to_string());
    joined.insert("x-amzn-trace-id".into(), TRACE_ID.into());
    let forwarded = joined.remove("x-forwarded-for").map(|given| format!("{given}, ")).unwrap_or_default();
    joined.insert("x-forwarded-for".into(), format!("{forwarded}{client}"));
    joined.insert("x-forwarded-port".into(), "443".into());
    joined.insert("x-forwarded-proto".into(), "https".into());
    Some(joined.into_iter().map(|(name, value)| (name, value.into())).collect())
}

#[allow(clippy::option_option)] // refused, none, some: three cases
fn cookies(request: &Request) -> Option<Option<Value>> {
    let mut cookies = Vec::new();
    for header in request.header("cookie") {
        cookies.extend(str::from_utf8(header).ok()?.split(';').map(|cookie| cookie.trim().to_owned()));
    }
    cookies.retain(|cookie| !cookie.is_empty());
    Some((!cookies.is_empty()).then(|| cookies.into()))
}

/// Decoded as a form is, repeated ones joined by commas.
fn query_string_parameters(query: &str) -> Option<Value> {
    let mut joined = BTreeMap::<String, String>::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = form_decoded(value);
        joined
            .entry(form_decoded(name))
            .and_modify(|values| {
                values.push(',');
                values.push_str(&value);
            })
            .or_insert_with(|| value.clone());
    }
    (!joined.is_empty()).then(|| json!(joined))
}

/// `+` is a blank; a `%` that begins no escape stays.
fn form_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = |offset| bytes.get(at + offset).copied().and_then(hex);
        match (byte, escape(1), escape(2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high << 4 | low);
                at += 2;
            }
            (b'+', ..) => decoded.push(b' '),
            _ => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// As text only for these types, as was found with the real one (github.com/ministackorg/ministack,
/// pull request 766); a body without a type is binary, and so is a form. Text that is no UTF-8 is
/// our choice: base64.
fn body(body: &[u8], content_type: &str) -> (Option<Value>, bool) {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_text = essence.starts_with("text/")
        || ["application/json", "application/xml", "application/javascript"].contains(&essence.as_str());
    match str::from_utf8(body) {
        _ if body.is_empty() => (None, false),
        Ok(text) if is_text => (Some(text.into()), false),
        _ => (Some(STANDARD.encode(body).into()), true),
    }
}
