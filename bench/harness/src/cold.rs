//! The report on cold starts.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::function::{Function, Question, reference_database};
use crate::instructions::{self, Instructions};
use crate::limit::{Limit, Side};
use crate::options::Options;
use crate::report::{Table, grouped, median, megabytes, milliseconds};
use crate::start::PageCache;
use crate::{Section, start, symbols, tables};

/// Warm invocations that are timed, in one process.
const WARM: usize = 2_000;

const OURS: &str = "reader";
/// The same asked for fifty rows: the way of every request that is not for one row by its key.
const PAGE: &str = "reader, GET /products?limit=50";
/// The page of these rows that a browser gets.
const HTML: &str = "reader, the same as a page for browsers";
/// The same with releases of so many tables, each with an index.
const MANY: [(usize, &str); 3] =
    [(2, "reader, 2 tables"), (50, "reader, 50 tables"), (250, "reader, 250 tables")];
const NOTHING: &str = "lambda_runtime, does nothing";
const BLOCKING: &str = "blocking client, rusqlite";
const ARTICLE: &str = "axum, sqlx, lambda_http";

/// What a page for browsers may take, as a multiple of the same rows as JSON.
const PAGE_INSTRUCTIONS: f64 = 2.0;
const PAGE_START: f64 = 1.8;
const PAGE_KILOBYTES: f64 = 200.0;

/// What the limits are made from.
struct Measured {
    name: &'static str,
    total: f64,
    instructions: Result<u64, String>,
    warm: Result<u64, String>,
    /// In bytes, as it is and in its package.
    binary: u64,
    packaged: u64,
}

/// Measures and reports; with the name of the product that is asked for.
pub fn section(options: &Options) -> Result<(Section, String)> {
    let (functions, name) = functions(options)?;
    let starts = start::measure(&functions, PageCache::Warm, options.starts, &name)?;
    let uncached = start::measure(&functions, PageCache::Cold, options.starts.div_ceil(5), &name)?;
    let nothing = functions.iter().position(|each| each.name == NOTHING).context("always there")?;
    let base = median(starts[nothing].iter().map(|each| each.to_poll + each.to_answer));
    let valgrind = instructions::valgrind();
    let mut table = Table::new(&[
        "function",
        "to first poll, ms",
        "to first answer, ms",
        "total, ms",
        "x nothing",
        "uncached, ms",
        "CPU, ms",
        "minor faults",
        "instructions, K",
        "warm, us",
        "warm instructions, K",
        "binary, MB",
        "packaged, MB",
    ]);
    let mut results = vec![];
    if options.reader.is_none() || options.release.is_none() {
        table.row([OURS.to_owned(), "absent: not built".to_owned()]);
    }
    for ((function, starts), uncached) in functions.iter().zip(&starts).zip(&uncached) {
        let total = median(starts.iter().map(|each| each.to_poll + each.to_answer));
        let counted = match &valgrind {
            Some(_) => Ok(instructions::measure(function, &options.scratch, &name)
                .with_context(|| format!("`{}` under callgrind", function.name))?),
            None => Err("valgrind is not installed".to_owned()),
        };
        let thousands = |count: fn(&Instructions) -> u64| {
            counted.as_ref().map_or("no valgrind".to_owned(), |counted| grouped(count(counted) / 1000))
        };
        let warm =
            median(start::warm(function, WARM, &name).with_context(|| format!("`{}`, warm", function.name))?);
        let (binary, packaged) = function.sizes()?;
        table.row([
            function.name.to_owned(),
            milliseconds(median(starts.iter().map(|each| each.to_poll))),
            milliseconds(median(starts.iter().map(|each| each.to_answer))),
            milliseconds(total),
            format!("{:.2}", total.as_secs_f64() / base.as_secs_f64()),
            milliseconds(median(uncached.iter().map(|each| each.to_poll + each.to_answer))),
            milliseconds(median(starts.iter().map(|each| each.cpu))),
            grouped(median(starts.iter().map(|each| each.minor_faults))),
            thousands(|counted| counted.start),
            format!("{:.1}", warm.as_secs_f64() * 1e6),
            thousands(|counted| counted.warm),
            megabytes(binary),
            megabytes(packaged),
        ]);
        let warm = counted.as_ref().map(|counted| counted.warm).map_err(String::clone);
        let instructions = counted.map(|counted| counted.start);
        results.push(Measured {
            name: function.name,
            total: total.as_secs_f64(),
            instructions,
            warm,
            binary,
            packaged,
        });
    }
    let text = format!(
        "## Cold start\n\nFrom spawning the process to its first answer to `GET /products/42`, over a Runtime API on \
         loopback with a warm page cache. Medians of {} interleaved starts; uncached, of a \
         fifth as many with the function's files out of the page cache. CPU time is user and system time of the \
         process, page faults those until the first answer, instructions those in user mode under callgrind. A warm \
         invocation goes from the event sent to the answer received (median of {WARM}).\n\n{table}",
        options.starts
    );
    let pages = match &options.reader {
        Some(reader) => symbols::of_pages(reader),
        None => Err("the reader is not built".to_owned()),
    };
    let mut limits = limits(&results);
    limits.push(Limit {
        what: "the part of the binary that only pages need, KB",
        side: Side::AtMost,
        limit: PAGE_KILOBYTES,
        found: pages.map(|bytes| bytes as f64 / 1e3),
    });
    Ok((Section { text, limits }, name))
}

