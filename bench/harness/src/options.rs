//! The command line. `bench/run.sh` writes it; a person may, to measure one part alone.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lexopt::{Arg, Parser, ValueExt};

/// What to do.
#[derive(Debug)]
pub enum Task {
    /// Measure.
    Bench(Box<Options>),
    /// Parse a CSV and do nothing with it: the floor of what a check can reach.
    Parse(PathBuf),
    /// Ask a server that is running already.
    Load {
        /// Where, on 127.0.0.1.
        port: u16,
        /// What; `%` is another number of a row each time.
        path: String,
        /// How long, and how many rows there are.
        options: Box<Options>,
    },
}

/// What to measure, with what.
#[derive(Debug)]
pub struct Options {
    /// Measure cold starts.
    pub start: bool,
    /// Measure builds.
    pub build: bool,
    /// Measure the plain HTTP server.
    pub http: bool,
    /// Measure the memory of heavy requests.
    pub memory: bool,
    /// The date of the report.
    pub date: String,
    /// Where the datasets are.
    pub datasets: PathBuf,
    /// Where the references are built: the directory with `article`, `nothing`, `blocking`.
    pub references: PathBuf,
    /// The reader's bootstrap.
    pub reader: Option<PathBuf>,
    /// The release that goes with it: a directory with `data.db` and `manifest.json`.
    pub release: Option<PathBuf>,
    /// The plain HTTP server.
    pub server: Option<PathBuf>,
    /// The builder.
    pub builder: Option<PathBuf>,
    /// A Python virtual environment with the peers, and in its `node_modules` those of npm.
    pub tools: PathBuf,
    /// Where to work.
    pub scratch: PathBuf,
    /// The report.
    pub output: PathBuf,
    /// Cold starts of each function.
    pub starts: usize,
    /// Builds with each program.
    pub builds: usize,
    /// Rows of the generated CSV of the builds.
    pub rows: u64,
    /// Orders that the HTTP servers have.
    pub http_rows: u64,
    /// Runs of the load for each server and question.
    pub rounds: usize,
    /// How long each takes.
    pub seconds: u64,
    /// Bytes of documents for the memory's measurement.
    pub memory_bytes: u64,
}

impl Options {
    /// Whether each part is measured.
    pub fn parts(&self) -> impl Iterator<Item = bool> {
        [self.start, self.build, self.http, self.memory].into_iter()
    }
}

const USAGE: &str = "\
harness [start] [build] [http] [memory] [--date TEXT] [--datasets DIR] [--references DIR] [--reader FILE]
        [--server FILE] [--release DIR] [--builder FILE] [--tools DIR] [--scratch DIR] [--output FILE]
        [--starts N] [--builds N] [--rows N] [--http-rows N] [--rounds N] [--seconds N]
        [--memory-bytes N]
harness parse CSV
harness load PORT PATH [--seconds N] [--http-rows N]";

/// Reads the command line.
pub fn parse(mut arguments: Parser) -> Result<Task> {
    let mut options = Options {
        start: false,
        build: false,
        http: false,
        memory: false,
        date: "no date given".to_owned(),
        datasets: "datasets".into(),
        references: "target/bench/references".into(),
        reader: None,
        server: None,
        release: None,
        builder: None,
        tools: "target/tools/bench".into(),
        scratch: "target/bench".into(),
        output: "bench/results.md".into(),
        starts: 300,
        builds: 5,
        rows: 2_000_000,
        http_rows: 1_000_000,
        rounds: 3,
        seconds: 5,
        memory_bytes: 200_000_000,
    };
    let mut load = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Value(task) if task == "start" => options.start = true,
            Arg::Value(task) if task == "build" => options.build = true,
            Arg::Value(task) if task == "http" => options.http = true,
            Arg::Value(task) if task == "memory" => options.memory = true,
            Arg::Value(task) if task == "parse" => return Ok(Task::Parse(arguments.value()?.into())),
            Arg::Value(task) if task == "load" => {
                load = Some((arguments.value()?.parse()?, arguments.value()?.string()?));
            }
            Arg::Long("date") => options.date = arguments.value()?.string()?,
            Arg::Long("datasets") => options.datasets = arguments.value()?.into(),
            Arg::Long("references") => options.references = arguments.value()?.into(),
            Arg::Long("reader") => options.reader = present(arguments.value()?.into()),
            Arg::Long("server") => options.server = present(arguments.value()?.into()),
            Arg::Long("release") => options.release = present(arguments.value()?.into()),
            Arg::Long("builder") => options.builder = present(arguments.value()?.into()),
            Arg::Long("tools") => options.tools = arguments.value()?.into(),
            Arg::Long("scratch") => options.scratch = arguments.value()?.into(),
            Arg::Long("output") => options.output = arguments.value()?.into(),
            Arg::Long("starts") => options.starts = positive(arguments.value()?.parse()?)?,
            Arg::Long("builds") => options.builds = positive(arguments.value()?.parse()?)?,
            Arg::Long("rows") => options.rows = positive(arguments.value()?.parse()?)? as u64,
            Arg::Long("http-rows") => options.http_rows = positive(arguments.value()?.parse()?)? as u64,
            Arg::Long("rounds") => options.rounds = positive(arguments.value()?.parse()?)?,
            Arg::Long("seconds") => options.seconds = positive(arguments.value()?.parse()?)? as u64,
            Arg::Long("memory-bytes") => options.memory_bytes = positive(arguments.value()?.parse()?)? as u64,
            other => bail!("{}\n{USAGE}", other.unexpected()),
        }
    }
    if let Some((port, path)) = load {
        return Ok(Task::Load { port, path, options: Box::new(options) });
    }
    if options.parts().all(|part| !part) {
        (options.start, options.build, options.http, options.memory) = (true, true, true, true);
    }
    for path in [&mut options.datasets, &mut options.references, &mut options.tools, &mut options.scratch] {
        *path = absolute(path)?;
    }
    Ok(Task::Bench(Box::new(options)))
}

/// The absolute path of what exists; what does not is reported as absent in the tables.
fn present(path: PathBuf) -> Option<PathBuf> {
    path.canonicalize().ok()
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("`{}` is no path", path.display()))
}

fn positive(number: usize) -> Result<usize> {
    if number == 0 {
        bail!("0 is not enough");
    }
    Ok(number)
}
