//! The report on memory: what the heaviest requests take that a default configuration allows, over
//! a database much larger than the limit. Each is the only request of a server of its own.

use std::process::Command;

use anyhow::Result;

use crate::Section;
use crate::downloads;
use crate::http::build;
use crate::limit::{Limit, Side};
use crate::options::Options;
use crate::report::{Table, grouped, megabytes};
use crate::server::{Server, free_port};
use crate::shop;

/// What is asked: requests that read, sort, group, count or write as much as one can.
const HEAVY: [(&str, &str); 11] = [
    ("one row", "/documents/1"),
    ("the largest page", "/documents?limit=1000"),
    ("the largest page of embeds", "/folders?select=*,documents(*)&limit=1000"),
    ("deep offset", "/documents?offset=300000&limit=1000"),
    ("scan", "/documents?text=ilike.*no%20such%20text*"),
    ("regular expression", "/documents?text=imatch.(amber%20.*){5}number"),
    ("sort by a long text", "/documents?order=text.desc&limit=1000"),
    ("group by a long text", "/documents?select=text,count()&limit=1000"),
    ("a whole file", "/documents.csv"),
    ("a whole file, filtered", "/documents.ndjson?text=not.ilike.*no%20such%20text*"),
    ("aggregates over all rows", "/documents?select=count(),id.sum(),text.max(),title.min()"),
];

/// Measures and reports.
pub fn section(options: &Options) -> Result<Section> {
    let (server, builder) = match (&options.server, &options.builder) {
        (Some(server), Some(builder)) => (server, builder),
        _ => {
            let text = "## Memory\n\nNot measured: the reader is not built.\n".to_owned();
            return Ok(Section { text, limits: vec![limit(Err("the reader is not built".to_owned()))] });
        }
    };
    let shop = shop::documents(&options.scratch.join("documents"), options.memory_bytes)?;
    let release = build(builder, &shop, &options.scratch.join("documents-release"))?;
    let bytes = std::fs::metadata(release.join("data.db"))?.len();
    let mut table = Table::new(&["request", "path", "status", "answer, MB", "peak, MB"]);
    let mut worst = 0;
    for (name, path) in HEAVY {
        let port = free_port()?;
        let mut command = Command::new(server);
        command.arg(&release).arg("--listen").arg(format!("127.0.0.1:{port}"));
        let server = Server::start("reader", command, port, "/")?;
        let answer = server.get(path)?;
        let peak = server.peak()?;
        worst = worst.max(peak);
        table.row([
            name.to_owned(),
            format!("`{path}`"),
            answer.status.to_string(),
            megabytes(answer.body.len() as u64),
            megabytes(peak),
        ]);
    }
    let (ranges, of_ranges) = downloads::measure(server, &release)?;
    let text = format!(
        "## Memory\n\nThe largest resident set of a server that answered one request over a database of {} MB \
         ({} bytes), with a thread for each core. Pages that the kernel caches are not in it: SQLite reads, and \
         maps nothing.\n\n{table}\n{ranges}",
        bytes / 1_000_000,
        grouped(bytes)
    );
    let limits = [limit(Ok(worst as f64 / 1e6))].into_iter().chain(of_ranges).collect();
    Ok(Section { text, limits })
}

fn limit(found: Result<f64, String>) -> Limit {
    Limit { what: "peak MB of the heaviest request over 200 MB", side: Side::AtMost, limit: 64.0, found }
}
