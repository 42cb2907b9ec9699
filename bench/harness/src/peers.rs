//! The HTTP servers that are measured: ours, the constant reply and the peers, with the paths that
//! ask each of them for the same rows.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::server::{Server, free_port};
use crate::shop::Shop;

/// What is asked of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// A row by its key, another one each time.
    Row,
    /// The first hundred rows.
    Page,
    /// A hundred rows of the second half with an early customer, the latest first.
    Filtered,
    /// A hundred customers with the orders of each.
    Embedded,
    /// The first hundred rows as a page for browsers.
    Html,
}

/// A server with its paths; `%` stands for a key.
#[derive(Debug)]
pub struct Peer {
    /// The server.
    pub server: Server,
    row: String,
    page: String,
    filtered: String,
    embedded: Option<String>,
    html: Option<String>,
}

/// How many rows a page has.
pub const PAGE: usize = 100;

impl Question {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Row, Self::Page, Self::Filtered, Self::Embedded, Self::Html];

    /// In the tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Row => "by key",
            Self::Page => "100 rows",
            Self::Filtered => "100 rows, filtered and ordered",
            Self::Embedded => "100 rows, each with its orders",
            Self::Html => "100 rows as HTML",
        }
    }
}

impl Peer {
    /// The path for a question, if the server can answer it.
    pub fn path(&self, question: Question) -> Option<&str> {
        match question {
            Question::Row => Some(&self.row),
            Question::Page => Some(&self.page),
            Question::Filtered => Some(&self.filtered),
            Question::Embedded => self.embedded.as_deref(),
            Question::Html => self.html.as_deref(),
        }
    }

    /// The rows of an answer, checked: a fast wrong answer is no measurement. `rows` are all orders.
    pub fn answer(&self, question: Question, rows: u64) -> Result<Vec<Value>> {
        let Some(path) = self.path(question) else { return Ok(vec![]) };
        let path = path.replace('%', &rows.to_string());
        let answer = self.server.get(&path)?;
        let told = || format!("{} answered to {path}: {:.300}", self.server.name, answer.body);
        if question == Question::Html {
            // How a page shows a row is each server's own; that all rows are there is seen by their cells.
            if answer.status != 200 || answer.body.matches("</tr>").count() != PAGE + 1 {
                bail!("{}", told());
            }
            return Ok(vec![]);
        }
        let body: Value = serde_json::from_str(&answer.body).with_context(told)?;
        let body = body.get("data").unwrap_or(&body);
        let found = match body {
            Value::Array(found) => found.as_slice(),
            row => std::slice::from_ref(row),
        };
        let id = |index: usize| found.get(index).and_then(|row| row["id"].as_u64());
        let right = match question {
            Question::Row => found.len() == 1 && id(0) == Some(rows),
            Question::Page => found.len() == PAGE && id(0) == Some(1) && id(PAGE - 1) == Some(PAGE as u64),
            Question::Filtered => {
                let early = |row: &Value| row["customer"].as_u64() < Some(early(rows));
                found.len() == PAGE
                    && found.iter().all(early)
                    && id(0) > id(1)
                    && id(PAGE - 1) >= Some(rows / 2)
            }
            Question::Html => true,
            Question::Embedded => {
                let orders = |row: &Value| row["orders"].as_array().map_or(0, Vec::len);
                found.len() == PAGE && found.iter().map(orders).sum::<usize>() > 5 * PAGE
            }
        };
        if answer.status != 200 || !right {
            bail!("{}", told());
        }
        Ok(found.to_vec())
    }

    /// Checks that every answer has the rows of `other`, with the same values in every column.
    pub fn agrees_with(&self, other: &Self, rows: u64) -> Result<()> {
        for question in Question::ALL {
            let (found, wanted) = (self.answer(question, rows)?, other.answer(question, rows)?);
            let differs = found.iter().zip(&wanted).find(|(found, wanted)| !same(found, wanted));
            if self.path(question).is_some() && (found.len() != wanted.len() || differs.is_some()) {
                bail!("{} has other rows than {}: {differs:?}", self.server.name, other.server.name);
            }
        }
        Ok(())
    }
}

/// Whether two values are the same; 2150.0 is the number 2150.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

/// Customers below this number have a fifth of the orders.
fn early(rows: u64) -> u64 {
    crate::shop::customers(rows) / 5
}

