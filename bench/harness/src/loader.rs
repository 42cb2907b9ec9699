//! The build bench: ours and its peers, each from the same CSV to a file of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rusqlite::{Connection, OpenFlags};
use wait4::Wait4;

use crate::instructions;
use crate::sample::Sample;

/// What a program is and how to run it.
#[derive(Debug)]
pub struct Loader {
    /// Its name in the table.
    pub name: &'static str,
    /// Rows and bytes of its input, which may be less than the sample.
    pub rows: u64,
    /// See `rows`.
    pub bytes: u64,
    /// The peer that it is compared with: an index into the list.
    pub beside: Option<usize>,
    /// How to run it; what is missing, if it can't be.
    pub run: Result<Run, String>,
}

/// One way to run a program.
#[derive(Debug)]
pub struct Run {
    /// The program and its arguments.
    pub program: Vec<String>,
    /// What it writes: removed before each run.
    pub output: Option<PathBuf>,
    /// The SQLite file and table whose rows are counted afterwards.
    pub counted: Option<(PathBuf, &'static str)>,
}

/// One run.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// From spawn to exit.
    pub time: Duration,
    /// User and system time of all its threads.
    pub cpu: Duration,
    /// The largest resident set, in bytes.
    pub peak: u64,
}

/// Where the programs are.
#[derive(Debug)]
pub struct Programs<'a> {
    /// The `builder` binary.
    pub builder: Option<&'a Path>,
    /// The directory with the virtual environment of the peers written in Python.
    pub tools: &'a Path,
    /// Where outputs go.
    pub scratch: &'a Path,
}

/// `.import`'s place in the list: what a build is compared with.
pub const IMPORT: usize = 0;
/// `.import` with an index, likewise.
pub const IMPORT_INDEXED: usize = 1;
/// The csv crate's place: what a check is compared with.
pub const PARSE: usize = 2;
/// Ours, for the limits: without and with an index, and a check.
pub const BUILD: usize = 3;
/// See `BUILD`.
pub const BUILD_INDEXED: usize = 4;
/// See `BUILD`.
pub const CHECK: usize = 5;
/// DuckDB's place.
pub const DUCKDB_FILE: usize = 6;
/// sqlite-utils' place.
pub const SQLITE_UTILS: usize = 7;

/// Not STRICT: `.import` writes an empty text where an amount is missing.
const SCHEMA: &str = "CREATE TABLE rows (id INTEGER PRIMARY KEY, title TEXT NOT NULL, amount REAL, category TEXT NOT NULL, day TEXT)";
const INDEX: &str = "CREATE INDEX rows_category ON rows (category)";

/// Rows that sqlite-utils gets: it takes minutes for all of them.
const SMALL: u64 = 20_000;

/// Every program, present or not.
pub fn loaders(sample: &Sample, small: &Sample, programs: &Programs<'_>) -> Result<Vec<Loader>> {
    let whole = |name, beside, run| Loader { name, rows: sample.rows, bytes: sample.bytes, beside, run };
    let builder = |arguments: &[&Path], output: Option<&str>| {
        let Some(builder) = programs.builder else { return Err("not built".to_owned()) };
        let output = output.map(|output| programs.scratch.join(output));
        let mut program = vec![text(builder)];
        program.extend(arguments.iter().map(|argument| text(argument)));
        if let Some(output) = &output {
            program.extend(["-o".to_owned(), text(output)]);
        }
        let counted = output.as_ref().map(|output| (output.join("data.db"), "rows"));
        Ok(Run { program, output, counted })
    };
    let [build, check, quiet] = ["build", "check", "--quiet"].map(Path::new);
    let own = std::env::current_exe()?;
    let parse =
        Run { program: vec![text(&own), "parse".to_owned(), text(&sample.csv)], output: None, counted: None };
    let duckdb = python(programs, "python", "duckdb").map(|python| {
        let output = programs.scratch.join("duckdb.db");
        let program = vec![python, "-c".to_owned(), DUCKDB.to_owned(), text(&output), text(&sample.csv)];
        Run { program, output: Some(output), counted: None }
    });
    let sqlite_utils = python(programs, "sqlite-utils", "sqlite_utils").map(|program| {
        let output = programs.scratch.join("sqlite-utils.db");
        let arguments =
            ["insert", &text(&output), "rows", &text(&small.csv), "--csv", "--pk", "id", "--silent"];
        let program = std::iter::once(program).chain(arguments.map(str::to_owned)).collect();
        Run { program, output: Some(output.clone()), counted: Some((output, "rows")) }
    });
    Ok(vec![
        whole("sqlite3 .import", None, import(sample, programs, "import.db", "")),
        whole("sqlite3 .import, CREATE INDEX", None, import(sample, programs, "indexed.db", INDEX)),
        whole("csv crate, parse only", None, Ok(parse)),
        whole("builder build", Some(IMPORT), builder(&[build, &sample.plain, quiet], Some("plain"))),
        whole(
            "builder build, foreign key",
            Some(IMPORT_INDEXED),
            builder(&[build, &sample.indexed, quiet], Some("indexed")),
        ),
        whole("builder check", Some(PARSE), builder(&[check, &sample.plain, quiet], None)),
        whole("DuckDB, to its own file, no key", Some(IMPORT), duckdb),
        Loader {
            name: "sqlite-utils insert --csv, detecting types",
            rows: small.rows,
            bytes: small.bytes,
            beside: Some(IMPORT),
            run: sqlite_utils,
        },
    ])
}

