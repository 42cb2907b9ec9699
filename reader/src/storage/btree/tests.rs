//! Compared with SQLite: everything it wrote is found, what it did not write is not, and broken
//! files are refused without a panic.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params};

use super::{NotHandled, Pages, Part, Record};

const PAGE: usize = 4096;

/// Enough rows for three levels, some with values that fill several overflow pages.
const ROWS: i64 = 30_000;

fn database(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             CREATE TABLE keyed(kind TEXT, name TEXT, entry TEXT, PRIMARY KEY(kind, name)) STRICT, WITHOUT ROWID;
             CREATE TABLE rows(id INTEGER PRIMARY KEY, a TEXT, b REAL, c INTEGER, d BLOB) STRICT;
             CREATE UNIQUE INDEX by_text ON rows(a);
             CREATE UNIQUE INDEX by_both ON rows(c, a);
             CREATE INDEX by_whole ON rows(c);
             BEGIN;",
        )
        .unwrap();
    {
        let mut insert = connection.prepare("INSERT INTO rows VALUES (?, ?, ?, ?, ?)").unwrap();
        let mut keyed = connection.prepare("INSERT INTO keyed VALUES (?, ?, ?)").unwrap();
        for n in 0..ROWS {
            let long = if n % 997 == 0 { 3 * PAGE } else { 5 };
            let text =
                format!("{:x}é{}", n * 7919 % 65_536, "x".repeat(if n % 1009 == 0 { 1500 } else { 3 }));
            let number = match n % 5 {
                0 => Value::Null,
                1 => Value::Real(n as f64),
                2 => Value::Real(-0.5 * n as f64),
                3 => Value::Real(1e300),
                _ => Value::Real(f64::INFINITY),
            };
            let whole =
                [0, 1, -1, 200, -70_000, 9_000_000, -5_000_000_000, i64::MAX, i64::MIN][n as usize % 9];
            insert.execute(params![n * 3 - 4000, text, number, whole, vec![n as u8; long]]).unwrap();
            if n % 100 == 0 {
                keyed.execute(params!["t", text, "e".repeat(n as usize)]).unwrap();
            }
        }
    }
    connection.execute_batch("COMMIT").unwrap();
    connection
}

fn open(path: &Path) -> Pages {
    let file = File::open(path).unwrap();
    let bytes = file.metadata().unwrap().len();
    Pages::new(file, PAGE, bytes)
}

fn root(connection: &Connection, name: &str) -> u32 {
    connection
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?", [name], |row| row.get(0))
        .unwrap()
}

#[test]
fn everything_that_sqlite_wrote_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let connection = database(&path);
    let pages = open(&path);
    let (rows, by_text, by_both) =
        (root(&connection, "rows"), root(&connection, "by_text"), root(&connection, "by_both"));
    let mut all = connection.prepare("SELECT id, a, b, c, d FROM rows").unwrap();
    let mut all = all.query([]).unwrap();
    while let Some(row) = all.next().unwrap() {
        let id: i64 = row.get(0).unwrap();
        let found = pages.row(rows, id).unwrap().unwrap();
        assert_eq!((found.rowid(), found.get(0).unwrap()), (id, ValueRef::Null));
        for column in 1..5 {
            let expected = row.get_ref(column).unwrap();
            match (found.get(column).unwrap(), expected) {
                (ValueRef::Integer(stored), ValueRef::Real(number)) => assert_eq!(stored as f64, number),
                (stored, expected) => assert_eq!(stored, expected, "row {id}, column {column}"),
            }
        }
        let text: String = row.get(1).unwrap();
        let entry = pages.entry(by_text, &[Part::Text(&text)], 2).unwrap().unwrap();
        assert_eq!(entry.get(1).unwrap(), ValueRef::Integer(id));
        let key = [Part::Integer(row.get(3).unwrap()), Part::Text(&text)];
        let entry = pages.entry(by_both, &key, 3).unwrap().unwrap();
        assert_eq!(entry.get(2).unwrap(), ValueRef::Integer(id));
    }
    for absent in [i64::MIN, -4001, -3999, 1_000_000, i64::MAX] {
        assert!(pages.row(rows, absent).unwrap().is_none(), "{absent}");
    }
    for absent in ["", "0", "zzz", "0éxxxx"] {
        assert!(pages.entry(by_text, &[Part::Text(absent)], 2).unwrap().is_none(), "{absent}");
    }
}

