//! `GET /`: what is served, from which commit, and where the tables are.

use catalog::{Entry, Manifest, Table};
use serde::Serialize;
use serde_json::Value;

#[derive(Serialize)]
struct Release<'a> {
    commit: Option<&'a str>,
    database: &'a catalog::Database,
    datasets: Vec<Dataset<'a>>,
    tables: Vec<TableEntry<'a>>,
}

#[derive(Serialize)]
struct Dataset<'a> {
    name: &'a str,
    version: Option<&'a str>,
    title: Option<Value>,
    description: Option<Value>,
    licenses: Option<Value>,
    sources: Option<Value>,
}

#[derive(Serialize)]
struct TableEntry<'a> {
    name: &'a str,
    title: Option<Value>,
    description: Option<Value>,
    dataset: &'a str,
    rows: u64,
    sha256: &'a str,
    primary_key: &'a [String],
    url: String,
}

/// The body of `GET /`. `datasets` are the package descriptors by name, `tables` the catalog's; `base` begins
/// their URLs.
pub(crate) fn release_json(
    manifest: &Manifest,
    datasets: &[(String, String)],
    tables: &[Entry<Table>],
    base: &str,
) -> serde_json::Result<Vec<u8>> {
    let datasets = manifest
        .datasets
        .iter()
        .map(|dataset| {
            let about = datasets.iter().find(|(name, _)| *name == dataset.name);
            let mut about: Value = about.map_or(Ok(Value::Null), |(_, json)| serde_json::from_str(json))?;
            Ok(Dataset {
                name: &dataset.name,
                version: dataset.version.as_deref(),
                title: take(&mut about, "title"),
                description: take(&mut about, "description"),
                licenses: take(&mut about, "licenses"),
                sources: take(&mut about, "sources"),
            })
        })
        .collect::<serde_json::Result<_>>()?;
    let tables = tables
        .iter()
        .map(|Entry { entry: table, about }| {
            let mut about: Value = serde_json::from_str(about)?;
            Ok(TableEntry {
                name: &table.name,
                title: take(&mut about, "title"),
                description: take(&mut about, "description"),
                dataset: &table.dataset,
                rows: table.rows,
                sha256: &table.digest,
                primary_key: &table.schema.primary_key,
                url: url(base, &table.name),
            })
        })
        .collect::<serde_json::Result<_>>()?;
    serde_json::to_vec_pretty(&Release {
        commit: manifest.commit.as_deref(),
        database: &manifest.database,
        datasets,
        tables,
    })
}

fn url(base: &str, table: &str) -> String {
    let mut url = format!("{base}/");
    crate::request::encode(table, &mut url);
    url
}

fn take(about: &mut Value, key: &str) -> Option<Value> {
    about.get_mut(key).map(Value::take)
}