/// The sample that stands in for the whole where a program is too slow for it.
pub fn small_rows(rows: u64) -> u64 {
    rows.min(SMALL)
}

/// Runs every program `rounds` times, interleaved. The result is in the order of `loaders`.
pub fn measure(loaders: &[Loader], rounds: usize) -> Result<Vec<Vec<Load>>> {
    let mut loads = vec![vec![]; loaders.len()];
    for _ in 0..rounds {
        for (loader, loads) in loaders.iter().zip(&mut loads) {
            if let Ok(run) = &loader.run {
                loads.push(load(run, loader.rows).with_context(|| format!("`{}`", loader.name))?);
            }
        }
    }
    Ok(loads)
}

/// The instructions that each program takes for a row, in all its threads: of the native programs up to `CHECK`. The result is in the order of `loaders`, which get a small sample.
pub fn count(loaders: &[Loader], scratch: &Path) -> Result<Vec<Option<u64>>> {
    let is_counted = instructions::valgrind().is_some();
    let count = |(index, loader): (usize, &Loader)| match &loader.run {
        Ok(run) if is_counted && index <= CHECK => {
            run.output.as_deref().map_or(Ok(()), remove)?;
            let found = instructions::of_program(&run.program, scratch)?;
            run.output.as_deref().map_or(Ok(()), remove)?;
            Ok(Some(found / loader.rows))
        }
        _ => Ok(None),
    };
    loaders.iter().enumerate().map(count).collect()
}

fn load(run: &Run, rows: u64) -> Result<Load> {
    if let Some(output) = &run.output {
        remove(output)?;
    }
    let started = Instant::now();
    let mut command = Command::new(&run.program[0]);
    command.args(&run.program[1..]).stdin(Stdio::null()).stdout(Stdio::null());
    let used = command.spawn()?.wait4()?;
    let time = started.elapsed();
    if !used.status.success() {
        bail!("it failed: {}", used.status);
    }
    if let Some((database, table)) = &run.counted {
        let database = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let found: i64 =
            database.query_one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
        if u64::try_from(found) != Ok(rows) {
            bail!("it wrote {found} rows of {rows}");
        }
    }
    if let Some(output) = &run.output {
        remove(output)?;
    }
    Ok(Load { time, cpu: used.rusage.utime + used.rusage.stime, peak: used.rusage.maxrss })
}

fn import(sample: &Sample, programs: &Programs<'_>, output: &str, index: &str) -> Result<Run, String> {
    if !present("sqlite3", "-version") {
        return Err("sqlite3 is not installed".to_owned());
    }
    let output = programs.scratch.join(output);
    let mut program = vec!["sqlite3".to_owned(), "-bail".to_owned(), text(&output), SCHEMA.to_owned()];
    program.push(format!(".import --csv --skip 1 \"{}\" rows", text(&sample.csv)));
    program.push(index.to_owned());
    Ok(Run { program, output: Some(output.clone()), counted: Some((output, "rows")) })
}

const DUCKDB: &str = "
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute('''CREATE TABLE rows AS SELECT * FROM read_csv(?, header = true, columns = {
  'id': 'BIGINT', 'title': 'VARCHAR', 'amount': 'DOUBLE', 'category': 'VARCHAR', 'day': 'DATE'})''', [sys.argv[2]])
connection.close()
";

/// The path of a program in the peers' virtual environment that has `module`.
fn python(programs: &Programs<'_>, program: &str, module: &str) -> Result<String, String> {
    let bin = programs.tools.join("bin");
    let python = text(&bin.join("python"));
    match Command::new(&python).args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(text(&bin.join(program))),
        _ => Err(format!("{} is not installed", module.replace('_', "-"))),
    }
}

fn present(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("can't remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
