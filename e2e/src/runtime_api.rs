//! The Runtime API, version 2018-06-01 (AWS Lambda, "Using the Lambda runtime API").

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use crate::exchange::{Exchange, Outcome, State};
use crate::http::{Request, Response, Server};

/// The most that a function may answer, in bytes: 6 MB and a hundred, as Lambda's own message
/// "Response payload size exceeded maximum allowed payload size (6291556 bytes)" has it.
pub(crate) const RESPONSE_LIMIT: usize = 6_291_556;

/// What the server reads at most before it refuses: enough to measure an answer that is too large.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

const ARN: &str = "arn:aws:lambda:eu-central-1:123456789012:function:reader:live";

/// Serves one process.
pub(crate) fn serve(exchange: Arc<Exchange>) -> io::Result<Server> {
    Server::start((Ipv4Addr::LOCALHOST, 0).into(), BODY_LIMIT, move |request, _| answer(&exchange, &request))
}

fn answer(exchange: &Exchange, request: &Request) -> Response {
    let Some(path) = request.target.strip_prefix("/2018-06-01/runtime/") else {
        return error(404, "ResourceNotFound", "no such resource");
    };
    match (request.method.as_str(), path.split('/').collect::<Vec<_>>().as_slice()) {
        ("GET", ["invocation", "next"]) => next(exchange),
        ("POST", ["init", "error"]) => {
            exchange.change(|state| state.init_error = Some(request.body.clone()));
            accepted()
        }
        ("POST", ["invocation", id, "response"]) if request.body.len() > RESPONSE_LIMIT => {
            let size = request.body.len();
            match finish(exchange, id, Outcome::TooLarge(size)) {
                Ok(()) => error(
                    413,
                    "Function.ResponseSizeTooLarge",
                    &format!(
                        "Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
                    ),
                ),
                Err(response) => response,
            }
        }
        ("POST", ["invocation", id, "response"]) => {
            finish(exchange, id, Outcome::Response(request.body.clone()))
                .map_or_else(|it| it, |()| accepted())
        }
        ("POST", ["invocation", id, "error"]) => {
            finish(exchange, id, Outcome::Error(request.body.clone())).map_or_else(|it| it, |()| accepted())
        }
        (_, ["invocation", "next"] | ["init", "error"] | ["invocation", _, "response" | "error"]) => {
            error(405, "MethodNotAllowed", "this resource has another method")
        }
        _ => error(404, "ResourceNotFound", "no such resource"),
    }
}

/// Blocks until there is an event, as the API asks of it.
fn next(exchange: &Exchange) -> Response {
    let now = Instant::now();
    exchange.lock().first_poll.get_or_insert(now);
    let invocation = exchange.wait(|state: &mut State| {
        if state.closed {
            return Some(None);
        }
        let invocation = state.pending.take()?;
        state.current = Some((invocation.request_id.clone(), Instant::now()));
        Some(Some(invocation))
    });
    let Some(invocation) = invocation else {
        return error(500, "Sandbox.Shutdown", "the process is being ended");
    };
    let headers = [
        ("content-type", "application/json"),
        ("lambda-runtime-aws-request-id", &invocation.request_id),
        ("lambda-runtime-deadline-ms", &invocation.deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", ARN),
        ("lambda-runtime-trace-id", &invocation.trace_id),
    ];
    Response::new(200, &headers, invocation.event)
}

/// Takes the outcome of the invocation that the process works on, and of no other.
fn finish(exchange: &Exchange, id: &str, outcome: Outcome) -> Result<(), Response> {
    let now = Instant::now();
    exchange.change(|state| match &state.current {
        Some((current, started)) if current == id => {
            state.first_response.get_or_insert(now);
            state.invocations.push(now.duration_since(*started));
            state.current = None;
            state.outcome = Some(outcome);
            Ok(())
        }
        _ => Err(error(400, "InvalidRequestID", "Invalid request ID")),
    })
}

fn accepted() -> Response {
    Response::json(202, &json!({ "status": "OK" }))
}

fn error(status: u16, error_type: &str, message: &str) -> Response {
    Response::json(status, &json!({ "errorMessage": message, "errorType": error_type }))
}
