//! The generated datasets of the HTTP bench: orders and the customers who gave them, and long
//! documents that make a large database. The bytes are the same on every machine.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::sample::{CATEGORIES, SplitMix, WORDS};

/// Generated datasets: a directory that the builder takes.
#[derive(Debug)]
pub struct Shop {
    /// The directory.
    pub datasets: PathBuf,
    /// The CSV with the orders, or the documents.
    pub csv: PathBuf,
}

/// `orders` (`rows` of them) refer to `customers`, who have ten each on average.
pub fn orders(root: &Path, rows: u64) -> Result<Shop> {
    generate(root, "orders.csv", &format!("1 orders {rows}\n"), |directory| {
        fs::write(directory.join("datapackage.json"), ORDERS)?;
        let people = customers(rows);
        let mut random = SplitMix(43);
        let mut csv = BufWriter::new(File::create(directory.join("customers.csv"))?);
        writeln!(csv, "id,name,sector")?;
        for id in 1..=people {
            let number = random.next() as usize;
            let (word, sector) = (WORDS[number % 16], CATEGORIES[(number >> 8) % CATEGORIES.len()]);
            writeln!(csv, "{id},{word} and company {id},{sector}")?;
        }
        csv.into_inner().context("flushing")?.sync_all()?;
        let mut csv = BufWriter::new(File::create(directory.join("orders.csv"))?);
        writeln!(csv, "id,customer,title,amount,day")?;
        for id in 1..=rows {
            let (number, more) = (random.next(), random.next() as usize);
            let [one, other] = [more, more >> 4].map(|bits| WORDS[bits % 16]);
            let (euros, cents, day) = (more >> 8 & 0xfff, (more >> 20) % 100, more >> 32);
            writeln!(
                csv,
                "{id},{},{one} {other} number {id},{euros}.{cents:02},{}-{:02}-{:02}",
                1 + number % people,
                1990 + day % 32,
                1 + (day >> 5) % 12,
                1 + (day >> 9) % 28
            )?;
        }
        Ok(csv.into_inner().context("flushing")?.sync_all()?)
    })
}

/// How many customers there are to so many orders.
pub fn customers(orders: u64) -> u64 {
    (orders / 10).max(1)
}

/// `documents` of some 500 bytes each, which are `bytes` in all, in `folders` of a thousand.
pub fn documents(root: &Path, bytes: u64) -> Result<Shop> {
    let rows = bytes / 500;
    generate(root, "documents.csv", &format!("1 documents {rows}\n"), |directory| {
        fs::write(directory.join("datapackage.json"), DOCUMENTS)?;
        let mut csv = BufWriter::new(File::create(directory.join("folders.csv"))?);
        writeln!(csv, "id,name")?;
        for id in 0..=rows / 1000 {
            writeln!(csv, "{id},folder {id}")?;
        }
        csv.into_inner().context("flushing")?.sync_all()?;
        let mut random = SplitMix(44);
        let mut csv = BufWriter::new(File::create(directory.join("documents.csv"))?);
        writeln!(csv, "id,folder,title,text")?;
        for id in 1..=rows {
            write!(csv, "{id},{},document {id},", id / 1000)?;
            for _ in 0..5 {
                let bits = random.next();
                for word in 0..16 {
                    write!(csv, "{} ", WORDS[(bits >> (4 * word)) as usize % 16])?;
                }
            }
            writeln!(csv, "end")?;
        }
        Ok(csv.into_inner().context("flushing")?.sync_all()?)
    })
}

fn generate(root: &Path, csv: &str, mark: &str, write: impl Fn(&Path) -> Result<()>) -> Result<Shop> {
    let directory = root.join("shop");
    let finished = root.with_extension("finished");
    // Raise the number in the mark when what is generated changes.
    if fs::read_to_string(&finished).ok().as_deref() != Some(mark) {
        if root.exists() {
            fs::remove_dir_all(root)?;
        }
        fs::create_dir_all(&directory)?;
        write(&directory).with_context(|| format!("can't write below {}", root.display()))?;
        fs::write(finished, mark)?;
    }
    Ok(Shop { datasets: root.to_owned(), csv: directory.join(csv) })
}

const ORDERS: &str = r#"{"name": "shop", "resources": [
  {"name": "customers", "path": "customers.csv", "schema": {"fields": [
    {"name": "id", "type": "integer"}, {"name": "name", "type": "string"},
    {"name": "sector", "type": "string"}], "primaryKey": ["id"]}},
  {"name": "orders", "path": "orders.csv", "schema": {"fields": [
    {"name": "id", "type": "integer"}, {"name": "customer", "type": "integer", "constraints": {"required": true}},
    {"name": "title", "type": "string"}, {"name": "amount", "type": "number"}, {"name": "day", "type": "date"}],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["customer"], "reference": {"resource": "customers", "fields": ["id"]}}]}}]}
"#;

const DOCUMENTS: &str = r#"{"name": "shop", "resources": [
  {"name": "folders", "path": "folders.csv", "schema": {"fields": [
    {"name": "id", "type": "integer"}, {"name": "name", "type": "string"}], "primaryKey": ["id"]}},
  {"name": "documents", "path": "documents.csv", "schema": {"fields": [
    {"name": "id", "type": "integer"}, {"name": "folder", "type": "integer"},
    {"name": "title", "type": "string"}, {"name": "text", "type": "string"}], "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["folder"], "reference": {"resource": "folders", "fields": ["id"]}}]}}]}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_same_for_ever() {
        let directory = tempfile::tempdir().unwrap();
        let shop = orders(&directory.path().join("orders"), 2).unwrap();
        assert_eq!(
            fs::read_to_string(shop.csv).unwrap(),
            "id,customer,title,amount,day\n\
             1,1,harbour granite number 1,2136.38,2000-10-07\n\
             2,1,Ærø Ærø number 2,1425.93,2017-05-25\n"
        );
        let shop = documents(&directory.path().join("documents"), 500).unwrap();
        let text = fs::read_to_string(shop.csv).unwrap();
        let (head, row) = text.split_once('\n').unwrap();
        assert_eq!(head, "id,folder,title,text");
        let start = "1,0,document 1,dune fjord ember ";
        assert!(
            row.starts_with(start) && row.ends_with(" end\n") && row.matches(' ').count() == 81,
            "{text}"
        );
    }
}
