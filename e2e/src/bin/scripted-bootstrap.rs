//! A function for the double's own tests: it does what the request's path tells it to. It speaks
//! the Runtime API by hand, so that the tests depend on no client of ours.
//!
//! - `SCRIPT=init-error` reports an error and ends; `SCRIPT=exit` just ends.
//! - `/answer` answers with the request's body as it is; `/error` reports it as an error.
//! - `/exit` ends in the midst of an invocation; `/hang` never answers.
//! - `/large` answers with as many bytes as the body says.
//! - `/environment` answers with what it sees around it.
//! - Anything else answers with the event.

use std::env;
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process;
use std::thread;

use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Headers = Vec<(String, String)>;

fn main() -> Result<()> {
    let mut api = RuntimeApi::connect()?;
    writeln!(std::io::stderr(), "started")?;
    match env::var("SCRIPT").as_deref() {
        Ok("init-error") => {
            api.call("POST", "init/error", br#"{"errorMessage":"no data.db","errorType":"Init"}"#)?;
            process::exit(3);
        }
        Ok("exit") => process::exit(4),
        _ => {}
    }
    loop {
        let (headers, event) = api.call("GET", "invocation/next", b"")?;
        let event: Value = serde_json::from_slice(&event)?;
        let id = &headers.iter().find(|(name, _)| name == "lambda-runtime-aws-request-id").ok_or("no id")?.1;
        let body = event["body"].as_str().unwrap_or_default();
        let (kind, answer) = match event["rawPath"].as_str() {
            Some("/answer") => ("response", body.into()),
            Some("/error") => ("error", body.into()),
            Some("/exit") => process::exit(5),
            Some("/hang") => loop {
                thread::park();
            },
            Some("/large") => ("response", vec![b' '; body.parse()?]),
            Some("/environment") => ("response", environment(&headers).to_string().into_bytes()),
            _ => ("response", json!({ "statusCode": 200, "body": event.to_string() }).to_string().into()),
        };
        api.call("POST", &format!("invocation/{id}/{kind}"), &answer)?;
    }
}

fn environment(headers: &[(String, String)]) -> Value {
    json!({
        "variables": env::vars().collect::<std::collections::BTreeMap<_, _>>(),
        "directory": env::current_dir().unwrap_or_default(),
        "files": fs::read_dir(".").into_iter().flatten().flatten().map(|entry| entry.file_name().into_string().unwrap_or_default()).collect::<Vec<_>>(),
        "headers": headers.iter().filter(|(name, _)| name.starts_with("lambda-")).cloned().collect::<std::collections::BTreeMap<_, _>>(),
    })
}

struct RuntimeApi {
    stream: BufReader<TcpStream>,
    host: String,
}

impl RuntimeApi {
    fn connect() -> Result<Self> {
        let host = env::var("AWS_LAMBDA_RUNTIME_API")?;
        Ok(Self { stream: BufReader::new(TcpStream::connect(&host)?), host })
    }

    /// The response's headers, names in lower case, and its body.
    fn call(&mut self, method: &str, path: &str, body: &[u8]) -> Result<(Headers, Vec<u8>)> {
        let head = format!(
            "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
            self.host,
            body.len()
        );
        self.stream.get_mut().write_all(&[head.as_bytes(), body].concat())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let length =
            headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse());
        let mut body = vec![0; length.ok_or("no content-length")??];
        self.stream.read_exact(&mut body)?;
        Ok((headers, body))
    }
}
