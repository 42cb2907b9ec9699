//! What a deployment may set for the connections of the plain server, from the environment.

use std::time::Duration;

use crate::config::{ConfigError, bytes, count};

/// The settings of a server's connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections that may be open at once.
    pub connections: usize,
    /// How long a client may take from one answer to the end of its next request's head.
    pub idle_time: Duration,
    /// How long a client may take nothing of its answer.
    pub send_time: Duration,
    /// Bytes of answers that may wait together for their clients to take them.
    pub unsent: usize,
}

const CONNECTIONS: &str = "COLDPRESS_MAX_CONNECTIONS";
const IDLE_SECONDS: &str = "COLDPRESS_IDLE_SECONDS";
const SEND_SECONDS: &str = "COLDPRESS_SEND_SECONDS";
const UNSENT: &str = "COLDPRESS_MAX_UNSENT";

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1000,
            idle_time: Duration::from_secs(30),
            send_time: Duration::from_secs(30),
            unsent: 64_000_000,
        }
    }
}

impl Limits {
    /// The variables, each with its legal values: what `reader --help` prints.
    pub const VARIABLES: [(&str, &str); 4] = [
        (
            CONNECTIONS,
            "most open connections; 1 to 1000000, default 1000, or fewer if `ulimit -n` is too low",
        ),
        (IDLE_SECONDS, "how long a connection may be open without a request; 1 to 3600, default 30"),
        (SEND_SECONDS, "how long a client may read nothing of its answer; 1 to 3600, default 30"),
        (UNSENT, "bytes of answers waiting for slow clients; 1000000 to 100000000000, default 64000000"),
    ];

    /// The settings in the environment, read through `variable`, over the defaults.
    pub fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut limits = Self::default();
        if let Some(value) = variable(CONNECTIONS) {
            const LEGAL: &str = "a whole number from 1 to 1000000";
            limits.connections = bytes(CONNECTIONS, value, 1..=1_000_000, LEGAL)?;
        }
        for (name, time) in [(IDLE_SECONDS, &mut limits.idle_time), (SEND_SECONDS, &mut limits.send_time)] {
            if let Some(value) = variable(name) {
                *time = Duration::from_secs(count(name, value, 1..=3600, "a whole number from 1 to 3600")?);
            }
        }
        if let Some(value) = variable(UNSENT) {
            const LEGAL: &str = "a whole number from 1000000 to 100000000000";
            limits.unsent = bytes(UNSENT, value, 1_000_000..=100_000_000_000, LEGAL)?;
        }
        Ok(limits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_values_name_the_legal_ones() {
        for (name, wrong, legal) in [
            (CONNECTIONS, "0", "a whole number from 1 to 1000000"),
            (IDLE_SECONDS, "1.5", "a whole number from 1 to 3600"),
            (SEND_SECONDS, "3601", "a whole number from 1 to 3600"),
            (UNSENT, "1", "a whole number from 1000000 to 100000000000"),
        ] {
            let variable = |asked: &str| (asked == name).then(|| wrong.to_owned());
            let error = Limits::from_env(variable).unwrap_err().to_string();
            assert_eq!(error, format!("{name} is \"{wrong}\"; it takes {legal}"));
        }
    }
}
