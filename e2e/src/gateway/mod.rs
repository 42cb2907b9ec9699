//! The API Gateway HTTP API: one route, `$default`, to one function.

mod event;
mod path;
mod response;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use crate::function::Function;
use crate::http::{Request, Response};

pub(crate) use event::{DOMAIN, TRACE_ID};

/// The largest body that API Gateway takes, in bytes: 10 MB (its quotas for HTTP APIs).
pub(crate) const BODY_LIMIT: usize = 10 * 1024 * 1024;

/// Request line and header values together, in bytes (same page).
const HEAD_LIMIT: usize = 10_240;

/// The largest event that Lambda takes, in bytes: 6 MB (its quotas).
pub(crate) const EVENT_LIMIT: usize = 6 * 1024 * 1024;

pub(crate) struct Gateway {
    function: Arc<Function>,
    requests: AtomicU64,
}

impl Gateway {
    pub(crate) fn new(function: Arc<Function>) -> Self {
        Self { function, requests: AtomicU64::new(0) }
    }

    pub(crate) fn answer(&self, request: &Request, client: IpAddr) -> Response {
        let number = self.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let mut response = self.respond(request, client, number);
        response.headers.push(("apigw-requestid".into(), format!("{number:015}=")));
        response
    }

    fn respond(&self, request: &Request, client: IpAddr, number: u64) -> Response {
        let values: usize = request.headers.iter().map(|(_, value)| value.len()).sum();
        let line = format!("{} {} HTTP/1.1", request.method, request.target).len();
        if line + values > HEAD_LIMIT {
            return refused(431, "Request Header Fields Too Large");
        }
        let Some(event) = event::event(request, client, number) else {
            return refused(400, "Bad Request");
        };
        let event = event.to_string().into_bytes();
        if event.len() > EVENT_LIMIT {
            return refused(413, "Request Entity Too Large");
        }
        match self.function.invoke(event, TRACE_ID) {
            Ok(outcome) => response::response(outcome),
            // The process could not even be started, such as one for another processor.
            Err(_) => response::internal_server_error(),
        }
    }
}

fn refused(status: u16, message: &str) -> Response {
    Response::json(status, &json!({ "message": message }))
}
