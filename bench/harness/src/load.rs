//! The load on an HTTP server: connections that ask again as soon as they are answered.
//!
//! It stands in for wrk, which not every machine has, and works as wrk does: a few threads, each
//! waiting with epoll(7) for its share of the connections, and no more looked at in an answer than
//! where it ends. What it costs is taken from the server on the same cores.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::io::Errno;

use crate::answer::{self, Answer};
use crate::sample::SplitMix;

/// One for each core of the smallest machine that this is meant for.
const THREADS: u64 = 2;

/// Of each thread: enough to keep both cores at work, few enough that slow servers answer in time.
const CONNECTIONS: u64 = 8;

/// Room for one read, in bytes: most answers come in one.
const BUFFER: usize = 32 << 10;

/// How long a server may take for one answer.
const SILENCE: Duration = Duration::from_secs(60);

/// What one run found.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Requests answered per second.
    pub requests: f64,
    /// The 99th percentile of the time to an answer, in milliseconds.
    pub slow: f64,
}

/// What is asked again and again.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Where, on 127.0.0.1.
    pub port: u16,
    /// What; `%` is a number from 1 to `rows`, another one each time.
    pub path: &'a str,
    /// See `path`.
    pub rows: u64,
}

/// Asks for that long. Answers that are no success are an error: they are no measurement.
pub fn run(asked: Asked<'_>, time: Duration) -> Result<Load> {
    let started = Instant::now();
    let runs: Vec<Result<Vec<u32>>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|seed| scope.spawn(move || Thread::start(asked, seed)?.run(started + time)))
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a thread of ours does not panic")).collect()
    });
    let elapsed = started.elapsed().as_secs_f64();
    let mut times = vec![];
    for run in runs {
        times.extend(run?);
    }
    times.sort_unstable();
    let slow = times.get(times.len() * 99 / 100).context("no answer came")?;
    Ok(Load { requests: times.len() as f64 / elapsed, slow: f64::from(*slow) / 1e3 })
}

struct Thread<'a> {
    asked: Asked<'a>,
    random: SplitMix,
    connections: Vec<Connection>,
    request: Vec<u8>,
}

struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    sent: Instant,
}

impl<'a> Thread<'a> {
    fn start(asked: Asked<'a>, seed: u64) -> Result<Self> {
        let connections = (0..CONNECTIONS)
            .map(|_| {
                let stream = TcpStream::connect(("127.0.0.1", asked.port))?;
                stream.set_nodelay(true)?;
                stream.set_nonblocking(true)?;
                Ok(Connection { stream, received: vec![], sent: Instant::now() })
            })
            .collect::<std::io::Result<_>>()?;
        Ok(Self { asked, random: SplitMix(seed), connections, request: vec![] })
    }

    /// Asks until `end`; the times to the answers in microseconds.
    fn run(mut self, end: Instant) -> Result<Vec<u32>> {
        let waiting = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        for (index, connection) in self.connections.iter().enumerate() {
            let data = epoll::EventData::new_u64(index as u64);
            epoll::add(&waiting, &connection.stream, data, epoll::EventFlags::IN)?;
        }
        for index in 0..self.connections.len() {
            self.ask(index)?;
        }
        let silence = Timespec::try_from(SILENCE)?;
        let (mut events, mut times) = (Vec::with_capacity(self.connections.len()), vec![]);
        loop {
            events.clear();
            epoll::wait(&waiting, spare_capacity(&mut events), Some(&silence))?;
            let now = Instant::now();
            if now >= end {
                return Ok(times);
            }
            if events.is_empty() {
                bail!("no answer for {} s", SILENCE.as_secs());
            }
            for event in &events {
                let index = event.data.u64() as usize;
                if self.connections[index].receive()? {
                    let time = self.connections[index].sent.elapsed().as_micros();
                    times.push(u32::try_from(time).unwrap_or(u32::MAX));
                    self.ask(index)?;
                }
            }
        }
    }

    fn ask(&mut self, index: usize) -> Result<()> {
        let Asked { port, path, rows } = self.asked;
        self.request.clear();
        match path.split_once('%') {
            Some((before, behind)) => {
                let number = 1 + self.random.next() % rows;
                write!(self.request, "GET {before}{number}{behind}")?;
            }
            None => write!(self.request, "GET {path}")?,
        }
        write!(self.request, " HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n")?;
        let connection = &mut self.connections[index];
        connection.received.clear();
        connection.sent = Instant::now();
        // A request is far smaller than what a socket with nothing under way takes at once.
        let written = connection.stream.write(&self.request)?;
        if written < self.request.len() {
            bail!("only {written} of {} bytes could be sent", self.request.len());
        }
        Ok(())
    }
}

impl Connection {
    /// Takes what has come; whether the answer is whole now.
    fn receive(&mut self) -> Result<bool> {
        self.received.reserve(BUFFER);
        match rustix::io::read(&self.stream, spare_capacity(&mut self.received)) {
            Ok(0) => bail!("the server closed the connection"),
            Ok(_) => {}
            Err(Errno::AGAIN) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        match answer::parse(&self.received)? {
            Answer::Partial => Ok(false),
            Answer::Whole { status: 200..300 } => Ok(true),
            Answer::Whole { status } => {
                bail!("status {status}: {:.300}", String::from_utf8_lossy(&self.received))
            }
        }
    }
}
