//! `wrk`, run and read.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Connections, on two threads: enough to keep both cores at work, few enough that slow servers
/// answer in time.
const CONNECTIONS: &str = "16";

/// What one run found.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Requests answered per second.
    pub requests: f64,
    /// The 99th percentile of the time to an answer, in milliseconds.
    pub slow: f64,
}

/// Whether there is a `wrk`; it exits with 1 after telling its version.
pub fn present() -> bool {
    Command::new("wrk").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Its version.
pub fn version() -> Option<String> {
    let output = Command::new("wrk").arg("-v").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().nth(1).map(str::to_owned)
}

/// The script that asks for another row each time: `%` in `path` is a number from 1 to `rows`.
pub fn script(path: &str, rows: u64) -> String {
    let (before, behind) = path.split_once('%').unwrap_or((path, ""));
    format!(
        "request = function() return wrk.format(\"GET\", \"{before}\" .. math.random(1, {rows}) .. \"{behind}\") end\n"
    )
}

/// Asks `url` for `seconds`. Answers that are no success are an error: they are no measurement.
pub fn run(url: &str, script: Option<&Path>, seconds: u64) -> Result<Load> {
    let mut command = Command::new("wrk");
    command.args(["--threads", "2", "--connections", CONNECTIONS, "--timeout", "60s", "--latency"]);
    command.arg("--duration").arg(format!("{seconds}s"));
    if let Some(script) = script {
        command.arg("--script").arg(script);
    }
    let output = command.arg(url).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("wrk failed: {text}{}", String::from_utf8_lossy(&output.stderr));
    }
    read(&text)
}

fn read(text: &str) -> Result<Load> {
    let after = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    for failure in ["Non-2xx or 3xx responses:", "Socket errors:"] {
        if let Some(count) = after(failure) {
            bail!("{failure} {count}");
        }
    }
    let requests = after("Requests/sec:").context("wrk counted no requests")?.parse()?;
    let slow = after("99%").context("wrk said nothing of the slowest")?;
    let (number, unit) = slow.split_at(slow.find(char::is_alphabetic).unwrap_or(slow.len()));
    let milliseconds = match unit {
        "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 6e4,
        _ => bail!("wrk said {slow}"),
    };
    Ok(Load { requests, slow: number.parse::<f64>()? * milliseconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_says() {
        let text = "  Latency Distribution\n     50%  120.00us\n     99%    1.25ms\n  810 requests in 1.00s\n\
                    Requests/sec:    808.50\nTransfer/sec:      0.3MB\n";
        let load = read(text).unwrap();
        assert_eq!((load.requests, load.slow), (808.5, 1.25));
        let failed = format!("{text}  Non-2xx or 3xx responses: 7\n");
        assert_eq!(read(&failed).unwrap_err().to_string(), "Non-2xx or 3xx responses: 7");
    }

    #[test]
    fn another_row_each_time() {
        assert_eq!(
            script("/a/%.json?x=1", 7),
            "request = function() return wrk.format(\"GET\", \"/a/\" .. math.random(1, 7) .. \".json?x=1\") end\n"
        );
    }
}
