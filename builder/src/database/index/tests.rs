//! Compared with SQLite: its integrity check compares each entry with its row, and their order; ANALYZE counts what
//! was counted on the way.

use proptest::prelude::*;
use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use super::IndexKeys;
use crate::database::adopt::{Adopted, adopt, create, open};
use crate::database::btree::{ColumnFormat, PageFile, RowError, TableWriter};

/// A table of two columns with an index over both, the second one first, that sorts `memory` bytes at once.
fn write(
    path: &std::path::Path,
    rows: &[[Value; 2]],
    unique: bool,
    memory: usize,
) -> Result<(Connection, String), RowError> {
    create(path).unwrap();
    let mut file = PageFile::open(path).unwrap();
    let mut table = TableWriter::new(vec![ColumnFormat::Any { required: false }; 2]);
    let mut keys = IndexKeys::new(vec![1, 0], unique, path.parent().unwrap(), memory);
    for row in rows {
        let values: Vec<ValueRef<'_>> = row.iter().map(ValueRef::from).collect();
        let number = table.row(&mut file, values.iter().copied()).unwrap();
        keys.row(number, &values).unwrap();
    }
    let table = table.finish(&mut file).unwrap();
    let index = keys.write(&mut file)?;
    file.finish().unwrap();
    let connection = open(path).unwrap();
    let statistics = if rows.is_empty() { String::new() } else { index.statistics() };
    let object = |kind, name: &str, root, sql: &str| Adopted {
        kind,
        name: name.to_owned(),
        table: "t",
        root,
        sql: sql.to_owned(),
    };
    let create_index = if unique { "CREATE UNIQUE INDEX i ON t(b, a)" } else { "CREATE INDEX i ON t(b, a)" };
    let objects = [
        object("table", "t", table, "CREATE TABLE t(a ANY, b ANY) STRICT"),
        object("index", "i", index.root, create_index),
    ];
    adopt(&connection, objects.into_iter()).unwrap();
    Ok((connection, statistics))
}

#[track_caller]
fn assert_is_sqlites(rows: &[[Value; 2]], unique: bool, memory: usize) {
    let directory = tempfile::tempdir().unwrap();
    let written = write(&directory.path().join("data.db"), rows, unique, memory);
    let expected = Connection::open_in_memory().unwrap();
    expected.execute_batch("CREATE TABLE t(a ANY, b ANY) STRICT").unwrap();
    for row in rows {
        expected.execute("INSERT INTO t VALUES (?, ?)", rusqlite::params_from_iter(row)).unwrap();
    }
    let created = expected.execute_batch(if unique {
        "CREATE UNIQUE INDEX i ON t(b, a); ANALYZE"
    } else {
        "CREATE INDEX i ON t(b, a); ANALYZE"
    });
    let Ok((written, statistics)) = written else {
        assert!(created.is_err(), "SQLite finds no duplicate");
        return;
    };
    created.unwrap();
    let problems: String = written.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(problems, "ok");
    if !rows.is_empty() {
        let counted: String = expected
            .query_row("SELECT stat FROM sqlite_stat1 WHERE idx = 'i'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(statistics, counted);
    }
    let sql = "SELECT b, a, rowid FROM t INDEXED BY i ORDER BY b, a, rowid";
    let all = |connection: &Connection| -> Vec<[Value; 3]> {
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?])).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    assert!(all(&written) == all(&expected));
}

fn text(length: usize, number: usize) -> Value {
    Value::Text(format!("{:0>length$}", number * 7_919 % 10_007))
}

#[test]
fn of_any_number_of_entries() {
    // Four entries to a page: many levels, and each way in which the last page of a level may be left over.
    for count in (0..70).chain([500, 1_000, 2_500]) {
        let rows: Vec<_> = (0..count).map(|number| [Value::Null, text(900, number)]).collect();
        assert_is_sqlites(&rows, false, 100_000);
    }
    // Many to a page.
    for count in [1, 200, 300, 20_000] {
        let rows: Vec<_> = (0..count)
            .map(|number| [text(1, number), Value::Integer(number as i64 * 31 % 97 - 40)])
            .collect();
        assert_is_sqlites(&rows, false, 50_000);
    }
}

#[test]
fn of_payloads_around_each_overflow_threshold() {
    // A page holds payloads of up to 1002 bytes; of larger ones at least 489, and 4092 on each further page.
    for threshold in [1_002, 489 + 4_092, 1_002 + 4_092, 489 + 2 * 4_092] {
        let lengths = threshold - 16..threshold + 4;
        let rows: Vec<_> = lengths.map(|length| [Value::Null, text(length, length)]).collect();
        assert_is_sqlites(&rows, true, 1 << 20);
    }
}

#[test]
fn with_duplicates() {
    let pair = |a: Option<i64>, b: i64| [a.map_or(Value::Null, Value::Integer), Value::Integer(b)];
    // A key with a NULL is different from every other one.
    assert_is_sqlites(&[pair(None, 1), pair(None, 1), pair(Some(1), 1)], true, 1_000);
    let directory = tempfile::tempdir().unwrap();
    for memory in [1, 1_000] {
        let twice = [pair(Some(2), 1), pair(Some(1), 1), pair(Some(2), 1)];
        let path = directory.path().join(format!("{memory}.db"));
        assert!(matches!(write(&path, &twice, true, memory), Err(RowError::Constraint)));
    }
}

#[test]
fn of_reals_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let mut keys = IndexKeys::new(vec![0], false, directory.path(), 1_000);
    assert!(matches!(keys.row(1, &[ValueRef::Real(0.5)]), Err(RowError::Constraint)));
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (0_u32..64, any::<i64>()).prop_map(|(shift, number)| Value::Integer(number >> shift)),
        (-3_i64..3).prop_map(Value::Integer),
        "[\u{0}-\u{2}ab]{0,3}".prop_map(Value::Text),
        (0_usize..3_000).prop_map(|length| Value::Text("x".repeat(length))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn of_any_keys(
        rows in proptest::collection::vec([value(), value()], 0..200),
        unique in any::<bool>(),
        memory in 1_usize..100_000,
    ) {
        assert_is_sqlites(&rows, unique, memory);
    }
}
