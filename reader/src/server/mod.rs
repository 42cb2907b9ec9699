//! The plain HTTP door, for development and self-hosting: HTTP/1.1 on a TCP address.
//!
//! A thread per core, each with its own runtime, connections and [`Reader`]; a request never
//! leaves its thread. When the release directory is replaced, a watching thread opens the new
//! release, and each worker goes over to it between two requests; those under way end on the old
//! one. What can't be served is reported and the old release stays.
//!
//! Deliberately absent: TLS, logs of requests, anything a proxy in front does better.

mod current;
mod worker;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::thread;

use anyhow::Context;

use crate::config::Config;

use current::{Current, Watcher};

/// What ends a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopWhen {
    /// SIGINT or SIGTERM.
    Signalled,
    /// These, or the end of standard input: the process at its other end is gone.
    StdinEnds,
}

/// Serves until `stop`, then lets the requests under way finish. `ready` is called once, when requests are taken, with the address in use. Errors: the
/// release can't be opened, the address can't be had.
pub fn run(
    release: &Path,
    config: &Config,
    listen: SocketAddr,
    stop_when: StopWhen,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let watcher = Watcher::new(release, cores)?;
    let listener = TcpListener::bind(listen).with_context(|| {
        format!("can't listen on {listen} (`--listen ADDRESS:PORT` names another, port 0 takes a free one)")
    })?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut workers = Vec::with_capacity(cores);
    for inbox in watcher.inboxes() {
        let (listener, config, stopped) = (listener.try_clone()?, config.clone(), stopped.clone());
        workers.push(thread::spawn(move || match Current::new(inbox, config) {
            Some(current) => worker::run(listener, current, stopped),
            None => Ok(()), // the watcher fills every inbox before it is given out
        }));
    }
    thread::spawn(move || watcher.run());
    ready(address);
    wait_for_stop(stop_when)?;
    stop.send_replace(true);
    for worker in workers {
        if let Ok(result) = worker.join() {
            result?;
        }
    }
    Ok(())
}

fn wait_for_stop(stop_when: StopWhen) -> anyhow::Result<()> {
    // The sender is dropped when standard input ends, or kept to the end of this function.
    let (open, stdin_ended) = tokio::sync::oneshot::channel::<()>();
    let mut kept = Some(open);
    if stop_when == StopWhen::StdinEnds {
        let open = kept.take();
        thread::spawn(move || {
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink()); // an error is an end too
            drop(open);
        });
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = stdin_ended => {}
        }
        Ok(())
    })
}