/// Of a key that begins many entries the last one is found, on any page.
#[test]
fn the_last_entry_of_a_prefix_is_found() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let connection = database(&path);
    connection
        .execute_batch(
            "CREATE TABLE t(kind TEXT, name TEXT, entry TEXT, PRIMARY KEY(kind, name)) STRICT, WITHOUT ROWID;
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 120)
             INSERT INTO t SELECT format('k%03d', a.n), format('%03d', b.n), hex(zeroblob(a.n % 50)) FROM n a, n b WHERE b.n <= a.n;
             INSERT INTO t VALUES ('k060', '999', hex(zeroblob(20000)));",
        )
        .unwrap();
    let (pages, t) = (open(&path), root(&connection, "t"));
    let mut expected = connection.prepare("SELECT kind, max(name), entry FROM t GROUP BY kind").unwrap();
    let mut expected = expected.query([]).unwrap();
    while let Some(row) = expected.next().unwrap() {
        let kind: String = row.get(0).unwrap();
        let found = pages.last_entry(t, &[Part::Text(&kind)], 3).unwrap().unwrap();
        for column in 0..3 {
            assert_eq!(found.get(column).unwrap(), row.get_ref(column).unwrap(), "{kind}");
        }
    }
    for absent in ["", "k", "k0", "k0600", "k121", "l"] {
        assert!(pages.last_entry(t, &[Part::Text(absent)], 3).unwrap().is_none(), "{absent}");
    }
}

#[test]
fn rows_come_as_sqlite_orders_them() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let connection = database(&path);
    let (pages, rows) = (open(&path), root(&connection, "rows"));
    let from = |from| {
        let mut scan = pages.scan(rows, from).unwrap();
        std::iter::from_fn(move || {
            let mut record = Record::default();
            scan.next(&mut record).unwrap().then_some(record)
        })
    };
    let mut all = from(None);
    let mut expected = connection.prepare("SELECT id, a, d FROM rows ORDER BY id").unwrap();
    let mut expected = expected.query([]).unwrap();
    let mut numbers = vec![];
    while let Some(row) = expected.next().unwrap() {
        let found = all.next().unwrap();
        numbers.push(found.rowid());
        assert_eq!(ValueRef::Integer(found.rowid()), row.get_ref(0).unwrap());
        for (column, same) in [(1, 1), (4, 2)] {
            assert_eq!(found.get(column).unwrap(), row.get_ref(same).unwrap(), "row {}", found.rowid());
        }
    }
    assert!(all.next().is_none());
    assert_eq!(numbers.len() as i64, ROWS);
    // Numbers that are there, and that are not.
    for (index, number) in numbers.iter().enumerate().step_by(97) {
        for (start, first) in [(*number, index), (number + 1, index + 1), (number - 1, index)] {
            assert_eq!(from(Some(start)).next().map(|row| row.rowid()), numbers.get(first).copied());
        }
    }
    assert_eq!(from(Some(i64::MIN)).next().unwrap().rowid(), -4000);
    for beyond in [numbers.last().unwrap() + 1, 1_000_000, i64::MAX] {
        assert!(from(Some(beyond)).next().is_none(), "{beyond}");
    }
}

#[test]
fn an_index_has_the_rows_of_a_key_in_their_order() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let connection = database(&path);
    let (pages, by_whole, by_both) =
        (open(&path), root(&connection, "by_whole"), root(&connection, "by_both"));
    let mut select = connection.prepare("SELECT id FROM rows WHERE c = ? ORDER BY id").unwrap();
    for key in [0, 1, -1, 200, -70_000, i64::MAX, i64::MIN, 7, -2] {
        let rows = select.query_map([key], |row| row.get(0)).unwrap();
        let expected: Vec<i64> = rows.collect::<Result<_, _>>().unwrap();
        for most in [usize::MAX, 5000, 100, 1, 0] {
            let mut found = vec![];
            pages.entries(by_whole).rows(&[Part::Integer(key)], most, &mut found).unwrap();
            assert_eq!(found, expected[..expected.len().min(most)], "{key}, at most {most}");
        }
    }
    let mut one = connection.prepare("SELECT id, c, a FROM rows WHERE id % 501 = 0").unwrap();
    let mut one = one.query([]).unwrap();
    while let Some(row) = one.next().unwrap() {
        let (id, whole, text): (i64, i64, String) =
            (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap());
        let mut found = vec![];
        pages.entries(by_both).rows(&[Part::Integer(whole), Part::Text(&text)], 9, &mut found).unwrap();
        assert_eq!(found, [id]);
    }
    let refused = pages.entries(root(&connection, "rows")).rows(&[Part::Integer(1)], 9, &mut vec![]);
    assert_eq!(refused, Err(NotHandled));
}

