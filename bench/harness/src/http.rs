//! The report on the plain HTTP server: requests per second beside the same server's constant reply
//! and the peers, and how SQLite goes about ours.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::fs::{Advice, fadvise};

use crate::Section;
use crate::limit::{Limit, Side};
use crate::load::{self, Asked, Load};
use crate::options::Options;
use crate::peers::{self, PAGE, Peer, Question};
use crate::report::{Table, grouped};
use crate::server::Server;
use crate::shop::{self, Shop};

const OURS: &str = "reader";
const CONSTANT: &str = "the same server, constant reply";
const DATASETTE: &str = "Datasette";
const ROAPI: &str = "ROAPI";
const SOUL: &str = "soul";

/// The servers that answer, and why the others do not.
struct Servers {
    constant: Option<Server>,
    peers: Vec<Peer>,
    absent: Vec<(&'static str, String)>,
}

/// One server, one question: the medians of its rounds.
struct Measured {
    server: &'static str,
    question: Question,
    load: Load,
}

/// Measures and reports.
pub fn section(options: &Options) -> Result<Section> {
    let rows = options.http_rows;
    let wanted = match (&options.server, &options.builder) {
        (Some(server), Some(builder)) => Ok((server, builder)),
        _ => Err("the reader is not built".to_owned()),
    };
    let (server, builder) = match wanted {
        Ok(programs) => programs,
        Err(reason) => {
            let text = format!("## HTTP\n\nNot measured: {reason}.\n");
            return Ok(Section { text, limits: limits(&[], &reason) });
        }
    };
    let shop = shop::orders(&options.scratch.join("orders"), rows)?;
    let release = build(builder, &shop, &options.scratch.join("orders-release"))?;
    let servers = start(options, server, &release, &shop)?;
    let measured = measure(&servers, options)?;
    let text = format!(
        "## HTTP\n\nRequests per second over loopback, server and load on the same cores (2 threads, 16 connections), \
         {} orders of {} customers. Medians of {} interleaved runs of {} s after one of a second; all servers run all \
         the time. A read by key is of another row each time. The reader, Datasette (immutable) and soul each \
         have a copy of the same database, keys and indexes included, ROAPI the CSV in memory. The constant reply is one of ours by key, \
         headers and all.\n\n{}\n### Time to the answer, 99th percentile, ms\n\n{}\n### How SQLite goes about \
         ours\n\n{}",
        grouped(rows),
        grouped(shop::customers(rows)),
        options.rounds,
        options.seconds,
        table(&servers, &measured, |load| match load.requests {
            few if few < 100.0 => format!("{few:.1}"),
            many => grouped(many as u64),
        }),
        table(&servers, &measured, |load| format!("{:.2}", load.slow)),
        plans(&release, rows)?
    );
    let absent: Vec<String> = servers.absent.iter().map(|(name, why)| format!("{name}: {why}")).collect();
    let reason = if absent.is_empty() { "absent".to_owned() } else { absent.join("; ") };
    Ok(Section { text, limits: limits(&measured, &reason) })
}

/// Builds a release of the generated datasets.
pub fn build(builder: &Path, shop: &Shop, release: &Path) -> Result<PathBuf> {
    let status = Command::new(builder)
        .arg("build")
        .arg(&shop.datasets)
        .arg("--quiet")
        .arg("-o")
        .arg(release)
        .status()?;
    if !status.success() {
        bail!("building {} failed: {status}", shop.datasets.display());
    }
    Ok(release.to_owned())
}

fn start(options: &Options, server: &Path, release: &Path, shop: &Shop) -> Result<Servers> {
    let rows = options.http_rows;
    let own = options.scratch.join("orders-copy");
    fs::create_dir_all(&own)?;
    fs::copy(release.join("manifest.json"), own.join("manifest.json"))?;
    copy(release, &own.join("data.db"))?;
    let ours = peers::reader(server, &own, rows)?;
    let mut servers = Servers { constant: None, peers: vec![], absent: vec![] };
    match peers::constant(&options.references.join("constant"), &ours.server, &options.scratch) {
        Ok(constant) => servers.constant = Some(constant),
        Err(why) => servers.absent.push((CONSTANT, format!("{why:#}"))),
    }
    servers.peers.push(ours);
    let copy = |name: &str| -> Result<PathBuf> {
        let path = options.scratch.join(name);
        copy(release, &path)?;
        Ok(path)
    };
    let peers = [
        (DATASETTE, peers::datasette(&options.tools, &copy("datasette.db")?, rows)),
        (ROAPI, peers::roapi(&options.tools, shop, rows)),
        (SOUL, peers::soul(&options.tools, &copy("soul.db")?, rows)),
    ];
    for (name, peer) in peers {
        match peer {
            Ok(peer) => servers.peers.push(peer),
            Err(why) => servers.absent.push((name, format!("{why:#}"))),
        }
    }
    for peer in &servers.peers {
        peer.agrees_with(&servers.peers[0], rows)?;
    }
    Ok(servers)
}

/// Copies the release's database, and reads the copy in one go once the page cache has forgotten it:
/// how pages lie in the cache depends on how they came there, and shall be the same for everyone.
fn copy(release: &Path, path: &Path) -> Result<()> {
    let failed = || format!("can't write {}", path.display());
    fs::copy(release.join("data.db"), path).with_context(failed)?;
    let mut file = File::open(path)?;
    file.sync_all()?; // only what is on disk can be forgotten
    fadvise(&file, 0, None, Advice::DontNeed)?;
    io::copy(&mut file, &mut io::sink())?;
    Ok(())
}

fn measure(servers: &Servers, options: &Options) -> Result<Vec<Measured>> {
    // What is asked, in the order in which a round goes through it.
    let mut asked = vec![];
    for question in Question::ALL {
        if let (Some(constant), Question::Row) = (&servers.constant, question) {
            asked.push((constant, question, "/orders/%"));
        }
        for peer in &servers.peers {
            if let Some(path) = peer.path(question) {
                asked.push((&peer.server, question, path));
            }
        }
    }
    let run = |server: &Server, path, seconds| {
        let asked = Asked { port: server.port, path, rows: options.http_rows };
        load::run(asked, Duration::from_secs(seconds)).with_context(|| format!("{}, {path}", server.name))
    };
    let mut loads = vec![vec![]; asked.len()];
    for (server, _, path) in &asked {
        run(server, path, 1)?;
    }
    for _ in 0..options.rounds {
        for ((server, _, path), loads) in asked.iter().zip(&mut loads) {
            loads.push(run(server, path, options.seconds)?);
        }
    }
    Ok(asked
        .iter()
        .zip(loads)
        .map(|((server, question, _), loads)| Measured {
            server: server.name,
            question: *question,
            load: Load {
                requests: middle(loads.iter().map(|load| load.requests)),
                slow: middle(loads.iter().map(|load| load.slow)),
            },
        })
        .collect())
}

/// The median; the upper one of an even number.
fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn table(servers: &Servers, measured: &[Measured], show: impl Fn(&Load) -> String) -> Table {
    let mut head = vec!["server"];
    head.extend(Question::ALL.map(Question::name));
    let mut table = Table::new(&head);
    let constant = servers.constant.iter();
    for server in servers.peers.iter().map(|peer| &peer.server).chain(constant) {
        let mut row = vec![server.name.to_owned()];
        row.extend(
            Question::ALL.map(|question| find(measured, server.name, question).map_or("".into(), &show)),
        );
        table.row(row);
    }
    for (name, why) in &servers.absent {
        table.row([(*name).to_owned(), format!("absent: {why}")]);
    }
    table
}

fn find<'a>(measured: &'a [Measured], server: &str, question: Question) -> Option<&'a Load> {
    measured.iter().find(|each| each.server == server && each.question == question).map(|each| &each.load)
}

