//! One Lambda function that is measured: a directory as Lambda unpacks it, and what it must answer.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::read::GzDecoder;
use libdeflater::{CompressionLvl, Compressor};
use rusqlite::Connection;
use rustix::fs::{Advice, fadvise};

/// `GET /products/42` as API Gateway's HTTP API hands it over (payload 2.0).
const ROW: &str = include_str!("event.json");

/// What Firefox accepts.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// The row that it asks for.
pub const ID: i64 = 42;

/// What a function is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// `GET /products/42`.
    Row,
    /// `GET /products?limit=50`: the first fifty products.
    Page,
    /// The same, as a browser asks for it.
    Html,
    /// `GET /products?limit=1000`: the largest page.
    Large,
    /// The same, with gzip.
    Coded,
    /// Another path and query; how many rows it has, `None` for one by its key.
    Other { path: &'static str, query: &'static str, rows: Option<usize> },
}

impl Question {
    /// The event, without blanks between its parts, as API Gateway sends it.
    pub fn event(self) -> String {
        let event = match self {
            Self::Row => ROW.to_owned(),
            Self::Html => Self::Page.event().replace("application/json", BROWSER),
            Self::Coded => {
                Self::Large.event().replace(r#""accept-encoding":"identity""#, r#""accept-encoding":"gzip""#)
            }
            Self::Page => asked("/products", "limit=50"),
            Self::Large => asked("/products", "limit=1000"),
            Self::Other { path, query, .. } => asked(path, query),
        };
        serde_json::from_str::<serde_json::Value>(&event).expect("event.json is JSON").to_string()
    }
}

/// The event of another path.
fn asked(path: &str, query: &str) -> String {
    let event = ROW.replace("/products/42", path);
    let parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
    let parameters: Vec<_> = parameters.map(|(name, value)| format!(r#""{name}": "{value}""#)).collect();
    if parameters.is_empty() {
        return event;
    }
    let parameters = parameters.join(", ");
    event
        .replace(r#""rawQueryString": """#, &format!(r#""rawQueryString": "{query}""#))
        .replace(r#""headers": {"#, &format!(r#""queryStringParameters": {{ {parameters} }}, "headers": {{"#))
}

/// A function under measurement.
#[derive(Debug)]
pub struct Function {
    /// Its name in the tables.
    pub name: &'static str,
    /// Whether it reads the database, and so has to answer with the row's name.
    pub reads: bool,
    /// What it is asked.
    pub question: Question,
    /// Its directory: `bootstrap`, and what the zip would hold beside it.
    pub root: PathBuf,
}

impl Function {
    /// Lays out `root` anew from a bootstrap and the files that go with it.
    pub fn lay_out(
        name: &'static str,
        reads: bool,
        root: PathBuf,
        bootstrap: &Path,
        files: &[PathBuf],
    ) -> Result<Self> {
        if root.exists() {
            fs::remove_dir_all(&root)?;
        }
        fs::create_dir_all(&root)?;
        let copy = |from: &Path, to: &str| {
            fs::copy(from, root.join(to)).with_context(|| format!("can't copy {}", from.display()))
        };
        copy(bootstrap, "bootstrap")?;
        for file in files {
            copy(file, &file.file_name().context("a file has a name")?.to_string_lossy())?;
        }
        Ok(Self { name, reads, question: Question::Row, root })
    }

    /// A command that starts `program` with the function's environment and nothing else.
    pub fn command(&self, program: &Path, runtime_api: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.root)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
            .env("AWS_LAMBDA_FUNCTION_NAME", "reader")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/reader")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "2026/03/10/[1]0123456789abcdef")
            .env("AWS_REGION", "eu-central-1")
            // As terraform/ sets it: the reader writes its line of metrics for each request.
            .env("COLDPRESS_METRICS_NAMESPACE", "Coldpress")
            .env("LAMBDA_TASK_ROOT", &self.root)
            .env("LANG", "en_US.UTF-8")
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TZ", ":UTC")
            .env("_HANDLER", "bootstrap")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// The program that Lambda starts.
    pub fn bootstrap(&self) -> PathBuf {
        self.root.join("bootstrap")
    }

    /// Takes the function's files out of the page cache, as far as the kernel follows the advice.
    /// What it shares with others, the C library of a dynamic binary, stays.
    pub fn forget(&self) -> Result<()> {
        for entry in fs::read_dir(&self.root)? {
            let file = File::open(entry?.path())?;
            file.sync_all()?; // only what is on disk can be forgotten
            fadvise(&file, 0, None, Advice::DontNeed)?;
        }
        Ok(())
    }

    /// Checks the answer: a fast wrong answer is no measurement. `name` is the product's name.
    pub fn check(&self, answer: &[u8], name: &str) -> Result<()> {
        let told = || format!("{} answered: {}", self.name, String::from_utf8_lossy(answer));
        let response: serde_json::Value = serde_json::from_slice(answer).with_context(told)?;
        let sent = sent(&response).with_context(told)?;
        let mut body = String::new();
        match self.question {
            Question::Coded => GzDecoder::new(&sent[..]).read_to_string(&mut body).with_context(told)?,
            _ => (&sent[..]).read_to_string(&mut body).with_context(told)?,
        };
        if self.question == Question::Html {
            // The head, and the rows, one of them with the product's name as HTML.
            let name = name.replace('&', "&amp;").replace('"', "&quot;");
            if response["statusCode"] != 200 || body.matches("<tr>").count() != 51 || !body.contains(&name) {
                bail!("{}; expected a page of 50 rows, one of them {name:?}", told());
            }
            return Ok(());
        }
        let body: serde_json::Value = serde_json::from_str(&body).with_context(told)?;
        let (rows, row) = match self.question {
            Question::Row | Question::Other { rows: None, .. } => (None, &body),
            // Product 42 keeps its place in no version but the oldest.
            Question::Other { rows, .. } => {
                let row = body.as_array().and_then(|rows| rows.iter().find(|row| row["id"] == ID));
                (rows, row.with_context(told)?)
            }
            Question::Page | Question::Html => (Some(50), &body[ID as usize - 1]),
            Question::Large | Question::Coded => (Some(1000), &body[ID as usize - 1]),
        };
        let right = response["statusCode"] == 200
            && body.as_array().map(Vec::len) == rows
            && row["id"] == ID
            && (!self.reads || row["name"] == name);
        if !right {
            bail!("{}; expected product {ID}, {name:?}", told());
        }
        Ok(())
    }

    /// Size in bytes of the bootstrap, and of what `builder package` makes of it.
    pub fn sizes(&self) -> Result<(u64, u64)> {
        let binary = fs::read(self.bootstrap())?;
        let mut compressor = Compressor::new(CompressionLvl::best());
        let mut coded = vec![0; compressor.deflate_compress_bound(binary.len())];
        let packaged = compressor.deflate_compress(&binary, &mut coded)?;
        Ok((binary.len() as u64, packaged as u64))
    }
}

/// The body that API Gateway sends for an answer of a function.
pub fn sent(response: &serde_json::Value) -> Result<Vec<u8>> {
    let body = response["body"].as_str().context("an answer has a body")?;
    match response["isBase64Encoded"] == true {
        true => Ok(BASE64_STANDARD.decode(body)?),
        false => Ok(body.as_bytes().to_vec()),
    }
}

/// Writes the references' database, the same products in one plain table, and returns the name of
/// the product that [`ROW`] asks for.
pub fn reference_database(products: &Path, target: &Path) -> Result<String> {
    if target.exists() {
        fs::remove_file(target)?;
    }
    let mut database = Connection::open(target)?;
    database.execute_batch(
        "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, category INTEGER NOT NULL,
           price REAL NOT NULL, released TEXT, discontinued INTEGER NOT NULL, tags TEXT) STRICT",
    )?;
    let transaction = database.transaction()?;
    let mut insert = transaction.prepare(
        "INSERT INTO products VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), ?6 = 'true', nullif(?7, ''))",
    )?;
    let products = File::open(products).with_context(|| format!("can't open {}", products.display()))?;
    for record in csv::Reader::from_reader(products).records() {
        insert.execute(rusqlite::params_from_iter(record?.iter()))?;
    }
    drop(insert);
    transaction.commit()?;
    Ok(database.query_one("SELECT name FROM products WHERE id = ?1", [ID], |row| row.get(0))?)
}
