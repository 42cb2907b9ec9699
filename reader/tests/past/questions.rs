//! Random questions of the whole grammar, to the tables of a version.

use catalog::{Column, ColumnType, Table, key_text};
use rusqlite::types::ValueRef;

use crate::built::Then;
use crate::random::Random;

/// A request: its path, its query and its headers.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// A question about one of the tables.
pub(crate) fn question(then: &Then, random: &mut Random) -> Question {
    let table = random.any(&then.tables);
    let mut headers = vec![];
    if random.once_in(3) {
        headers.push(("prefer", "count=exact".to_owned()));
    }
    if random.once_in(4) {
        let forms = ["text/csv", "application/x-ndjson", "application/vnd.pgrst.array+json;nulls=stripped"];
        headers.push(("accept", (*random.any(&forms)).to_owned()));
    }
    if random.once_in(4) && !table.schema.primary_key.is_empty() {
        let key = if random.once_in(8) { "7".to_owned() } else { key(then, table, random) };
        return Question { path: format!("/{}/{key}", table.name), query: String::new(), headers };
    }
    let extension = if random.once_in(6) { *random.any(&[".csv", ".json", ".ndjson"]) } else { "" };
    let path = format!("/{}{extension}", table.name);
    let mut parts = vec![];
    let grouped = extension.is_empty() && random.once_in(5);
    if grouped {
        parts.push(format!("select={}", aggregates(table, random)));
    } else if random.once_in(2) {
        parts.push(format!("select={}", selected(then, table, random)));
    }
    for _ in 0..random.below(3) {
        parts.push(filter(then, table, random));
    }
    if !grouped && random.once_in(2) {
        let column = name(random.any(&table.schema.columns));
        let direction = random.any(&["", ".desc", ".asc.nullsfirst", ".desc.nullslast"]);
        parts.push(format!("order={column}{direction}"));
    }
    if extension.is_empty() && random.once_in(2) {
        parts.push(format!("limit={}", random.below(12)));
        if random.once_in(2) {
            parts.push(format!("offset={}", random.below(20)));
        }
    }
    Question { path, query: parts.join("&"), headers }
}

/// A page of a table in the order of its file.
pub(crate) fn plain(table: &Table, random: &mut Random) -> Question {
    let mut headers = vec![];
    if random.once_in(3) {
        headers.push(("prefer", "count=exact".to_owned()));
    }
    if random.once_in(4) {
        let forms = ["text/csv", "application/x-ndjson", "application/vnd.pgrst.object+json"];
        headers.push(("accept", (*random.any(&forms)).to_owned()));
    }
    let mut parts = vec![];
    if random.once_in(3) {
        let columns: Vec<String> = (0..2).map(|_| name(random.any(&table.schema.columns))).collect();
        parts.push(format!("select=a:{},{}", columns[0], columns[1]));
    }
    if !random.once_in(4) {
        parts.push(format!("limit={}", random.below(25)));
    }
    if random.once_in(2) {
        parts.push(format!("offset={}", random.below(50)));
    }
    Question { path: format!("/{}", table.name), query: parts.join("&"), headers }
}

/// The key of some row, as text.
fn key(then: &Then, table: &Table, random: &mut Random) -> String {
    let key = &table.schema.primary_key;
    let columns: Vec<String> = key.iter().map(|name| catalog::quote(name)).collect();
    let sql = format!(
        "SELECT {} FROM {} LIMIT 1 OFFSET {}",
        columns.join(", "),
        catalog::quote(&table.name),
        random.below(usize::try_from(table.rows).unwrap().max(1))
    );
    let mut statement = then.connection.prepare(&sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    let Some(row) = rows.next().unwrap() else { return "nothing".to_owned() };
    let parts: Vec<_> = key
        .iter()
        .enumerate()
        .map(|(index, name)| (row.get_ref(index).unwrap(), table.column(name).unwrap().column_type.storage()))
        .collect();
    key_text(&parts).unwrap()
}

fn name(column: &Column) -> String {
    encoded(&format!("\"{}\"", column.name))
}

fn selected(then: &Then, table: &Table, random: &mut Random) -> String {
    let mut items: Vec<String> = vec![];
    for column in &table.schema.columns {
        if random.once_in(2) {
            let cast = if random.once_in(8) { "::text" } else { "" };
            items.push(format!("{}{cast}", name(column)));
        }
    }
    let all = catalog::tables(&then.connection).unwrap();
    let of_it = all.iter().find(|entry| entry.entry.name == table.name);
    for key in &table.schema.foreign_keys {
        if random.once_in(2) {
            let inner = if random.once_in(4) { "!inner" } else { "" };
            items.push(format!("{}{inner}(*)", encoded(&key.table)));
        }
    }
    for reference in of_it.into_iter().flat_map(|entry| &entry.entry.referenced_by) {
        if random.once_in(2) {
            items.push(format!("{}(*)", encoded(&reference.table)));
        }
    }
    if items.is_empty() { "*".to_owned() } else { items.join(",") }
}

fn aggregates(table: &Table, random: &mut Random) -> String {
    let column = random.any(&table.schema.columns);
    let mut items = vec!["count()".to_owned()];
    if random.once_in(2) {
        items.push(name(column));
    }
    for column in &table.schema.columns {
        match column.column_type {
            ColumnType::Integer | ColumnType::Year if random.once_in(2) => {
                items.push(format!("s{}:{}.sum()", items.len(), name(column)));
            }
            ColumnType::String | ColumnType::Date if random.once_in(2) => {
                items.push(format!("m{}:{}.max()", items.len(), name(column)));
            }
            _ => {}
        }
    }
    items.join(",")
}

fn filter(then: &Then, table: &Table, random: &mut Random) -> String {
    if random.once_in(15) {
        return "no_such_column=eq.1".to_owned();
    }
    let column = random.any(&table.schema.columns);
    let field = name(column);
    let not = if random.once_in(6) { "not." } else { "" };
    if table.searched(&column.name).is_some() && random.once_in(2) {
        return format!("{field}={not}plfts.{}", random.any(&["lamp", "red", "glass%20lamp", "nothing"]));
    }
    if random.once_in(5) {
        return format!("{field}={not}is.null");
    }
    if column.column_type == ColumnType::String && random.once_in(3) {
        return format!("{field}={not}ilike.*{}*", random.any(&["a", "e", "1", "%C3%A9"]));
    }
    let operator = random.any(&["eq", "neq", "lt", "gte"]);
    format!("{field}={not}{operator}.{}", encoded(&value(then, table, column, random)))
}

/// A value of the column, of some row.
fn value(then: &Then, table: &Table, column: &Column, random: &mut Random) -> String {
    let sql = format!(
        "SELECT {} FROM {} LIMIT 1 OFFSET {}",
        catalog::quote(&column.name),
        catalog::quote(&table.name),
        random.below(usize::try_from(table.rows).unwrap().max(1))
    );
    let mut statement = then.connection.prepare(&sql).unwrap();
    let mut rows = statement.query([]).unwrap();
    match rows.next().unwrap().map(|row| row.get_ref(0).unwrap()) {
        None | Some(ValueRef::Null | ValueRef::Blob(_)) => "1".to_owned(),
        Some(value) => key_text(&[(value, column.column_type.storage())]).unwrap(),
    }
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    catalog::percent_encode(text, &mut encoded);
    encoded
}
