//! The double as tests and benchmarks see it.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;

use crate::exchange::Outcome;
use crate::function::Function;
use crate::gateway::{self, Gateway};
use crate::http::{Request, Response, Server};
use crate::invoke_api;
use crate::options::{Options, StartError};
use crate::process::{Run, Timings};

/// A running test double. Dropping it ends the function's process and removes its files.
pub struct Double {
    front: Server,
    invoke_api: Option<Server>,
    gateway: Arc<Gateway>,
    function: Arc<Function>,
}

impl Double {
    /// Unpacks `zip` and starts to listen. The function's process starts with the first
    /// invocation, as in a Lambda without provisioned concurrency.
    pub fn start(zip: &Path, options: Options) -> Result<Self, StartError> {
        let (listen, invoke) = (options.listen, options.invoke);
        let function = Arc::new(Function::new(zip, options)?);
        let gateway = Arc::new(Gateway::new(Arc::clone(&function)));
        let front = Server::start(listen, gateway::BODY_LIMIT, {
            let gateway = Arc::clone(&gateway);
            move |request, client| gateway.answer(&request, client)
        })?;
        let invoke_api =
            invoke.map(|address| invoke_api::serve(address, Arc::clone(&function))).transpose()?;
        Ok(Self { front, invoke_api, gateway, function })
    }

    /// The front's address, such as `http://127.0.0.1:40123`, without a final slash.
    pub fn url(&self) -> String {
        format!("http://{}", self.front.address())
    }

    /// The Invoke API's address, in the same form; `None` where it was not asked for.
    pub fn invoke_url(&self) -> Option<String> {
        self.invoke_api.as_ref().map(|server| format!("http://{}", server.address()))
    }

    /// Invokes the function with `event` as it is, past the gateway.
    ///
    /// Errors: the process could not be started or ended.
    pub fn invoke(&self, event: &[u8]) -> io::Result<Outcome> {
        self.function.invoke(event.to_vec(), gateway::TRACE_ID)
    }

    /// Sends a request through the gateway, without a network between. `path_and_query` is as it
    /// stands in a request line, percent-encoded.
    pub fn request(
        &self,
        method: &str,
        path_and_query: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let mut headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        if !headers.iter().any(|(name, _): &(String, Vec<u8>)| name.eq_ignore_ascii_case("host")) {
            headers.push(("host".into(), gateway::DOMAIN.into()));
        }
        let request =
            Request { method: method.into(), target: path_and_query.into(), headers, body: body.into() };
        let mut response = self.gateway.answer(&request, IpAddr::V4(Ipv4Addr::LOCALHOST));
        if method == "HEAD" {
            response.body.clear();
        }
        response
    }

    /// `GET`, without further headers.
    pub fn get(&self, path_and_query: &str) -> Response {
        self.request("GET", path_and_query, &[], b"")
    }

    /// How long the process that runs has taken so far; `None` where none runs.
    pub fn timings(&self) -> Option<Timings> {
        self.function.timings()
    }

    /// Ends the process that runs, so that the next invocation is a cold start, and says what it
    /// took and used; `None` where none ran.
    pub fn retire(&self) -> io::Result<Option<Run>> {
        self.function.retire()
    }

    /// Where the zip lies unpacked.
    pub fn task_root(&self) -> &Path {
        self.function.task_root()
    }

    /// What the function's processes have written to their standard output and error.
    pub fn log(&self) -> io::Result<String> {
        self.function.log()
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        // The threads of the front may hold the function a little longer than we do.
        let _ = self.function.retire();
        self.function.remove_files();
    }
}