/// The functions, laid out, and the name of the product that they have to answer with.
fn functions(options: &Options) -> Result<(Vec<Function>, String)> {
    let scratch = options.scratch.join("functions");
    fs::create_dir_all(&scratch)?;
    let database = scratch.join("data.db");
    let name = reference_database(&options.datasets.join("products/products.csv"), &database)?;
    let reference = |name, reads, file: &str| {
        let files: &[PathBuf] = if reads { std::slice::from_ref(&database) } else { &[] };
        Function::lay_out(name, reads, scratch.join(file), &options.references.join(file), files)
    };
    let mut functions = vec![
        reference(NOTHING, false, "nothing")?,
        reference(BLOCKING, true, "blocking")?,
        reference(ARTICLE, true, "article")?,
    ];
    if let (Some(reader), Some(release)) = (&options.reader, &options.release) {
        let files = ["data.db", "manifest.json"].map(|file| release.join(file));
        functions.insert(0, Function::lay_out(OURS, true, scratch.join("reader"), reader, &files)?);
        let page = Function::lay_out(PAGE, true, scratch.join("reader-page"), reader, &files)?;
        functions.push(Function { question: Question::Page, ..page });
        let html = Function::lay_out(HTML, true, scratch.join("reader-html"), reader, &files)?;
        functions.push(Function { question: Question::Html, ..html });
        if let Some(builder) = &options.builder {
            for (tables, name) in MANY {
                let release = tables::release(builder, &options.datasets.join("products"), tables, &scratch)?;
                let files = ["data.db", "manifest.json"].map(|file| release.join(file));
                let root = scratch.join(format!("reader-{tables}"));
                functions.push(Function::lay_out(name, true, root, reader, &files)?);
            }
        }
    }
    Ok((functions, name))
}

fn limits(results: &[Measured]) -> Vec<Limit> {
    let find =
        |name| results.iter().find(|each| each.name == name).ok_or("the reader is not built".to_owned());
    let ratio = |over, under| {
        let (over, under): (&Measured, &Measured) = (find(over)?, find(under)?);
        Ok(over.total / under.total)
    };
    let instructions = find(OURS).and_then(|ours| ours.instructions.clone());
    let warm = |name| find(name).and_then(|ours| ours.warm.clone());
    let page = warm(HTML).and_then(|html| Ok(html as f64 / warm(PAGE)? as f64));
    vec![
        Limit {
            what: "cold start, times the function that does nothing",
            side: Side::AtMost,
            limit: 1.25,
            found: ratio(OURS, NOTHING),
        },
        Limit {
            what: "cold start, million user instructions",
            side: Side::AtMost,
            limit: 0.50,
            found: instructions.map(|count| count as f64 / 1e6),
        },
        Limit {
            what: "cold start, times faster than axum, sqlx, lambda_http",
            side: Side::AtLeast,
            limit: 2.2,
            found: ratio(ARTICLE, OURS),
        },
        Limit {
            what: "a later read by key, thousand user instructions",
            side: Side::AtMost,
            limit: 110.0,
            found: warm(OURS).map(|count| count as f64 / 1e3),
        },
        Limit {
            what: "the binary, MB",
            side: Side::AtMost,
            limit: 4.2,
            found: find(OURS).map(|ours| ours.binary as f64 / 1e6),
        },
        Limit {
            what: "the binary in its package, MB",
            side: Side::AtMost,
            limit: 2.0,
            found: find(OURS).map(|ours| ours.packaged as f64 / 1e6),
        },
        Limit {
            what: "a later page for browsers, times the instructions of the same 50 rows as JSON",
            side: Side::AtMost,
            limit: PAGE_INSTRUCTIONS,
            found: page,
        },
        Limit {
            what: "cold start with a page for browsers, times that with the same rows as JSON",
            side: Side::AtMost,
            limit: PAGE_START,
            found: ratio(HTML, PAGE),
        },
    ]
}
