//! Releases of many tables: SQLite reads the whole schema at its first statement, so every table
//! costs every cold start, whether it is asked for or not.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Builds a release of `products` and so many generated tables that there are `tables` in all.
/// Every generated table has a key, four more columns and a reference to the one before it, hence
/// an index. Returns the release's directory.
pub fn release(builder: &Path, products: &Path, tables: usize, scratch: &Path) -> Result<PathBuf> {
    let root = scratch.join(format!("{tables}-tables"));
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    let (dataset, copy) = (root.join("datasets/generated"), root.join("datasets/products"));
    fs::create_dir_all(&copy)?;
    let mut own = 0;
    for file in ["datapackage.json", "categories.csv", "products.csv"] {
        fs::copy(products.join(file), copy.join(file)).with_context(|| format!("can't copy {file}"))?;
        own += usize::from(file.ends_with(".csv"));
    }
    let mut resources = String::new();
    for number in 1..=tables.saturating_sub(own) {
        // Without `resource` the first refers to itself (Table Schema v2, `foreignKeys`).
        let before = match number {
            1 => String::new(),
            _ => format!(r#""resource": "table_{}", "#, number - 1),
        };
        write!(
            resources,
            r#"{}{{"name": "table_{number}", "path": "table.csv", "schema": {{"fields": [
                {{"name": "id", "type": "integer"}}, {{"name": "title", "type": "string"}},
                {{"name": "before", "type": "integer"}}, {{"name": "amount", "type": "number"}},
                {{"name": "day", "type": "date"}}], "primaryKey": ["id"], "foreignKeys": [
                {{"fields": ["before"], "reference": {{{before}"fields": ["id"]}}}}]}}}}"#,
            if number == 1 { "" } else { ", " }
        )?;
    }
    if !resources.is_empty() {
        fs::create_dir_all(&dataset)?;
        fs::write(dataset.join("table.csv"), "id,title,before,amount,day\n1,first,1,0.5,2020-02-29\n")?;
        let descriptor = format!(r#"{{"name": "generated", "resources": [{resources}]}}"#);
        fs::write(dataset.join("datapackage.json"), descriptor)?;
    }
    let release = root.join("dist");
    let status = Command::new(builder)
        .arg("build")
        .arg(root.join("datasets"))
        .arg("--quiet")
        .arg("-o")
        .arg(&release)
        .status()?;
    if !status.success() {
        bail!("building a release of {tables} tables failed: {status}");
    }
    Ok(release)
}
