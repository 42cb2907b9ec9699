//! The generated input of the build bench: one large CSV, as two Data Packages over it.
//!
//! `plain` has the five columns and a key; `indexed` has a foreign key too, for which the builder
//! makes an index. The bytes are the same on every machine.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What things are sorted into.
pub const CATEGORIES: [&str; 12] = [
    "beverages",
    "books",
    "clothing",
    "electronics",
    "furniture",
    "garden",
    "groceries",
    "health",
    "music",
    "office",
    "sports",
    "toys",
];
/// What texts are made of.
pub const WORDS: [&str; 16] = [
    "amber", "basalt", "cedar", "dune", "ember", "fjord", "granite", "harbour", "indigo", "juniper", "krill",
    "lagoon", "meadow", "nimbus", "orchard", "Ærø",
];

/// The generated input.
#[derive(Debug)]
pub struct Sample {
    /// The CSV with all rows.
    pub csv: PathBuf,
    /// Data rows in it.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// A datasets directory with one table over the CSV.
    pub plain: PathBuf,
    /// The same with a second table and a foreign key to it.
    pub indexed: PathBuf,
}

/// Writes the sample below `root`, unless it is there already.
pub fn generate(root: &Path, rows: u64) -> Result<Sample> {
    let sample = Sample {
        csv: root.join("plain/rows/rows.csv"),
        rows,
        bytes: 0,
        plain: root.join("plain"),
        indexed: root.join("indexed"),
    };
    let finished = root.join("finished");
    let mark = format!("4 {rows}\n"); // raise the first number when what is generated changes
    if fs::read_to_string(&finished).ok().as_deref() != Some(&mark) {
        if root.exists() {
            fs::remove_dir_all(root)?;
        }
        write(&sample).with_context(|| format!("can't write below {}", root.display()))?;
        fs::write(finished, mark)?;
    }
    let bytes = fs::metadata(&sample.csv)?.len();
    Ok(Sample { bytes, ..sample })
}

fn write(sample: &Sample) -> Result<()> {
    let (plain, indexed) = (sample.plain.join("rows"), sample.indexed.join("rows"));
    fs::create_dir_all(&plain)?;
    fs::create_dir_all(&indexed)?;
    let fields = r#""fields": [
      {"name": "id", "type": "integer"},
      {"name": "title", "type": "string", "constraints": {"required": true}},
      {"name": "amount", "type": "number"},
      {"name": "category", "type": "string", "constraints": {"required": true}},
      {"name": "day", "type": "date"}], "primaryKey": ["id"]"#;
    fs::write(
        plain.join("datapackage.json"),
        format!(
            r#"{{"name": "rows", "resources": [
  {{"name": "rows", "path": "rows.csv", "schema": {{{fields}}}}}]}}"#
        ),
    )?;
    fs::write(
        indexed.join("datapackage.json"),
        format!(
            r#"{{"name": "rows", "resources": [
  {{"name": "rows", "path": "rows.csv", "schema": {{{fields},
    "foreignKeys": [{{"fields": ["category"], "reference": {{"resource": "categories", "fields": ["code"]}}}}]}}}},
  {{"name": "categories", "path": "categories.csv", "schema": {{
    "fields": [{{"name": "code", "type": "string"}}], "primaryKey": ["code"]}}}}]}}"#
        ),
    )?;
    fs::write(indexed.join("categories.csv"), format!("code\n{}\n", CATEGORIES.join("\n")))?;
    let mut csv = BufWriter::new(File::create(&sample.csv)?);
    writeln!(csv, "id,title,amount,category,day")?;
    let mut random = SplitMix(42);
    for id in 1..=sample.rows {
        write_row(&mut csv, id, random.next())?;
    }
    csv.into_inner().context("flushing")?.sync_all()?;
    fs::hard_link(&sample.csv, indexed.join("rows.csv"))?;
    Ok(())
}

fn write_row(csv: &mut impl Write, id: u64, random: u64) -> std::io::Result<()> {
    let bits = |from: u32, count: u32| (random >> from) & ((1 << count) - 1);
    let word = |from: u32| WORDS[bits(from, 4) as usize];
    let [a, b, c, d, e] = [0, 4, 8, 12, 16].map(word);
    // One title in sixteen is quoted and one in 256 holds quotes, as in tables that people write.
    match bits(20, 8) {
        0 => write!(csv, "{id},\"{a} \"\"{b}\"\" {c} {d} {e}, number {id}\"")?,
        1..16 => write!(csv, "{id},\"{a} {b}, {c} {d} {e}, number {id}\"")?,
        _ => write!(csv, "{id},{a} {b} {c} {d} {e} number {id}")?,
    }
    let category = CATEGORIES[bits(28, 16) as usize % CATEGORIES.len()];
    // One amount in 32 is missing.
    match bits(44, 5) {
        0 => write!(csv, ",,{category}")?,
        _ => write!(csv, ",{}.{:02},{category}", bits(28, 20) % 100_000, bits(36, 16) % 100)?,
    }
    let (year, month, day) = (1990 + bits(49, 5), 1 + bits(54, 8) % 12, 1 + bits(56, 8) % 28);
    writeln!(csv, ",{year}-{month:02}-{day:02}")
}

/// Steele, Lea and Flood's SplitMix64: eight lines, and the same numbers for ever.
pub struct SplitMix(pub u64);

impl SplitMix {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_same_for_ever() {
        let directory = tempfile::tempdir().unwrap();
        let sample = generate(&directory.path().join("sample"), 3).unwrap();
        assert_eq!(
            fs::read_to_string(sample.csv).unwrap(),
            "id,title,amount,category,day\n\
             1,fjord juniper orchard granite lagoon number 1,5410.74,groceries,2001-08-22\n\
             2,dune amber basalt Ærø granite number 2,30619.75,toys,2013-08-13\n\
             3,cedar fjord Ærø juniper Ærø number 3,23281.45,garden,1999-06-16\n"
        );
    }
}
