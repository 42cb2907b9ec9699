//! Cold starts: each function in turn, again and again, so that whatever else the machine does
//! falls on all of them alike.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use wait4::Wait4;

use crate::double::{Double, Request};
use crate::function::Function;

/// Rounds before the ones that count: they fill the page cache.
const WARM_UP: usize = 5;

/// One cold start.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// From spawning the process to its first poll.
    pub to_poll: Duration,
    /// From there to its first answer.
    pub to_answer: Duration,
    /// User and system time of all its threads, until it was killed after the first answer.
    pub cpu: Duration,
    /// Page faults served without disk access, until the first answer.
    pub minor_faults: u64,
}

/// What the page cache holds of a function when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageCache {
    /// All its files, since it ran just before.
    Warm,
    /// None of them, as on a machine that it is new to.
    Cold,
}

/// Starts every function `rounds` times, interleaved. The result is in the order of `functions`.
pub fn measure(
    functions: &[Function],
    cache: PageCache,
    rounds: usize,
    name: &str,
) -> Result<Vec<Vec<Start>>> {
    let mut double = Double::bind()?;
    let mut starts = vec![vec![]; functions.len()];
    for round in 0..WARM_UP + rounds {
        for (function, starts) in functions.iter().zip(&mut starts) {
            if cache == PageCache::Cold {
                function.forget()?;
            }
            let start = start(&mut double, function, name).with_context(|| format!("`{}`", function.name))?;
            if round >= WARM_UP {
                starts.push(start);
            }
        }
    }
    Ok(starts)
}

fn start(double: &mut Double, function: &Function, name: &str) -> Result<Start> {
    double.hang_up();
    let mut command = function.command(&function.bootstrap(), &double.address()?.to_string());
    let event = function.question.event();
    let spawned = Instant::now();
    let mut process = command.spawn()?;
    let result = (|| -> Result<_> {
        let (via, request) = double.receive()?;
        let to_poll = spawned.elapsed();
        expect_poll(request)?;
        double.event(via, &event)?;
        let (_, answer) = double.receive()?;
        let total = spawned.elapsed();
        let minor_faults = minor_faults(process.id())?;
        function.check(&expect_answer(answer)?, name)?;
        Ok((to_poll, total - to_poll, minor_faults))
    })();
    process.kill()?;
    let used = process.wait4()?.rusage;
    let (to_poll, to_answer, minor_faults) = result?;
    Ok(Start { to_poll, to_answer, cpu: used.utime + used.stime, minor_faults })
}

/// How long a warm function takes for an event, over `invocations` of them in one process.
pub fn warm(function: &Function, invocations: usize, name: &str) -> Result<Vec<Duration>> {
    let mut double = Double::bind()?;
    let command = function.command(&function.bootstrap(), &double.address()?.to_string());
    let (times, process) = invoke(&mut double, command, function, invocations, name)?;
    end(process)?;
    Ok(times)
}

/// What the function answers to its question.
pub fn answer(function: &Function) -> Result<Vec<u8>> {
    let mut double = Double::bind()?;
    let process = function.command(&function.bootstrap(), &double.address()?.to_string()).spawn()?;
    let answer = (|| -> Result<_> {
        let (via, request) = double.receive()?;
        expect_poll(request)?;
        double.event(via, &function.question.event())?;
        expect_answer(double.receive()?.1)
    })();
    end(process)?;
    answer
}

/// Starts `command` and hands it `invocations` events. Gives the process back after the last
/// answer, with the time between each event and its answer.
pub fn invoke(
    double: &mut Double,
    mut command: Command,
    function: &Function,
    invocations: usize,
    name: &str,
) -> Result<(Vec<Duration>, std::process::Child)> {
    double.hang_up();
    let event = function.question.event();
    let process = command.spawn()?;
    let mut times = Vec::with_capacity(invocations);
    let outcome = (|| -> Result<()> {
        for number in 1..=invocations {
            let (via, request) = double.receive()?;
            expect_poll(request)?;
            let sent = Instant::now();
            double.event(via, &event)?;
            let (via, answer) = double.receive()?;
            times.push(sent.elapsed());
            function.check(&expect_answer(answer)?, name)?;
            // After the last answer the function waits for its receipt, and so does nothing.
            if number < invocations {
                double.accepted(via)?;
            }
        }
        Ok(())
    })();
    match outcome {
        Ok(()) => Ok((times, process)),
        Err(error) => {
            end(process)?;
            Err(error)
        }
    }
}

fn end(mut process: std::process::Child) -> Result<()> {
    process.kill()?;
    process.wait()?;
    Ok(())
}

fn expect_poll(request: Request) -> Result<()> {
    match request {
        Request::Next => Ok(()),
        Request::Response(body) | Request::Error(body) => {
            bail!("expected a poll, the function sent: {}", String::from_utf8_lossy(&body))
        }
    }
}

fn expect_answer(request: Request) -> Result<Vec<u8>> {
    match request {
        Request::Response(body) => Ok(body),
        Request::Error(body) => bail!("the function failed: {}", String::from_utf8_lossy(&body)),
        Request::Next => bail!("expected an answer, the function polled again"),
    }
}

/// The tenth field of /proc/PID/stat (proc(5)); the second may itself hold blanks.
fn minor_faults(process: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(") ").context("stat has a command in parentheses")?;
    let minor_faults = fields.split(' ').nth(7).context("stat has more than ten fields")?;
    Ok(minor_faults.parse()?)
}