/// The plans of our paths, as a code block.
fn plans(release: &Path, rows: u64) -> Result<String> {
    let reader = reader::Reader::new(reader::Release::open(release)?, reader::Config::default());
    let mut text =
        "A row by its key and a page in the file's order are read without SQLite, from the b-trees' pages, \
                    where the key allows it; this is what SQLite would do. The last plan of a page with a filter is that of `Prefer: \
                    count=exact`; without one the catalog has the total.\n\n```text\n"
            .to_owned();
    for path in peers::our_paths(rows) {
        let path = path.replace('%', "42");
        let (table, query) = path.split_once('?').unwrap_or((&path, ""));
        let headers = reader::Headers::default();
        let request = reader::RawRequest { method: "GET", path: table, query, headers };
        let statements =
            reader.inspect(&request).map_err(|error| anyhow::anyhow!("{path}: {}", error.to_json()))?;
        text.push_str(&format!("GET {path}\n"));
        for statement in statements {
            text.push_str(&format!("  {}\n", statement.text));
            for line in statement.plan {
                text.push_str(&format!("    {line}\n"));
            }
        }
    }
    text.push_str("```\n");
    Ok(text)
}

fn limits(measured: &[Measured], reason: &str) -> Vec<Limit> {
    let ratio = |question, peer| {
        let (ours, theirs) = (find(measured, OURS, question), find(measured, peer, question));
        match (ours, theirs) {
            (Some(ours), Some(theirs)) => Ok(ours.requests / theirs.requests),
            _ => Err(reason.to_owned()),
        }
    };
    let limit = |what, limit, found| Limit { what, side: Side::AtLeast, limit, found };
    vec![
        limit("by key, share of the constant reply's requests/s", 0.80, ratio(Question::Row, CONSTANT)),
        limit("100 rows, times Datasette's requests/s", 60.0, ratio(Question::Page, DATASETTE)),
        limit("100 rows as HTML, times Datasette's pages/s", 40.0, ratio(Question::Html, DATASETTE)),
        limit("100 rows, times ROAPI's requests/s", 10.0, ratio(Question::Page, ROAPI)),
        limit("100 rows, times soul's requests/s", 10.0, ratio(Question::Page, SOUL)),
    ]
}

const _: () = assert!(PAGE == 100, "the questions' names say 100");
