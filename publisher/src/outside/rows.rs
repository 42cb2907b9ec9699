//! A row by its key, or that there isn't one.

use catalog::{ColumnType, Proof, Verdict, key_part};
use serde_json::Value;

use super::check::Check;
use super::served::Served;

/// Checks what the deployment proves of the row with that key, now or as of a version.
pub async fn check_row(served: &Served, table: &str, key: &str, when: Option<&str>) -> Check {
    let release = when.map_or("the release".to_owned(), |when| format!("version {when}"));
    let of = when.map_or(String::new(), |when| format!(" in version {when}"));
    match proved(served, table, key, when).await {
        Ok(Verdict::Present) => Check::of("row", Ok(format!("{table}/{key} is in {release}"))),
        Ok(Verdict::Absent) => Check::of("absence", Ok(format!("no row of {table} has the key {key}{of}"))),
        Err(error) => Check::of("row", Err(format!("{table}/{key}{of}: {error}"))),
    }
}

async fn proved(served: &Served, table: &str, key: &str, when: Option<&str>) -> Result<Verdict, String> {
    let at = when.map(|when| ["-", "at", when]);
    let path: Vec<&str> = at.iter().flatten().copied().chain(["-", "proof", table, key]).collect();
    let proof = served.get(&path, "").await?;
    let proof: Proof = serde_json::from_slice(&proof).map_err(|error| format!("no proof: {error}"))?;
    proof.verify_row(table, key, when, &served.root).map_err(|error| error.to_string())
}

/// A key of the first table that has rows and a key, and one that hardly any row has; none where there is no
/// such table. Errors, as a sentence: the deployment does not answer.
pub async fn example_keys(served: &Served) -> Result<Vec<(String, String)>, String> {
    for table in served.manifest.tables.iter().filter(|table| table.rows > 0) {
        let proof = served.get(&["-", "proof", &table.name], "").await?;
        let proof: Proof = serde_json::from_slice(&proof).map_err(|error| format!("no proof: {error}"))?;
        if proof.table.key.is_empty() {
            continue;
        }
        let rows = served.get(&[&table.name], "?limit=1").await?;
        let rows: Vec<Value> = serde_json::from_slice(&rows).map_err(|error| error.to_string())?;
        let row = rows.into_iter().next().unwrap_or_default();
        let part = |column: &String| match &row[column] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let parts: Vec<String> = proof.table.key.iter().map(part).collect();
        let last = proof.table.key.last();
        let number =
            proof.table.columns.iter().any(|(name, of)| Some(name) == last && *of != ColumnType::String);
        let mut absent = parts.clone();
        if let Some(part) = absent.last_mut() {
            *part = if number { i64::MIN.to_string() } else { format!("{part}~") };
        }
        return Ok([parts, absent].map(|parts| (table.name.clone(), joined(&parts))).to_vec());
    }
    Ok(vec![])
}

fn joined(parts: &[String]) -> String {
    match parts {
        [part] => part.clone(),
        parts => parts.iter().map(|part| key_part(part)).collect::<Vec<_>>().join(","),
    }
}
