//! User instructions under callgrind: what a change costs, without the machine's noise.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::double::Double;
use crate::function::Function;
use crate::start::invoke;

/// Warm invocations are the difference between this many and twice as many.
const INVOCATIONS: usize = 50;

/// What callgrind counted.
#[derive(Debug, Clone, Copy)]
pub struct Instructions {
    /// From the start of the process to its first answer.
    pub start: u64,
    /// For each later invocation.
    pub warm: u64,
}

/// The version of valgrind, if there is one.
pub fn valgrind() -> Option<String> {
    let output = Command::new("valgrind").arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Counts instructions of one function.
pub fn measure(function: &Function, scratch: &Path, name: &str) -> Result<Instructions> {
    let once = count(function, 1, scratch, name)?;
    let some = count(function, INVOCATIONS, scratch, name)?;
    let twice = count(function, 2 * INVOCATIONS, scratch, name)?;
    Ok(Instructions { start: once, warm: twice.saturating_sub(some) / INVOCATIONS as u64 })
}

/// Counts instructions of all threads of a program, from its start to its end.
pub fn of_program(program: &[String], scratch: &Path) -> Result<u64> {
    let log = scratch.join("callgrind.log");
    let mut command = callgrind(Command::new("valgrind"), &log)?;
    let status = command.args(program).stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if !status.success() {
        bail!("`{}` failed under callgrind: {status}", program.join(" "));
    }
    collected(&log)
}

fn count(function: &Function, invocations: usize, scratch: &Path, name: &str) -> Result<u64> {
    let mut double = Double::bind()?;
    let log = scratch.join("callgrind.log");
    let command = function.command(OsStr::new("valgrind").as_ref(), &double.address()?.to_string());
    let mut command = callgrind(command, &log)?;
    command.arg(function.bootstrap()).stderr(Stdio::null());
    let (_, mut process) = invoke(&mut double, command, function, invocations, name)?;
    // Valgrind reports when its program dies of a signal that it can see.
    let id = i32::try_from(process.id()).ok().and_then(Pid::from_raw).context("a process has an id")?;
    kill_process(id, Signal::TERM)?;
    process.wait()?;
    collected(&log)
}

fn callgrind(mut command: Command, log: &Path) -> Result<Command> {
    command
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(format!("--log-file={}", log.to_str().context("the path is UTF-8")?));
    Ok(command)
}

fn collected(log: &Path) -> Result<u64> {
    let log = fs::read_to_string(log)?;
    log.lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, count)| count.trim().parse().ok())
        .with_context(|| format!("callgrind said nothing of what it collected:\n{log}"))
}
