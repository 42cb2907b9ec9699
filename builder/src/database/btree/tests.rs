//! Compared with SQLite: every value is the one that its own INSERT stores, and its integrity check finds nothing.

mod file;

use std::path::Path;

use catalog::Storage;
use catalog::btree::{LOCK_PAGE, PAGE_SIZE, PageKind};
use proptest::prelude::*;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params_from_iter};

use super::{ColumnFormat, PageFile, RowError, TableWriter};
use crate::database::adopt::{Adopted, adopt, create, open};

/// A table, once for SQLite and once for the writer.
struct Columns {
    sql: String,
    formats: Vec<ColumnFormat>,
}

const ANY: ColumnFormat = ColumnFormat::Any { required: false };

fn stored(storage: Storage) -> ColumnFormat {
    ColumnFormat::Stored { storage, required: false }
}

/// One column of each kind, or `wide` of any type.
fn columns(row_number: bool, wide: usize) -> Columns {
    let mut names = vec![];
    let mut formats = vec![];
    if row_number {
        names.push("id INTEGER PRIMARY KEY".to_owned());
        formats.push(ColumnFormat::RowNumber);
    }
    for column in 0..wide {
        let (sql, format) = [
            ("ANY", ANY),
            ("REAL", stored(Storage::Real)),
            ("INTEGER", stored(Storage::Integer)),
            ("TEXT", stored(Storage::Text)),
        ][if wide <= 4 { column } else { 0 }];
        names.push(format!("c{column} {sql}"));
        formats.push(format);
    }
    Columns { sql: format!("CREATE TABLE t({}) STRICT", names.join(", ")), formats }
}

fn write(path: &Path, columns: &Columns, rows: &[Vec<Value>]) -> Connection {
    create(path).unwrap();
    let mut file = PageFile::open(path).unwrap();
    let mut writer = TableWriter::new(columns.formats.clone());
    for row in rows {
        writer.row(&mut file, row.iter().map(ValueRef::from)).unwrap();
    }
    let root = writer.finish(&mut file).unwrap();
    file.finish().unwrap();
    let connection = open(path).unwrap();
    adopt(
        &connection,
        [Adopted { kind: "table", name: "t".into(), table: "t", root, sql: columns.sql.clone() }].into_iter(),
    )
    .unwrap();
    connection
}

fn insert(path: &Path, columns: &Columns, rows: &[Vec<Value>]) -> Connection {
    create(path).unwrap();
    let connection = open(path).unwrap();
    connection.execute_batch(&format!("BEGIN; {}", columns.sql)).unwrap();
    let parameters = vec!["?"; columns.formats.len()].join(",");
    let mut statement = connection.prepare(&format!("INSERT INTO t VALUES ({parameters})")).unwrap();
    for row in rows {
        statement.execute(params_from_iter(row)).unwrap();
    }
    drop(statement);
    connection.execute_batch("COMMIT").unwrap();
    connection
}

/// All of a table, row numbers and storage classes included. Reals by their bits.
fn contents(connection: &Connection) -> Vec<Vec<(i64, String, Value)>> {
    let mut statement = connection.prepare("SELECT rowid, * FROM t").unwrap();
    let count = statement.column_count();
    let row = |row: &rusqlite::Row<'_>| {
        let rowid = row.get(0)?;
        (1..count)
            .map(|column| {
                let value: Value = row.get(column)?;
                let bits = match value {
                    Value::Real(number) => format!("{:x}", number.to_bits()),
                    _ => String::new(),
                };
                Ok((rowid, bits, value))
            })
            .collect()
    };
    statement.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap()
}

fn problems(connection: &Connection) -> String {
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}

/// The leaves of the tables' b-trees, in the order of their first rows' numbers.
fn leaves(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).unwrap();
    let pages = bytes.chunks(PAGE_SIZE).skip(2); // the schema, the catalog
    let mut leaves: Vec<Vec<u8>> =
        pages.filter(|page| page[0] == PageKind::LeafTable as u8).map(<[u8]>::to_vec).collect();
    leaves.sort_by_key(|page| {
        let cell = usize::from(u16::from_be_bytes([page[8], page[9]]));
        // The row number is after the payload's size; rows of this test have sizes of two bytes.
        let (mut number, mut at) = (0_u64, cell + 2);
        loop {
            number = number << 7 | u64::from(page[at] & 0x7f);
            if page[at] < 0x80 {
                return number;
            }
            at += 1;
        }
    });
    leaves
}

