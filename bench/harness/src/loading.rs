//! The report on builds.

use anyhow::Result;

use crate::Section;
use crate::limit::{Limit, Side};
use crate::loader::{
    self, BUILD, BUILD_INDEXED, CHECK, DUCKDB_FILE, IMPORT, IMPORT_INDEXED, Load, Loader, PARSE, Programs,
    SQLITE_UTILS,
};
use crate::options::Options;
use crate::report::{Table, grouped, median};
use crate::sample;

/// Medians of one program's runs.
struct Measured {
    seconds: f64,
    cpu_seconds: f64,
    rows_per_second: f64,
    megabytes_per_second: f64,
    peak_megabytes: f64,
}

/// Measures and reports.
pub fn section(options: &Options) -> Result<Section> {
    let whole = sample::generate(&options.scratch.join("sample"), options.rows)?;
    let small = sample::generate(&options.scratch.join("small-sample"), loader::small_rows(options.rows))?;
    let programs =
        Programs { builder: options.builder.as_deref(), tools: &options.tools, scratch: &options.scratch };
    let loaders = loader::loaders(&whole, &small, &programs)?;
    let loads = loader::measure(&loaders, options.builds)?;
    let results: Vec<Option<Measured>> =
        loaders.iter().zip(&loads).map(|(loader, loads)| measured(loader, loads)).collect();
    let instructions = loader::count(&loader::loaders(&small, &small, &programs)?, &options.scratch)?;
    let text = format!(
        "## Build\n\nFrom one CSV of {} rows and {:.0} MB (integer key, text, number, category, date) to a file of \
         each program's own; `check` and the csv crate write nothing. Medians of {} interleaved runs, from spawn to \
         exit; peak is the largest resident set, \
         in which the harness's own few MB are a floor. Speed is in rows per second, as a multiple of the program beside. \
         Peers check nothing that their column types do not, and write no digests. sqlite-utils gets {} rows, since it \
         would take minutes for all. Instructions are those of {} rows under callgrind, in user mode, \
         start included. It emulates a processor without instructions for SHA-256, so digests count several times \
         what they take.\n\n{}",
        grouped(whole.rows),
        whole.bytes as f64 / 1e6,
        options.builds,
        grouped(small.rows),
        grouped(small.rows),
        table(&loaders, &results, &instructions)
    );
    Ok(Section { text, limits: limits(&loaders, &results) })
}

fn measured(loader: &Loader, loads: &[Load]) -> Option<Measured> {
    if loads.is_empty() {
        return None;
    }
    let seconds = median(loads.iter().map(|load| load.time)).as_secs_f64();
    Some(Measured {
        seconds,
        cpu_seconds: median(loads.iter().map(|load| load.cpu)).as_secs_f64(),
        rows_per_second: loader.rows as f64 / seconds,
        megabytes_per_second: loader.bytes as f64 / 1e6 / seconds,
        peak_megabytes: median(loads.iter().map(|load| load.peak)) as f64 / 1e6,
    })
}

fn table(loaders: &[Loader], results: &[Option<Measured>], instructions: &[Option<u64>]) -> Table {
    let mut table = Table::new(&[
        "program",
        "rows",
        "s",
        "CPU, s",
        "rows/s",
        "MB/s",
        "peak, MB",
        "instructions/row",
        "speed",
        "beside",
    ]);
    for (index, loader) in loaders.iter().enumerate() {
        let mut row = vec![loader.name.to_owned(), grouped(loader.rows)];
        match (&loader.run, &results[index]) {
            (Err(reason), _) => row.push(format!("absent: {reason}")),
            (Ok(_), None) => row.push("not run".to_owned()),
            (Ok(_), Some(result)) => row.extend([
                format!("{:.2}", result.seconds),
                format!("{:.2}", result.cpu_seconds),
                grouped(result.rows_per_second as u64),
                format!("{:.1}", result.megabytes_per_second),
                format!("{:.1}", result.peak_megabytes),
                instructions[index].map(grouped).unwrap_or_default(),
            ]),
        }
        if let Some(peer) = loader.beside
            && let Ok(speed) = speed(results, index, peer)
        {
            row.extend([format!("{speed:.2} x"), loaders[peer].name.to_owned()]);
        }
        table.row(row);
    }
    table
}

/// How many times as fast as `peer` a program is; why that is not known, if it is not.
fn speed(results: &[Option<Measured>], index: usize, peer: usize) -> Result<f64, String> {
    match (&results[index], &results[peer]) {
        (Some(result), Some(peer)) => Ok(result.rows_per_second / peer.rows_per_second),
        _ => Err("one of the two is absent".to_owned()),
    }
}

fn limits(loaders: &[Loader], results: &[Option<Measured>]) -> Vec<Limit> {
    let peak = |index: usize| results[index].as_ref().map(|result| result.peak_megabytes);
    let absent = || loaders[BUILD].run.as_ref().err().cloned().unwrap_or_default();
    let speed = |what, limit, ours, peer| Limit {
        what,
        side: Side::AtLeast,
        limit,
        found: speed(results, ours, peer),
    };
    vec![
        speed("build, times as fast as `sqlite3` `.import`", 4.0, BUILD, IMPORT),
        speed(
            "build with an index, times as fast as `.import` and `CREATE INDEX`",
            3.0,
            BUILD_INDEXED,
            IMPORT_INDEXED,
        ),
        speed("build, times as fast as DuckDB into its own file", 1.0, BUILD, DUCKDB_FILE),
        speed("build, times as fast as `sqlite-utils insert`", 40.0, BUILD, SQLITE_UTILS),
        speed("check, share of the csv crate's speed without any checks", 0.65, CHECK, PARSE),
        Limit {
            what: "build, peak MB",
            side: Side::AtMost,
            limit: 32.0,
            found: peak(BUILD).zip(peak(BUILD_INDEXED)).map(|(one, other)| one.max(other)).ok_or_else(absent),
        },
    ]
}