/// Keys may come in any order: those before have no effect on the rows that are found.
#[test]
fn an_index_is_read_by_keys_in_any_order() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE children(id INTEGER PRIMARY KEY, parent INTEGER, code TEXT) STRICT;
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 12000)
             INSERT INTO children SELECT n, nullif(n * 7919 % 3001 * (n % 4 > 0), 0) - 9,
               printf('%d', n % 900) || CASE n % 450 WHEN 7 THEN hex(zeroblob(2000)) ELSE 'é' END FROM n;
             CREATE INDEX by_parent ON children(parent);
             CREATE INDEX by_code ON children(code);",
        )
        .unwrap();
    let (pages, by_parent, by_code) =
        (open(&path), root(&connection, "by_parent"), root(&connection, "by_code"));
    let mut whole: Vec<i64> = (-20..3010).chain([i64::MAX, i64::MIN, 5, 5, 6, 4]).collect();
    whole.extend((0..3000).rev().step_by(7));
    whole.extend((0..3000).map(|n| n * 1009 % 3000));
    let mut select = connection.prepare("SELECT id FROM children WHERE parent = ? ORDER BY id").unwrap();
    let mut entries = pages.entries(by_parent);
    for (turn, key) in whole.into_iter().enumerate() {
        let rows = select.query_map([key], |row| row.get(0)).unwrap();
        let expected: Vec<i64> = rows.collect::<Result<_, _>>().unwrap();
        let (most, mut found) = ([usize::MAX, 2, usize::MAX, 1, 0][turn % 5], vec![]);
        entries.rows(&[Part::Integer(key)], most, &mut found).unwrap();
        assert_eq!(found, expected[..expected.len().min(most)], "{key}, at most {most}");
    }
    let mut codes = connection.prepare("SELECT code FROM children GROUP BY 1 ORDER BY 1").unwrap();
    let codes: Vec<String> =
        codes.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let mut select = connection.prepare("SELECT id FROM children WHERE code = ? ORDER BY id").unwrap();
    let mut entries = pages.entries(by_code);
    for code in codes.iter().chain(codes.iter().step_by(3)) {
        for code in [code.clone(), format!("{code}x")] {
            let rows = select.query_map([&code], |row| row.get(0)).unwrap();
            let expected: Vec<i64> = rows.collect::<Result<_, _>>().unwrap();
            let mut found = vec![];
            entries.rows(&[Part::Text(&code)], usize::MAX, &mut found).unwrap();
            assert_eq!(found, expected, "{code}");
        }
    }
}

#[test]
fn a_table_without_row_numbers_is_read_by_its_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let connection = database(&path);
    let pages = open(&path);
    let keyed = root(&connection, "keyed");
    assert_eq!(keyed, 2, "the first table starts on the second page");
    let mut all = connection.prepare("SELECT name, entry FROM keyed").unwrap();
    let mut all = all.query([]).unwrap();
    while let Some(row) = all.next().unwrap() {
        let (name, entry): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        let found = pages.entry(keyed, &[Part::Text("t"), Part::Text(&name)], 3).unwrap().unwrap();
        assert_eq!(found.get(2).unwrap(), ValueRef::Text(entry.as_bytes()));
    }
    assert!(pages.entry(keyed, &[Part::Text("t"), Part::Text("none")], 3).unwrap().is_none());
    assert!(pages.entry(keyed, &[Part::Text("u"), Part::Text("0éxxx")], 3).unwrap().is_none());
}

#[test]
fn the_wrong_kind_of_page_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let connection = database(&path);
    let pages = open(&path);
    assert_eq!(pages.row(root(&connection, "by_text"), 1).unwrap_err(), NotHandled);
    assert_eq!(pages.entry(root(&connection, "rows"), &[Part::Integer(1)], 1).unwrap_err(), NotHandled);
    for number in [0, 1, u32::MAX] {
        assert_eq!(pages.row(number, 1).unwrap_err(), NotHandled);
        assert!(pages.scan(number, None).is_err());
    }
    assert!(pages.scan(root(&connection, "by_text"), None).is_err());
}

/// Random bytes anywhere in the file: an answer or a refusal, never a panic or an endless walk.
#[test]
fn broken_files_are_survived() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("data.db");
    let connection = database(&path);
    let (rows, by_text, by_whole) =
        (root(&connection, "rows"), root(&connection, "by_text"), root(&connection, "by_whole"));
    drop(connection);
    let file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let size = file.metadata().unwrap().len();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for round in 0..400 {
        for _ in 0..200 {
            // Every other time the head of a page, where its structure is.
            let at = if round % 2 == 0 { random(size) } else { random(size / 4096) * 4096 + random(16) };
            file.write_at(&[random(256) as u8], at).unwrap();
        }
        let pages = Pages::new(file.try_clone().unwrap(), PAGE, size);
        for _ in 0..50 {
            let id = random(100_000) as i64 - 5_000;
            if let Ok(Some(record)) = pages.row(rows, id) {
                (0..6).for_each(|column| drop(record.get(column)));
            }
            if let Ok(mut scan) = pages.scan(rows, Some(id)) {
                let mut row = Record::default();
                for _ in 0..100 {
                    match scan.next(&mut row) {
                        Ok(true) => drop(row.get(1)),
                        Ok(false) | Err(NotHandled) => break,
                    }
                }
            }
            let text = format!("{:x}éxxx", random(65_536));
            drop(pages.entry(by_text, &[Part::Text(&text)], 2));
            let (mut entries, mut found) = (pages.entries(by_whole), vec![]);
            drop(entries.rows(&[Part::Integer(-1)], 2000, &mut found));
            assert!(found.len() <= 2000);
            drop(entries.rows(&[Part::Integer(0)], 4000, &mut found));
            assert!(found.len() <= 4000);
            drop(pages.row_of_many(rows, id, &mut Record::default()));
        }
    }
}