#[track_caller]
fn assert_equals_sqlite(columns: &Columns, rows: &[Vec<Value>]) {
    let directory = tempfile::tempdir().unwrap();
    let written = write(&directory.path().join("written.db"), columns, rows);
    let expected = insert(&directory.path().join("expected.db"), columns, rows);
    assert_eq!(problems(&written), "ok");
    let (found, expected) = (contents(&written), contents(&expected));
    for (found, expected) in found.iter().zip(&expected) {
        assert!(found == expected, "{found:?}\nis not\n{expected:?}");
    }
    assert_eq!(found.len(), expected.len());
    let copy = directory.path().join("copy.db");
    written.execute("VACUUM INTO ?", [copy.to_str().unwrap()]).unwrap();
    assert!(contents(&Connection::open(copy).unwrap()) == found);
}

fn text(length: usize) -> Value {
    Value::Text("x".repeat(length))
}

fn edge_integers() -> Vec<i64> {
    let edges = [0, 1, 7, 8, 15, 16, 23, 24, 31, 32, 39, 40, 47, 48, 55, 56, 62].map(|bit| 1_i64 << bit);
    let around = edges.iter().flat_map(|edge| [edge - 1, *edge, edge + 1]);
    around.flat_map(|number| [number, -number]).chain([i64::MIN, i64::MIN + 1, i64::MAX]).collect()
}

#[test]
fn values_of_each_storage_class_at_each_boundary() {
    let integers = edge_integers();
    let reals = integers.iter().map(|number| *number as f64).chain([
        0.5,
        -0.5,
        1e-300,
        1e300,
        f64::MAX,
        f64::MIN_POSITIVE,
        f64::EPSILON,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1.5e14,
        -140_737_488_355_328.5,
    ]);
    let mut rows: Vec<Vec<Value>> = integers
        .iter()
        .map(|number| vec![Value::Integer(*number), Value::Null, Value::Integer(*number), Value::Null])
        .collect();
    rows.extend(reals.map(|number| vec![Value::Real(number), Value::Real(number), Value::Null, text(0)]));
    // Where a serial type takes one byte more, and where the payload's size does.
    for length in [
        0, 1, 56, 57, 58, 59, 100, 118, 119, 120, 127, 128, 8_184, 8_185, 8_186, 16_370, 16_383, 16_384,
        1_048_569, 1_048_570,
    ] {
        rows.push(vec![Value::Blob(vec![7; length]), Value::Null, Value::Null, text(length)]);
        rows.push(vec![
            Value::Text("é".repeat(length / 2)),
            Value::Real(0.0),
            Value::Integer(1),
            Value::Null,
        ]);
    }
    assert_equals_sqlite(&columns(false, 4), &rows);
}

#[test]
fn row_numbers_at_each_boundary() {
    let mut numbers = edge_integers();
    numbers.sort_unstable();
    numbers.dedup();
    let rows: Vec<_> = numbers
        .into_iter()
        .map(|number| vec![Value::Integer(number), text(3), Value::Null, Value::Null, Value::Null])
        .collect();
    assert_equals_sqlite(&columns(true, 4), &rows);
}

#[test]
fn payloads_around_each_overflow_threshold() {
    // A page holds payloads of up to 4061 bytes; of larger ones at least 489, and 4092 on each further page.
    let thresholds = [
        4061,
        4061 + 489,
        489 + 4092,
        4061 + 4092,
        489 + 2 * 4092,
        4061 + 2 * 4092,
        489 + 3 * 4092,
        489 + 64 * 4092,
    ];
    let lengths = thresholds.iter().flat_map(|threshold| threshold - 12..threshold + 4);
    let rows: Vec<_> = lengths.map(|length| vec![text(length), Value::Integer(5)]).collect();
    let mut two = columns(false, 2);
    two.sql = "CREATE TABLE t(a ANY, b ANY) STRICT".to_owned();
    two.formats = vec![ANY; 2];
    assert_equals_sqlite(&two, &rows);
}

