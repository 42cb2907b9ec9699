//! What can be chosen, and why a double does not start.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// What can be chosen. `Options::default()` is what tests want.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the HTTP front listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Where Lambda's Invoke API listens, if anywhere; port 0 takes any free one.
    pub invoke: Option<SocketAddr>,
    /// After this long without an answer the process is killed, as Lambda does.
    pub timeout: Duration,
    /// The memory size in MB that the function is told. It is not enforced.
    pub memory: u32,
    /// Variables that the deployment sets, beside Lambda's own.
    pub environment: Vec<(String, String)>,
    /// Where the function's output goes.
    pub log: Log,
}

/// Where the function's standard output and error go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Into a file, see [`Double::log`](crate::Double::log).
    Capture,
    /// To the standard error of this program.
    Inherit,
}

/// Why a double does not start.
#[derive(Debug)]
pub enum StartError {
    /// The zip can't be read or unpacked.
    Zip(String),
    /// The zip has no `bootstrap`.
    NoBootstrap,
    /// Lambda runs the function as a user of its own, and others may not read (or, of the
    /// bootstrap, run) this file.
    Mode {
        /// The file's name in the zip.
        name: String,
        /// Its mode.
        mode: u32,
    },
    /// No directory could be made, no port be had.
    Io(io::Error),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            invoke: None,
            timeout: Duration::from_secs(20),
            memory: 128,
            environment: Vec::new(),
            log: Log::Capture,
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Zip(error) => write!(f, "the zip can't be unpacked: {error}"),
            Self::NoBootstrap => f.write_str("the zip has no file `bootstrap`"),
            Self::Mode { name, mode } => {
                write!(f, "`{name}` has mode {mode:o}; Lambda's user could not use it")
            }
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StartError {}

impl From<io::Error> for StartError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
