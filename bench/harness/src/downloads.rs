//! The report on files: what a range of bytes costs beside a page that has as many.
//!
//! Costs are the CPU time of the server's threads, batch by batch in turn, so that both have the same machine.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::limit::{Limit, Side};
use crate::report::Table;
use crate::server::{Server, free_port};

/// Requests in a batch, and batches of each question.
const BATCH: u64 = 50;
const ROUNDS: u64 = 20;

/// Bytes of the large range.
const LARGE: u64 = 65_536;

/// The file, and one whose index the server has to make.
const FILE: &str = "/documents.csv";
const FILTERED: &str = "/documents.csv?id=gt.1";

/// A question: its name, and the request with that number.
type Question<'a> = (&'static str, Box<dyn Fn(u64) -> Request + 'a>);

struct Request {
    path: String,
    header: (&'static str, String),
    status: u16,
}

/// Measures a server of `release`.
pub fn measure(server: &Path, release: &Path) -> Result<(String, Vec<Limit>)> {
    let port = free_port()?;
    let mut command = Command::new(server);
    command.arg(release).arg("--listen").arg(format!("127.0.0.1:{port}"));
    let server = Server::start("reader", command, port, "/")?;
    let agent = ureq::Agent::new_with_config(
        ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(60))).build(),
    );
    let length = |path: &str| -> Result<u64> {
        let head = agent.head(server.url(path)).call()?;
        let length = head.headers().get("content-length").context("a file has no length")?;
        Ok(length.to_str()?.parse()?)
    };
    let (whole, filtered) = (length(FILE)?, length(FILTERED)?);
    let accept = || ("accept", "text/csv".to_owned());
    let page =
        |rows: u64| Request { path: format!("/documents?limit={rows}"), header: accept(), status: 200 };
    let hundred = ask(&agent, &server, &page(100))?;
    let range = |path: &'static str, length: u64, bytes: u64| {
        move |number: u64| {
            // Anywhere, the same in every run.
            let start = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % (length - bytes);
            let range = format!("bytes={start}-{}", start + bytes - 1);
            Request { path: path.to_owned(), header: ("range", range), status: 206 }
        }
    };
    let questions: [Question<'_>; 5] = [
        ("a page of 64 KiB", Box::new(|_| page(LARGE * 100 / hundred))),
        ("64 KiB anywhere in the file", Box::new(range(FILE, whole, LARGE))),
        ("64 KiB anywhere in a filtered file", Box::new(range(FILTERED, filtered, LARGE))),
        ("a page of one row", Box::new(|_| page(1))),
        ("4 bytes anywhere in the file", Box::new(range(FILE, whole, 4))),
    ];
    let mut cpu = [0; 5];
    for round in 0..ROUNDS {
        for ((_, request), cpu) in questions.iter().zip(&mut cpu) {
            let before = server.cpu()?;
            for number in round * BATCH..(round + 1) * BATCH {
                ask(&agent, &server, &request(number + 1))?;
            }
            *cpu += server.cpu()? - before;
        }
    }
    let mut table = Table::new(&["request", "CPU, us", "x the page"]);
    let ratio = |index: usize| cpu[index] as f64 / cpu[if index < 3 { 0 } else { 3 }] as f64;
    for (index, (name, _)) in questions.iter().enumerate() {
        let each = cpu[index] as f64 / 1000.0 / (BATCH * ROUNDS) as f64;
        table.row([(*name).to_owned(), format!("{each:.0}"), format!("{:.2}", ratio(index))]);
    }
    let text = format!(
        "### Ranges of files\n\nCPU time of the server for a request over one connection, mean of {} each in {ROUNDS} \
         batches in turn. Pages are CSV, as the file is, which has {whole} bytes.\n\n{table}",
        BATCH * ROUNDS
    );
    let at_most = |what, index| Limit { what, side: Side::AtMost, limit: 3.0, found: Ok(ratio(index)) };
    let limits = vec![
        at_most("64 KiB of a file, x a page of the same bytes", 1),
        at_most("64 KiB of a filtered file, x a page of the same bytes", 2),
        at_most("4 bytes of a file, x a page of one row", 4),
    ];
    Ok((text, limits))
}

/// The body's length.
fn ask(agent: &ureq::Agent, server: &Server, request: &Request) -> Result<u64> {
    let (name, value) = &request.header;
    let mut answer = agent.get(server.url(&request.path)).header(*name, value).call()?;
    ensure!(answer.status() == request.status, "{} for {}", answer.status(), request.path);
    Ok(answer.body_mut().with_config().limit(1 << 30).read_to_vec()?.len() as u64)
}
