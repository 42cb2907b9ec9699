//! The report on reads as of a version: what they take in the function, beside the same reads of now.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::Section;
use crate::counted::Counted;
use crate::function::{Function, ID, Question};
use crate::instructions::{self, Instructions};
use crate::limit::{Limit, Side};
use crate::options::Options;

/// Versions behind the oldest one: what a release has of a history by default.
const VERSIONS: usize = 50;

/// Rows of the table in the oldest version.
const ROWS: usize = 5_000;

/// Rows that each version changes, removes and adds; half of the added ones are between others.
const CHANGED: usize = 100;
const REMOVED: usize = 20;
const ADDED: usize = 25;

/// What is asked: name, path, query, rows.
const READS: [(&str, &str, &str, Option<usize>); 6] = [
    ("by key", "/products/42", "", None),
    ("by key, as of the oldest version", "/-/at/1.0.0/products/42", "", None),
    ("50 rows", "/products", "limit=50", Some(50)),
    ("50 rows, as of the oldest version", "/-/at/1.0.0/products", "limit=50", Some(50)),
    ("1,000 rows", "/products", "limit=1000", Some(1_000)),
    ("1,000 rows, as of the oldest version", "/-/at/1.0.0/products", "limit=1000", Some(1_000)),
];

/// Measures and reports.
pub fn section(options: &Options) -> Result<Section> {
    let about = format!(
        "Reads of a table of {ROWS} rows in the oldest of {} versions, each of which changes {CHANGED} rows, removes {REMOVED} and \
         adds {ADDED}, in the function. Instructions are those in user mode under callgrind; the first answer is that of a process \
         that starts, and restores the rows where it needs them.",
        VERSIONS + 1
    );
    let counted = Counted {
        title: "As of a version",
        about,
        head: "read",
        names: &READS.map(|(name, ..)| name),
        limits,
    };
    counted.section(options, |reader, builder| measure(options, reader, builder))
}

fn measure(options: &Options, reader: &Path, builder: &Path) -> Result<Vec<Instructions>> {
    let scratch = options.scratch.join("past");
    let repository = generate(&scratch)?;
    let release = scratch.join("release");
    let mut command = Command::new(builder);
    command.current_dir(&repository).args(["build", "datasets", "--quiet", "--history"]);
    command.arg((VERSIONS + 1).to_string()).arg("--cache").arg(scratch.join("cache")).arg("-o").arg(&release);
    run(command)?;
    let files: Vec<PathBuf> = ["data.db", "manifest.json"].map(|file| release.join(file)).to_vec();
    let function = |(name, path, query, rows)| -> Result<Instructions> {
        let of = Function::lay_out(name, true, scratch.join("function"), reader, &files)?;
        let of = Function { question: Question::Other { path, query, rows }, ..of };
        instructions::measure(&of, &scratch, &product(ID as usize))
            .with_context(|| format!("`{name}` under callgrind"))
    };
    READS.into_iter().map(function).collect()
}

fn limits(found: &Result<Vec<Instructions>, String>) -> Vec<Limit> {
    let ratio = |then: usize, now: usize| {
        found.as_ref().map(|found| found[then].warm as f64 / found[now].warm as f64).map_err(String::clone)
    };
    vec![
        Limit {
            what: "a later read by key as of the oldest of 51 versions, times the instructions of now",
            side: Side::AtMost,
            limit: 2.0,
            found: ratio(1, 0),
        },
        Limit {
            what: "a later page of 50 rows as of the oldest of 51 versions, times the instructions of now",
            side: Side::AtMost,
            limit: 3.0,
            found: ratio(3, 2),
        },
        Limit {
            what: "a later page of 1,000 rows as of the oldest of 51 versions, times the instructions of now",
            side: Side::AtMost,
            limit: 3.0,
            found: ratio(5, 4),
        },
    ]
}

/// The name of a product.
fn product(id: usize) -> String {
    format!("product number {id}")
}

/// A repository with a version in each commit.
fn generate(scratch: &Path) -> Result<PathBuf> {
    if scratch.exists() {
        fs::remove_dir_all(scratch)?;
    }
    let root = scratch.join("repository");
    fs::create_dir_all(&root)?;
    run(git(&root, &["init", "--quiet", "--initial-branch=main"]))?;
    let mut import = git(&root, &["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn()?;
    let stdin = import.stdin.take().context("stdin was asked for")?;
    commits(&mut BufWriter::new(stdin))?;
    if !import.wait()?.success() {
        bail!("git fast-import failed");
    }
    run(git(&root, &["checkout", "--quiet", "main"]))?;
    Ok(root)
}

fn git(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.current_dir(root).args(arguments);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

fn run(mut command: Command) -> Result<()> {
    let status = command.status().with_context(|| format!("can't run {command:?}"))?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(())
}

/// The commits as `git fast-import` takes them. Places are spread by multiples of primes: the same in every run.
fn commits(out: &mut impl Write) -> Result<()> {
    // Identity and price, in cents.
    let mut rows: Vec<(usize, usize)> = (1..=ROWS).map(|id| (id, id * 7919 % 99_991)).collect();
    let mut next = ROWS + 1;
    for version in 0..=VERSIONS {
        if version > 0 {
            for change in 0..CHANGED {
                let at = (version * 7877 + change * 4751) % rows.len();
                rows[at].1 = (rows[at].1 + version * 31 + 1) % 99_991;
            }
            for change in 0..REMOVED {
                let at = (version * 6869 + change * 3571) % rows.len();
                if rows[at].0 != ID as usize {
                    rows.remove(at);
                }
            }
            for change in 0..ADDED {
                let at =
                    if change % 2 == 0 { rows.len() } else { (version * 5557 + change * 2609) % rows.len() };
                rows.insert(at, (next, next * 7919 % 99_991));
                next += 1;
            }
        }
        let descriptor = format!(
            r#"{{"name": "shop", "version": "1.{version}.0", "resources": [
  {{"name": "products", "path": "products.csv", "schema": {{"primaryKey": ["id"], "fields": [
    {{"name": "id", "type": "integer"}}, {{"name": "name", "type": "string"}}, {{"name": "category", "type": "integer"}},
    {{"name": "price", "type": "number"}}, {{"name": "discontinued", "type": "boolean"}}]}}}}]}}
"#
        );
        let mut csv = String::from("id,name,category,price,discontinued\n");
        for (id, price) in &rows {
            let (whole, cents, old) = (price / 100, price % 100, id % 9 == 0);
            csv.push_str(&format!("{id},{},{},{whole}.{cents:02},{old}\n", product(*id), id % 40));
        }
        writeln!(out, "commit refs/heads/main")?;
        writeln!(out, "mark :{}", version + 1)?;
        writeln!(out, "committer A <a@example.org> {} +0000", 1_700_000_000 + version * 3600)?;
        writeln!(out, "data 0")?;
        if version > 0 {
            writeln!(out, "from :{version}")?;
        }
        for (path, content) in [("datapackage.json", descriptor), ("products.csv", csv)] {
            writeln!(out, "M 100644 inline datasets/shop/{path}")?;
            writeln!(out, "data {}\n{content}", content.len())?;
        }
    }
    Ok(out.flush()?)
}
