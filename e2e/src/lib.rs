//! A test double of AWS Lambda behind an API Gateway HTTP API, on 127.0.0.1.
//!
//! It takes the real `reader.zip`, unpacks it, starts its `bootstrap` as Lambda does and speaks
//! the Runtime API with it; in front it turns HTTP requests into payload-2.0 events and the
//! function's answers into HTTP responses. An invocation walks through it like this:
//!
//! ```text
//! HTTP -> gateway (event) -> function (process, exchange) -> runtime_api -> bootstrap
//! HTTP <- gateway (response) <- function <-                  runtime_api <- bootstrap
//! ```
//!
//! Beside the gateway, `invoke_api` takes events as they are, where somebody is to invoke one version.
//!
//! Where AWS's behaviour is known from captures, the double has it, oddities included (see
//! `gateway/path.rs`); where it is not, the double is the stricter one and says so.
//!
//! Deliberately absent: concurrency (there is one process, and invocations wait their turn),
//! memory limits, throttling, response streaming, extensions, X-Ray, IAM.

mod double;
mod exchange;
mod function;
mod gateway;
mod http;
mod invoke_api;
mod options;
mod process;
mod runtime_api;
mod task_root;

pub use double::Double;
pub use exchange::Outcome;
pub use http::Response;
pub use options::{Log, Options, StartError};
pub use process::{Run, Timings, Usage};
