//! `harness`: measures Coldpress beside its references and peers, prints the tables, writes them
//! to a file and fails if a limit is missed.
//!
//! Absolute times are the machine's; what counts are the ratios within one run, and instructions.

mod answer;
mod coding;
mod cold;
mod counted;
mod double;
mod downloads;
mod embeds;
mod function;
mod history;
mod http;
mod instructions;
mod limit;
mod load;
mod loader;
mod loading;
mod machine;
mod memory;
mod options;
mod past;
mod peers;
mod report;
mod sample;
mod server;
mod shop;
mod start;
mod symbols;
mod tables;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::limit::Limit;
use crate::options::{Options, Task};

fn main() -> ExitCode {
    let outcome = options::parse(lexopt::Parser::from_env()).and_then(|task| match task {
        Task::Parse(csv) => parse(&csv),
        Task::Load { port, path, options } => load(port, &path, &options),
        Task::Bench(options) => bench(&options),
    });
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn bench(options: &Options) -> Result<ExitCode> {
    fs::create_dir_all(&options.scratch)?;
    let mut text = format!(
        "# Measured\n\nWritten by `make bench`. Times are this machine's; what lasts are the ratios, all from \
         one interleaved run, and the instructions.\n\n{}",
        machine::table(&options.date, &options.tools)
    );
    let mut limits: Vec<Limit> = vec![];
    // Builds first: a process inherits the peak memory of the one that starts it, and callgrind's
    // logs and the zips make this one grow.
    let mut sections = vec![];
    if options.build {
        eprintln!("builds: {} of each program, then of a history", options.builds);
        sections.push(loading::section(options)?);
        sections.push(history::section(options)?);
    }
    if options.start {
        eprintln!("cold starts: {} of each function, then callgrind", options.starts);
        let (section, name) = cold::section(options)?;
        sections.push(section);
        sections.push(coding::section(options, &name)?);
    }
    if options.start {
        eprintln!("reads as of a version: callgrind");
        sections.push(past::section(options)?);
        eprintln!("embedded rows: callgrind");
        sections.push(embeds::section(options)?);
    }
    // Cold starts come first in the report, and what is measured with them.
    sections.rotate_right(4 * usize::from(options.start));
    if options.http {
        eprintln!("HTTP: {} runs of {} s for each server and question", options.rounds, options.seconds);
        sections.push(http::section(options)?);
    }
    if options.memory {
        eprintln!("memory: heavy requests");
        sections.push(memory::section(options)?);
    }
    for section in sections {
        write!(text, "\n{}", section.text)?;
        limits.extend(section.limits);
    }
    write!(text, "\n## Limits\n\n{}", limit::table(&limits))?;
    println!("{text}");
    match options.parts().all(|part| part) {
        true => fs::write(&options.output, &text)
            .with_context(|| format!("can't write {}", options.output.display()))?,
        false => eprintln!("part of the report only: {} stays as it is", options.output.display()),
    }
    let unknown = limits.iter().filter(|limit| limit.found.is_err()).count();
    if unknown > 0 {
        eprintln!("{unknown} of {} limits were not measured", limits.len());
    }
    let failed = limits.iter().filter(|limit| limit.failed()).count();
    if failed > 0 {
        eprintln!("error: {failed} of {} limits missed", limits.len());
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}

/// A part of the report, with what it has to hold.
struct Section {
    text: String,
    limits: Vec<Limit>,
}

fn load(port: u16, path: &str, options: &Options) -> Result<ExitCode> {
    let asked = load::Asked { port, path, rows: options.http_rows };
    let found = load::run(asked, Duration::from_secs(options.seconds))?;
    println!("{:.0} requests/s, 99th percentile {:.2} ms", found.requests, found.slow);
    Ok(ExitCode::SUCCESS)
}

fn parse(csv: &Path) -> Result<ExitCode> {
    let mut reader = csv::Reader::from_path(csv)?;
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record)? {}
    Ok(ExitCode::SUCCESS)
}
