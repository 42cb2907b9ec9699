//! The report on embedded rows: what they take in the function when an index's pages name them, and when SQLite runs a
//! statement for each row around them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::counted::Counted;
use crate::function::{Function, ID, Question};
use crate::instructions::{self, Instructions};
use crate::limit::{Limit, Side};
use crate::options::Options;
use crate::report::grouped;
use crate::{Section, http, shop};

/// Orders, of a tenth as many customers: so many that a row is three pages away.
const ORDERS: u64 = 100_000;

/// What is asked: name and query. The order is the one that rows have anyway, but it takes a statement.
const READS: [(&str, &str); 2] = [
    ("from the pages of the index and of the rows", "select=id,name,orders(id,title,amount)&limit=100"),
    (
        "by statements, in the order of their key",
        "select=id,name,orders(id,title,amount)&limit=100&orders.order=id",
    ),
];

/// Measures and reports.
pub fn section(options: &Options) -> Result<Section> {
    let about = format!(
        "100 customers, each with its orders, ten on average of {}, in the function: the same answer from both. Instructions are \
         those in user mode under callgrind.",
        grouped(ORDERS)
    );
    let counted = Counted {
        title: "Embedded rows",
        about,
        head: "orders",
        names: &READS.map(|(name, _)| name),
        limits,
    };
    counted.section(options, |reader, builder| measure(options, reader, builder))
}

fn measure(options: &Options, reader: &Path, builder: &Path) -> Result<Vec<Instructions>> {
    let scratch = options.scratch.join("embeds");
    fs::create_dir_all(&scratch)?;
    let shop = shop::orders(&scratch.join("orders"), ORDERS)?;
    let release = http::build(builder, &shop, &scratch.join("release"))?;
    let files: Vec<PathBuf> = ["data.db", "manifest.json"].map(|file| release.join(file)).to_vec();
    let name = customer(&shop.csv.with_file_name("customers.csv"))?;
    let count = |(read, query)| -> Result<Instructions> {
        let of = Function::lay_out(read, true, scratch.join("function"), reader, &files)?;
        let question = Question::Other { path: "/customers", query, rows: Some(100) };
        instructions::measure(&Function { question, ..of }, &scratch, &name)
            .with_context(|| format!("orders {read}, under callgrind"))
    };
    READS.into_iter().map(count).collect()
}

/// The name of the customer by whom answers are checked.
fn customer(csv: &Path) -> Result<String> {
    let customers = fs::read_to_string(csv)?;
    let line = customers.lines().nth(ID as usize).and_then(|line| line.split(',').nth(1));
    line.map(str::to_owned).with_context(|| format!("{} has no customer {ID}", csv.display()))
}

fn limits(found: &Result<Vec<Instructions>, String>) -> Vec<Limit> {
    vec![Limit {
        what: "a later page of 100 rows with their embedded rows, times fewer instructions than by statements",
        side: Side::AtLeast,
        limit: 1.1,
        found: found.as_ref().map(|found| found[1].warm as f64 / found[0].warm as f64).map_err(String::clone),
    }]
}
