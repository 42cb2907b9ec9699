//! What the function answers -> HTTP response.
//!
//! With payload 2.0, whatever has no `statusCode` is taken as the body of a 200, JSON or not: so
//! AWS's own Lambda Test Tool has it from trials (github.com/aws/aws-lambda-dotnet,
//! `InvokeResponseExtensions.cs`). What has one must be of the documented form. How lenient the
//! real one is there is not known; the double is not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::exchange::Outcome;
use crate::http::Response;

/// The answer for everything that is the function's fault.
pub(super) fn internal_server_error() -> Response {
    Response::json(500, &json!({ "message": "Internal Server Error" }))
}

pub(super) fn response(outcome: Outcome) -> Response {
    let Outcome::Response(bytes) = outcome else { return internal_server_error() };
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(answer)) if answer.contains_key("statusCode") => {
            proxied(&answer).unwrap_or_else(internal_server_error)
        }
        _ => Response::new(200, &[("content-type", "application/json")], bytes),
    }
}

/// `None` where the answer is malformed. `multiValueHeaders` belongs to payload 1.0 and is ignored.
fn proxied(answer: &Map<String, Value>) -> Option<Response> {
    let status = answer["statusCode"].as_u64().filter(|status| (200..600).contains(status))?;
    let mut headers = Vec::new();
    for (name, value) in object(answer.get("headers"))? {
        let name = name.to_ascii_lowercase();
        let value = value.as_str()?;
        if !is_header(&name, value) {
            return None;
        }
        // These three are between the gateway and its client.
        if !["connection", "content-length", "transfer-encoding"].contains(&name.as_str()) {
            headers.push((name, value.into()));
        }
    }
    if !headers.iter().any(|(name, _)| name == "content-type") {
        headers.push(("content-type".into(), "text/plain; charset=utf-8".into()));
    }
    for cookie in array(answer.get("cookies"))? {
        let cookie = cookie.as_str().filter(|cookie| is_header("set-cookie", cookie))?;
        headers.push(("set-cookie".into(), cookie.into()));
    }
    let body = match answer.get("body") {
        None | Some(Value::Null) => "",
        Some(body) => body.as_str()?,
    };
    let is_base64 = match answer.get("isBase64Encoded") {
        None | Some(Value::Null) => false,
        Some(flag) => flag.as_bool()?,
    };
    let body = if is_base64 { STANDARD.decode(body).ok()? } else { body.as_bytes().to_vec() };
    Some(Response { status: u16::try_from(status).ok()?, headers, body })
}

/// The members of an object that may be missing or null.
fn object(value: Option<&Value>) -> Option<Vec<(&String, &Value)>> {
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(value) => Some(value.as_object()?.iter().collect()),
    }
}

/// The elements of an array that may be missing or null.
fn array(value: Option<&Value>) -> Option<&[Value]> {
    match value {
        None | Some(Value::Null) => Some(&[]),
        Some(value) => Some(value.as_array()?),
    }
}

/// A name that is a token, and a value without control characters (RFC 9110, section 5).
fn is_header(name: &str, value: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_token) && !value.chars().any(|c| c.is_control() && c != '\t')
}
