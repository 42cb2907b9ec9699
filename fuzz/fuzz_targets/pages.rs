//! Rows as b-tree pages. Property: SQLite's integrity check finds nothing, and the rows are those that SQLite's own
//! INSERT stores, row numbers and storage classes included.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use builder::fuzzing::table;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::{Corpus, fuzz_target};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// In memory where the system has such a place.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let directory = if memory.is_dir() { memory } else { std::env::temp_dir() };
    directory.join(format!("coldpress-fuzz-{}.db", std::process::id()))
});

/// A value; long ones of few input bytes, since pages are what matters.
#[derive(Debug, Arbitrary)]
enum Cell {
    Null,
    Integer(i64),
    Small(i8),
    Real(f64),
    Text(String),
    Long(u16),
    Blob(Vec<u8>),
}

#[derive(Debug, Arbitrary)]
struct Input {
    width: u8,
    /// Each row is stored once more than this says.
    rows: Vec<(u8, Vec<Cell>)>,
}

fuzz_target!(|input: Input| -> Corpus {
    let width = usize::from(input.width) + 1;
    let rows: Vec<Vec<Value>> = input.rows.iter().flat_map(|(times, cells)| {
        let mut row: Vec<Value> = cells.iter().take(width).map(value).collect();
        row.resize(width, Value::Null);
        vec![row; usize::from(*times) + 1]
    }).collect();
    if rows.len() > 3_000 {
        return Corpus::Reject;
    }
    let _ = std::fs::remove_file(&*FILE);
    let written = table(&FILE, width, &rows).unwrap();
    let problems: String = written.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(problems, "ok");
    let inserted = Connection::open_in_memory().unwrap();
    let columns = vec!["ANY"; width].iter().enumerate().map(|(at, kind)| format!("c{at} {kind}")).collect::<Vec<_>>().join(", ");
    inserted.execute_batch(&format!("CREATE TABLE t({columns}) STRICT; BEGIN")).unwrap();
    let parameters = vec!["?"; width].join(",");
    let mut insert = inserted.prepare(&format!("INSERT INTO t VALUES ({parameters})")).unwrap();
    for row in &rows {
        insert.execute(params_from_iter(row)).unwrap();
    }
    assert_eq!(contents(&written, width), contents(&inserted, width));
    Corpus::Keep
});

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => Value::Integer(*number),
        Cell::Small(number) => Value::Integer(i64::from(*number)),
        Cell::Real(number) if number.is_nan() => Value::Null, // as SQLite stores it
        Cell::Real(number) => Value::Real(*number),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Long(length) => Value::Text("x".repeat(usize::from(*length))),
        Cell::Blob(bytes) => Value::Blob(bytes.clone()),
    }
}

fn contents(connection: &Connection, width: usize) -> Vec<Vec<Value>> {
    let mut rows = connection.prepare("SELECT *, rowid FROM t").unwrap();
    let row = |row: &rusqlite::Row<'_>| (0..=width).map(|column| row.get(column)).collect();
    rows.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap()
}
