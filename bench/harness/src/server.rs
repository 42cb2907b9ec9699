//! An HTTP server as a process: started, waited for, asked, and ended with the value.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a server may take until it answers: the slowest reads a million rows first.
const START: Duration = Duration::from_secs(120);

/// A running server.
#[derive(Debug)]
pub struct Server {
    /// Its name in the tables.
    pub name: &'static str,
    /// Its port on 127.0.0.1.
    pub port: u16,
    process: Child,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, one a line, without those that the connection is about.
    pub headers: String,
    /// The body.
    pub body: String,
}

/// A port that nobody has right now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Server {
    /// Starts a server that listens on `port` and waits until it answers to `path`.
    pub fn start(name: &'static str, mut command: Command, port: u16, path: &str) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().with_context(|| format!("can't start {name}"))?;
        let mut server = Self { name, port, process };
        let started = Instant::now();
        loop {
            if let Ok(answer) = server.get(path)
                && answer.status == 200
            {
                return Ok(server);
            }
            if let Some(status) = server.process.try_wait()? {
                bail!("{name} ended at its start: {status}");
            }
            if started.elapsed() > START {
                bail!("{name} does not answer to {path} after {} s", START.as_secs());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The address of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Asks for a path on a connection of its own. A status of 4xx or 5xx is an answer too.
    pub fn get(&self, path: &str) -> Result<Answer> {
        let agent = ureq::Agent::new_with_config(
            ureq::Agent::config_builder()
                .http_status_as_error(false)
                .timeout_global(Some(Duration::from_secs(60)))
                .build(),
        );
        let mut answer = agent.get(self.url(path)).header("accept", "application/json").call()?;
        let mut headers = String::new();
        for (name, value) in answer.headers() {
            if !["date", "content-length", "connection", "transfer-encoding"].contains(&name.as_str()) {
                headers.push_str(&format!("{name}: {}\n", value.to_str()?));
            }
        }
        let body = answer.body_mut().with_config().limit(1 << 30).read_to_string()?;
        Ok(Answer { status: answer.status().as_u16(), headers, body })
    }

    /// CPU time of all threads since the start, in nanoseconds (`schedstat`, proc(5)).
    pub fn cpu(&self) -> Result<u64> {
        let mut cpu = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let times = fs::read_to_string(thread?.path().join("schedstat"))?;
            cpu += times.split(' ').next().context("no schedstat")?.parse::<u64>()?;
        }
        Ok(cpu)
    }

    /// The largest resident set since the start, in bytes (`VmHWM`, proc(5)).
    pub fn peak(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        let kib: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib << 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has nothing to lose; one that has already ended needs nothing.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