/// The paths of ours, in the order of [`Question::ALL`], without that of a page for browsers.
pub fn our_paths(rows: u64) -> [String; 4] {
    [
        "/orders/%".to_owned(),
        format!("/orders?limit={PAGE}"),
        format!("/orders?id=gte.{}&customer=lt.{}&order=id.desc&limit={PAGE}", rows / 2, early(rows)),
        format!("/customers?select=id,name,orders(id,title,amount)&limit={PAGE}"),
    ]
}

/// Ours.
pub fn reader(program: &Path, release: &Path, rows: u64) -> Result<Peer> {
    let port = free_port()?;
    let mut command = Command::new(program);
    command.arg(release).arg("--listen").arg(format!("127.0.0.1:{port}"));
    let server = Server::start("reader", command, port, "/orders/1")?;
    let [row, page, filtered, embedded] = our_paths(rows);
    let html = format!("/-/html/orders?limit={PAGE}");
    Ok(Peer { server, row, page, filtered, embedded: Some(embedded), html: Some(html) })
}

/// The same server always giving the reply that `ours` gives to a read by key.
pub fn constant(program: &Path, ours: &Server, scratch: &Path) -> Result<Server> {
    let port = free_port()?;
    let answer = ours.get("/orders/1")?;
    let (headers, body) = (scratch.join("constant.headers"), scratch.join("constant.body"));
    fs::write(&headers, answer.headers)?;
    fs::write(&body, answer.body)?;
    let mut command = Command::new(program);
    command.arg(format!("127.0.0.1:{port}")).arg(headers).arg(body);
    Server::start("the same server, constant reply", command, port, "/")
}

/// Datasette, told that the file does not change. It gets a copy of our database: the same tables,
/// keys and indexes.
pub fn datasette(tools: &Path, database: &Path, rows: u64) -> Result<Peer> {
    let port = free_port()?;
    let mut command = Command::new(tools.join("bin/datasette"));
    command.args(["serve", "--host", "127.0.0.1", "--port", &port.to_string(), "--immutable"]).arg(database);
    let stem = database.file_stem().context("a database has a name")?.to_string_lossy();
    let orders = format!("/{stem}/orders");
    let server = Server::start("Datasette", command, port, &format!("{orders}/1.json?_shape=array"))?;
    Ok(Peer {
        server,
        row: format!("{orders}/%.json?_shape=array"),
        page: format!("{orders}.json?_size={PAGE}&_shape=array&_nocount=1"),
        filtered: format!(
            "{orders}.json?id__gte={}&customer__lt={}&_sort_desc=id&_size={PAGE}&_shape=array&_nocount=1",
            rows / 2,
            early(rows)
        ),
        embedded: None,
        html: Some(format!("{orders}?_size={PAGE}")),
    })
}

/// ROAPI, from the CSV: it has no SQLite's file of its own to read from.
pub fn roapi(tools: &Path, shop: &Shop, rows: u64) -> Result<Peer> {
    let ports = [free_port()?, free_port()?, free_port()?];
    let [port, postgres, flight] = ports.map(|port| format!("127.0.0.1:{port}"));
    let mut command = Command::new(tools.join("bin/roapi"));
    command.args(["-a", &port, "-p", &postgres, "--addr-flight-sql", &flight, "-t"]);
    command.arg(format!("orders={}", shop.csv.display())).env("RUST_LOG", "error");
    let server = Server::start("ROAPI", command, ports[0], "/api/tables/orders?limit=1")?;
    Ok(Peer {
        server,
        row: "/api/tables/orders?filter[id]=%".to_owned(),
        page: format!("/api/tables/orders?limit={PAGE}"),
        filtered: format!(
            "/api/tables/orders?filter[id]gte={}&filter[customer]lt={}&sort=-id&limit={PAGE}",
            rows / 2,
            early(rows)
        ),
        embedded: None,
        html: None,
    })
}

/// soul, from a copy of our database, which it may write to.
pub fn soul(modules: &Path, database: &Path, rows: u64) -> Result<Peer> {
    let port = free_port()?;
    let mut command = Command::new(modules.join("node_modules/.bin/soul"));
    command.arg("-d").arg(database).args(["-p", &port.to_string()]);
    let server = Server::start("soul", command, port, "/api/tables/orders/rows/1")?;
    Ok(Peer {
        server,
        row: "/api/tables/orders/rows/%".to_owned(),
        page: format!("/api/tables/orders/rows?_limit={PAGE}"),
        filtered: format!(
            "/api/tables/orders/rows?_limit={PAGE}&_ordering=-id&_filters=id__gte:{},customer__lt:{}",
            rows / 2,
            early(rows)
        ),
        embedded: None,
        html: None,
    })
}