#[test]
fn rows_that_fill_a_page_to_the_byte_and_not_quite() {
    let one = columns(false, 1);
    // Two rows of a page: 8 bytes of header, 4 of pointers, 4084 for both cells.
    for second in 2_020..2_050 {
        assert_equals_sqlite(&one, &[vec![text(2_036)], vec![text(second)], vec![text(1)]]);
    }
}

#[test]
fn tables_of_any_number_of_rows() {
    let one = columns(false, 1);
    for count in [0, 1, 2, 30, 400, 5_000] {
        let rows: Vec<_> = (0..count).map(|number| vec![Value::Integer(number * 1_000)]).collect();
        assert_equals_sqlite(&one, &rows);
    }
    // A leaf for each row, and as many leaves as an interior page has room for, or one or two more.
    for count in [508, 509, 510, 511, 512, 513, 514, 1_020, 1_021, 1_022, 1_023, 1_024] {
        let rows: Vec<_> = (0..count).map(|_| vec![text(4_000)]).collect();
        assert_equals_sqlite(&one, &rows);
    }
}

#[test]
fn records_of_many_columns() {
    for wide in [5, 125, 126, 127, 128, 129, 1_999] {
        let columns = columns(false, wide);
        let row = |seed: usize| (0..wide).map(|column| text((column * seed) % 70)).collect();
        assert_equals_sqlite(&columns, &[row(0), row(1), row(7), vec![Value::Null; wide]]);
    }
}

#[test]
fn leaves_are_those_of_sqlite_to_the_byte() {
    let directory = tempfile::tempdir().unwrap();
    let four = columns(false, 4);
    let rows: Vec<_> = (0..20_000_i64)
        .map(|number| {
            vec![
                Value::Null,
                Value::Real(number as f64 / 4.0),
                Value::Integer(number),
                text(150 + number as usize * 7919 % 300),
            ]
        })
        .collect();
    let (written, expected) = (directory.path().join("written.db"), directory.path().join("expected.db"));
    drop(write(&written, &four, &rows));
    drop(insert(&expected, &four, &rows));
    let (written, expected) = (leaves(&written), leaves(&expected));
    assert_eq!(written.len(), expected.len());
    assert!(written == expected);
}

#[test]
fn what_a_table_does_not_accept_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    create(&path).unwrap();
    let mut file = PageFile::open(&path).unwrap();
    let required = ColumnFormat::Stored { storage: Storage::Text, required: true };
    for (format, values) in [
        (required, vec![Value::Null]),
        (required, vec![Value::Integer(1)]),
        (stored(Storage::Real), vec![text(1)]),
        (stored(Storage::Integer), vec![Value::Real(1.0)]),
        (ColumnFormat::RowNumber, vec![Value::Null]),
        (ColumnFormat::RowNumber, vec![Value::Integer(4), Value::Integer(4)]),
        (ColumnFormat::RowNumber, vec![Value::Integer(4), Value::Integer(-4)]),
    ] {
        let mut writer = TableWriter::new(vec![format]);
        let (last, before) = values.split_last().unwrap();
        for value in before {
            writer.row(&mut file, std::iter::once(value.into())).unwrap();
        }
        let refused = writer.row(&mut file, std::iter::once(last.into()));
        assert!(matches!(refused, Err(RowError::Constraint)), "{format:?}: {values:?}");
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        (0_u32..64, any::<i64>()).prop_map(|(shift, number)| Value::Integer(number >> shift)),
        any::<f64>()
            .prop_filter("SQLite stores NULL for it", |number| !number.is_nan())
            .prop_map(Value::Real),
        ".{0,40}".prop_map(Value::Text),
        (0_usize..12_000).prop_map(text),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(Value::Blob),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_rows_are_those_of_sqlite(rows in proptest::collection::vec(proptest::collection::vec(any_value(), 5), 0..120)) {
        assert_equals_sqlite(&columns(false, 5), &rows);
    }

    #[test]
    fn any_reals_and_row_numbers_are_those_of_sqlite(
        rows in proptest::collection::btree_map(any::<i64>(), any::<f64>().prop_filter("NaN", |number| !number.is_nan()), 0..400),
    ) {
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(id, number)| vec![Value::Integer(id), Value::Null, Value::Real(number), Value::Integer(id), Value::Null])
            .collect();
        assert_equals_sqlite(&columns(true, 4), &rows);
    }
}
