//! Reference: the reader's plain HTTP door with nothing behind it. Threads, runtimes, connections
//! and the way a reply is made from its parts are those of `reader/src/server/worker.rs`; the reply
//! is always the same one, headers included. What the reader takes beyond this is its own.
//!
//! `constant ADDRESS:PORT HEADERS BODY`: two files, the headers one a line, as the reader sent them.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::task::LocalSet;

/// A reply in the parts that the reader has: text headers and a body.
#[derive(Debug, Clone)]
struct Reply {
    headers: Vec<(HeaderName, String)>,
    body: Vec<u8>,
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().context("usage: constant ADDRESS:PORT HEADERS BODY");
    let address: SocketAddr = next()?.parse()?;
    let mut reply = Reply { headers: vec![], body: vec![] };
    for line in std::fs::read_to_string(next()?)?.lines() {
        let (name, value) = line.split_once(": ").context("a header has a name and a value")?;
        reply.headers.push((name.parse()?, value.to_owned()));
    }
    reply.body = std::fs::read(next()?)?;
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let mut workers = vec![];
    for _ in 0..std::thread::available_parallelism()?.get() {
        let (listener, reply) = (listener.try_clone()?, reply.clone());
        workers.push(std::thread::spawn(move || run(listener, reply)));
    }
    for worker in workers {
        worker.join().map_err(|_| anyhow::anyhow!("a worker panicked"))??;
    }
    Ok(())
}

fn run(listener: TcpListener, reply: Reply) -> Result<()> {
    let reply = Rc::new(reply);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async move {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            let _ = stream.set_nodelay(true);
            let reply = Rc::clone(&reply);
            let service =
                service_fn(move |_| std::future::ready(Ok::<_, Infallible>(answer((*reply).clone()))));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service);
            tokio::task::spawn_local(async move {
                let _ = connection.await;
            });
        }
    })
}

fn answer(reply: Reply) -> hyper::Response<Full<Bytes>> {
    let mut answer = hyper::Response::new(Full::default());
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().append(name, value);
        }
    }
    answer.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(reply.body.len()));
    *answer.body_mut() = Full::from(reply.body);
    answer
}
