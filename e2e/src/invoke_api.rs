//! Lambda's Invoke API (AWS Lambda, API reference, "Invoke"): an event in the body of a request, the
//! function's answer or what it died of in the response's.
//!
//! Deliberately absent: asynchronous invocation, log tails, the choice of a version: one double is one.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::exchange::Outcome;
use crate::function::Function;
use crate::gateway::{EVENT_LIMIT, TRACE_ID};
use crate::http::{Request, Response, Server};
use crate::runtime_api::RESPONSE_LIMIT;

/// Serves the function at `address`.
pub(crate) fn serve(address: SocketAddr, function: Arc<Function>) -> io::Result<Server> {
    // One byte more, so that an event that is too large is answered in Lambda's words.
    Server::start(address, EVENT_LIMIT + 1, move |request, _| answer(&function, request))
}

fn answer(function: &Function, request: Request) -> Response {
    let path = request.target.split('?').next().unwrap_or_default();
    let name = path.strip_prefix("/2015-03-31/functions/").and_then(|rest| rest.strip_suffix("/invocations"));
    if request.method != "POST" || name.is_none_or(|name| name.is_empty() || name.contains('/')) {
        return refused(404, "ResourceNotFoundException", "no such resource");
    }
    if request.body.len() > EVENT_LIMIT {
        let message = format!(
            "{} byte payload is too large for the RequestResponse invocation type (limit {EVENT_LIMIT} bytes)",
            request.body.len()
        );
        return refused(413, "RequestTooLargeException", &message);
    }
    if serde_json::from_slice::<Value>(&request.body).is_err() {
        return refused(400, "InvalidRequestContentException", "Could not parse request body into json");
    }
    match function.invoke(request.body, TRACE_ID) {
        Ok(Outcome::Response(payload)) => answered(payload, false),
        Ok(Outcome::Error(payload)) => answered(payload, true),
        Ok(outcome) => answered(died(&outcome).to_string().into_bytes(), true),
        Err(error) => failed(&error.to_string()),
    }
}

/// What Lambda says in the function's place.
fn died(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::TooLarge(_) => json!({
            "errorMessage": format!("Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."),
            "errorType": "Function.ResponseSizeTooLarge",
        }),
        Outcome::TimedOut => json!({ "errorMessage": "Task timed out", "errorType": "Sandbox.Timedout" }),
        Outcome::Exited { status, .. } => json!({
            "errorMessage": format!("Error: Runtime exited with error: {status}"),
            "errorType": "Runtime.ExitError",
        }),
        Outcome::Response(_) | Outcome::Error(_) => Value::Null,
    }
}

fn answered(payload: Vec<u8>, is_error: bool) -> Response {
    let mut response = Response::new(200, &[("content-type", "application/json")], payload);
    if is_error {
        response.headers.push(("x-amz-function-error".into(), "Unhandled".into()));
    }
    response
}

/// The process could not even be started, such as one for another processor.
fn failed(why: &str) -> Response {
    let payload = json!({ "errorMessage": format!("Error: fork/exec /var/task/bootstrap: {why}"), "errorType": "Runtime.InvalidEntrypoint" });
    answered(payload.to_string().into_bytes(), true)
}

fn refused(status: u16, error_type: &str, message: &str) -> Response {
    let mut response = Response::json(status, &json!({ "Type": "User", "Message": message }));
    response.headers.push(("x-amzn-errortype".into(), error_type.into()));
    response
}
