//! The plain HTTP door, for development and self-hosting: HTTP/1.1 on a TCP address.
//!
//! A thread per core, each with its own runtime, connections and [`Reader`]; a request never
//! leaves its thread, unless it takes long. A query that SQLite is not done with at once waits for one of as
//! many threads of their own, so that nothing else waits for it; a file is written by one of as many others,
//! a chunk at a time as its client takes them. When the release directory is replaced, a watching thread opens the new
//! release, and each worker goes over to it between two requests; those under way end on the old
//! one. A release that can't be opened is reported, shown at `/-/health` and tried again; the old one
//! stays meanwhile.
//!
//! Deliberately absent: TLS, logs of requests, anything a proxy in front does better.

mod connections;
mod current;
mod downloads;
mod file_body;
mod heads;
mod limits;
mod patient;
mod queue;
mod stream;
mod watcher;
mod worker;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::config::Config;

use connections::Connections;
use current::{Current, Shared};
use downloads::Downloads;
pub use limits::Limits;
use queue::Queue;
use watcher::Watcher;

/// How long requests that are under way may take once the server is asked to end.
const GRACE: Duration = Duration::from_secs(5);

/// How much longer a worker may take to end that waited for its connections until then.
const AFTER: Duration = Duration::from_millis(100);

/// What ends a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopWhen {
    /// SIGINT or SIGTERM.
    Signalled,
    /// These, or the end of standard input: the process at its other end is gone.
    StdinEnds,
}

/// Serves until `stop_when`, then lets the requests under way finish, for as long as [`GRACE`] says: what
/// is not done by then, a query in SQLite too, ends with the process. `ready` is called once, when
/// requests are taken, with the address in use. Errors: the
/// release can't be opened, the address can't be had.
pub fn run(
    release: &Path,
    config: &Config,
    limits: Limits,
    listen: SocketAddr,
    stop_when: StopWhen,
    ready: impl FnOnce(SocketAddr),
) -> anyhow::Result<()> {
    crate::memory::limit_memory(config.max_memory);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let shared = Shared::default();
    let watcher = Watcher::new(release, cores * 3, Arc::clone(&shared.health))?;
    let queue = Arc::new(Queue::new(Arc::clone(&shared.health)));
    // Two releases for each thread, each with its file open twice, and some more.
    let limits = within_files(limits, cores * 3 * 4 + 64);
    let connections = Arc::new(Connections::new(limits, Arc::clone(&shared.health)));
    let listener = TcpListener::bind(listen).with_context(|| {
        format!("can't listen on {listen} (`--listen ADDRESS:PORT` names another, port 0 takes a free one)")
    })?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let public_url = config.public_url.clone().or_else(|| Some(format!("http://{address}")));
    let config = &Config { public_url, ..config.clone() };
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let (ended, end) = mpsc::channel();
    let mut inboxes = watcher.inboxes().into_iter();
    let downloads =
        inboxes.by_ref().take(cores).map(|inbox| downloads::start(inbox, config.clone(), shared.clone()));
    let downloads = Downloads::new(downloads.collect());
    for inbox in inboxes.by_ref().take(cores) {
        let (listener, config, stopped) = (listener.try_clone()?, config.clone(), stopped.clone());
        let (ended, shared, queue) = (ended.clone(), shared.clone(), Arc::clone(&queue));
        let (downloads, connections) = (downloads.clone(), Arc::clone(&connections));
        thread::spawn(move || {
            let result = match Current::new(inbox, config, shared) {
                Some(current) => worker::run(listener, current, queue, downloads, connections, stopped),
                None => Ok(()), // the watcher fills every inbox before it is given out
            };
            // Nobody listens any more where the process ends without this worker.
            let _ = ended.send(result);
        });
    }
    for inbox in inboxes {
        let (config, shared, queue) = (config.clone(), shared.clone(), Arc::clone(&queue));
        thread::spawn(move || {
            if let Some(current) = Current::new(inbox, config, shared) {
                patient::run(current, &queue);
            }
        });
    }
    drop(ended); // so that the end of the last worker is that of the channel
    thread::spawn(move || watcher.run());
    ready(address);
    wait_for_stop(stop_when)?;
    stop.send_replace(true);
    let last = Instant::now() + GRACE + AFTER;
    while let Ok(result) = end.recv_timeout(last.saturating_duration_since(Instant::now())) {
        result?;
    }
    Ok(())
}

/// As many connections as files can be open beside `others`. The process may open as many as it is ever allowed.
#[expect(clippy::print_stderr, reason = "the server's log")]
fn within_files(limits: Limits, others: usize) -> Limits {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = (limits.connections + others) as u64;
    let mut allowed = current.unwrap_or(u64::MAX);
    if allowed < wanted {
        let more = wanted.min(maximum.unwrap_or(u64::MAX));
        if setrlimit(Resource::Nofile, Rlimit { current: Some(more), maximum }).is_ok() {
            allowed = more;
        }
    }
    if allowed >= wanted {
        return limits;
    }
    let connections = usize::try_from(allowed).unwrap_or(usize::MAX).saturating_sub(others).max(1);
    eprintln!(
        "warning: at most {connections} connections, not {}: `ulimit -n` is {allowed}",
        limits.connections
    );
    Limits { connections, ..limits }
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
