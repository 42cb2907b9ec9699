//! Histories made up: of two datasets whose tables refer to each other, with all that versions do to tables.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::built::{git, git_at};
use crate::random::Random;

/// A column of a table: its name, and what it holds.
type Columns = Vec<(String, &'static str)>;

/// A table while it changes.
struct Table {
    name: &'static str,
    columns: Columns,
    key: Vec<&'static str>,
    foreign: Option<(&'static str, &'static str)>,
    rows: Vec<Vec<String>>,
    next: usize,
}

const TYPES: [&str; 8] = ["string", "integer", "number", "boolean", "date", "any", "array", "year"];

/// A repository with that many versions of each dataset.
pub(crate) fn history(random: &mut Random, versions: usize) -> TempDir {
    let repository = tempfile::tempdir().unwrap();
    let root = repository.path();
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    let column = |name: &str, of: &'static str| (name.to_owned(), of);
    let mut makers = Table {
        name: "makers",
        columns: vec![column("id", "integer"), column("name", "searchable"), column("rank", "number")],
        key: vec!["id"],
        foreign: None,
        rows: vec![],
        next: 1,
    };
    let mut items = Table {
        name: "items",
        columns: vec![
            column("code", "string"),
            column("maker", "reference"),
            column("price", "number"),
            column("tags", "array"),
        ],
        key: vec!["code"],
        foreign: Some(("maker", "makers")),
        rows: vec![],
        next: 1,
    };
    let mut places = Table {
        name: "places",
        columns: vec![column("shelf", "string"), column("row", "integer"), column("note", "any")],
        key: vec!["shelf", "row"],
        foreign: None,
        rows: vec![],
        next: 1,
    };
    for version in 0..versions {
        for table in [&mut makers, &mut items, &mut places] {
            change(table, version, random);
        }
        refer(&mut items, &makers, random);
        write(root, "firms", &format!("1.{version}.0"), &[&makers]);
        let with_places = version != 2;
        let shop: Vec<&Table> = if with_places { vec![&items, &places] } else { vec![&items] };
        write(root, "shop", &format!("2.{version}.0"), &shop);
        git(root, &["add", "--all"]);
        let date = format!("2025-01-{:02}T12:00:00Z", version + 1);
        git_at(root, &["commit", "--quiet", "--message", "a version"], &date);
    }
    repository
}

/// What a version does to a table: rows come, go, change and move; columns too.
fn change(table: &mut Table, version: usize, random: &mut Random) {
    if version == 4 && table.name == "places" {
        table.rows.clear();
        return;
    }
    let rows = if version == 0 { 40 } else { random.below(6) };
    for _ in 0..rows {
        let row = table.columns.iter().map(|(name, of)| {
            if table.key.contains(&name.as_str()) { String::new() } else { cell(of, random) }
        });
        let mut row: Vec<String> = row.collect();
        key(table, &mut row);
        let at = if random.once_in(2) { table.rows.len() } else { random.below(table.rows.len() + 1) };
        table.rows.insert(at, row);
    }
    if version == 0 {
        return;
    }
    for _ in 0..random.below(5) {
        if table.rows.len() > 5 {
            let at = random.below(table.rows.len());
            table.rows.remove(at);
        }
    }
    for _ in 0..random.below(8) {
        if table.rows.is_empty() {
            break;
        }
        let (row, column) = (random.below(table.rows.len()), random.below(table.columns.len()));
        let (name, of) = &table.columns[column];
        if !table.key.contains(&name.as_str()) {
            table.rows[row][column] = cell(of, random);
        }
    }
    if random.once_in(2) && table.rows.len() > 2 {
        let (from, to) = (random.below(table.rows.len()), random.below(table.rows.len()));
        let row = table.rows.remove(from);
        table.rows.insert(to.min(table.rows.len()), row);
    }
    match random.below(6) {
        0 => {
            let of = *random.any(&TYPES);
            table.columns.push((format!("c{version}"), of));
            table.rows.iter_mut().for_each(|row| row.push(cell(of, random)));
        }
        1 => {
            let last = table.columns.len() - 1;
            if table.columns[last].0.starts_with('c') && table.columns[last].0 != "code" {
                table.columns.pop();
                table.rows.iter_mut().for_each(|row| drop(row.pop()));
            }
        }
        2 => {
            let key = table.key.clone();
            let column = table.columns.iter_mut().find(|(name, of)| {
                matches!(*of, "integer" | "number" | "boolean") && !key.contains(&name.as_str())
            });
            if let Some((_, of)) = column {
                *of = if *of == "integer" { "number" } else { "string" };
            }
        }
        3 => {
            if let Some((name, _)) =
                table.columns.iter_mut().find(|(name, _)| name == "price" || name == "cost")
            {
                *name = if name == "price" { "cost".into() } else { "price".into() };
            }
        }
        _ => {}
    }
}

/// Fills in a key that no row had before.
fn key(table: &mut Table, row: &mut [String]) {
    let number = table.next;
    table.next += 1;
    for (index, (name, _)) in table.columns.iter().enumerate() {
        row[index] = match name.as_str() {
            "id" | "row" => number.to_string(),
            "code" => format!("A,{number}\"x"),
            "shelf" => ["north", "süd", "a/b"][number % 3].to_owned(),
            _ => continue,
        };
    }
}

/// Every reference leads to a row that is there.
fn refer(items: &mut Table, makers: &Table, random: &mut Random) {
    let column = items.columns.iter().position(|(name, _)| name == "maker").unwrap();
    let known: Vec<String> = makers.rows.iter().map(|row| row[0].clone()).collect();
    for row in &mut items.rows {
        if row[column].is_empty() && random.once_in(2)
            || !row[column].is_empty() && !known.contains(&row[column])
        {
            row[column] = random.any(&known).clone();
        }
    }
}

fn cell(of: &str, random: &mut Random) -> String {
    if random.once_in(6) {
        return String::new();
    }
    let number = random.below(50);
    match of {
        "integer" => (number as i64 - 20).to_string(),
        "number" => {
            (*random.any(&["NaN", "INF", "-INF", "1", "1.0", "0.1", "-3.75", "1e20", "12", "7.5"])).to_owned()
        }
        "boolean" => (*random.any(&["true", "false"])).to_owned(),
        "date" => format!("2024-{:02}-{:02}", 1 + number % 12, 1 + number % 28),
        "year" => (1990 + number).to_string(),
        "any" => (*random.any(&["x", "[1, 2]", "{\"a\": 1.0}", "12", "NaN", "\"q\"", "[broken"])).to_owned(),
        "array" => format!("[{number}, \"t{}\"]", number % 3),
        "reference" => String::new(),
        _ => {
            (*random.any(&["red lamp", "blue", "a, \"b\"", "Été", "line\nend", "lamp of glass", "0", "null"]))
                .to_owned()
        }
    }
}

fn write(root: &Path, dataset: &str, version: &str, tables: &[&Table]) {
    let directory = root.join("datasets").join(dataset);
    fs::create_dir_all(&directory).unwrap();
    let mut resources = vec![];
    for table in tables {
        let mut csv = vec![];
        let names: Vec<&str> = table.columns.iter().map(|(name, _)| name.as_str()).collect();
        line(&names, &mut csv);
        table.rows.iter().for_each(|row| line(&row.iter().map(String::as_str).collect::<Vec<_>>(), &mut csv));
        fs::write(directory.join(format!("{}.csv", table.name)), csv).unwrap();
        let fields: Vec<Value> = table.columns.iter().map(|(name, of)| field(name, of)).collect();
        let mut schema = json!({"fields": fields, "primaryKey": table.key});
        if let Some((column, target)) = table.foreign {
            schema["foreignKeys"] =
                json!([{"fields": column, "reference": {"resource": target, "fields": "id"}}]);
        }
        resources.push(json!({"name": table.name, "path": format!("{}.csv", table.name), "schema": schema}));
    }
    let package = json!({"name": dataset, "version": version, "resources": resources});
    fs::write(directory.join("datapackage.json"), serde_json::to_vec_pretty(&package).unwrap()).unwrap();
}

fn field(name: &str, of: &str) -> Value {
    match of {
        "reference" => json!({"name": name, "type": "integer"}),
        "searchable" => json!({"name": name, "type": "string", "searchable": true}),
        _ => json!({"name": name, "type": of}),
    }
}

fn line(cells: &[&str], out: &mut Vec<u8>) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(format!("\"{}\"", cell.replace('"', "\"\"")).as_bytes());
    }
    out.push(b'\n');
}
