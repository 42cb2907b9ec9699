//! The pages of b-trees in their file: none is left behind, and none is the one that SQLite locks.

use super::*;

#[test]
fn a_table_that_is_begun_again_leaves_nothing_behind() {
    let directory = tempfile::tempdir().unwrap();
    let one = columns(false, 1);
    let rows: Vec<_> = (0..300).map(|number| vec![text(number * 40)]).collect();
    let (once, twice) = (directory.path().join("once.db"), directory.path().join("twice.db"));
    drop(write(&once, &one, &rows));
    create(&twice).unwrap();
    let mut file = PageFile::open(&twice).unwrap();
    let first = file.next();
    let mut root = 0;
    for rows in [&rows[100..], &rows[..]] {
        file.truncate(first).unwrap();
        let mut writer = TableWriter::new(one.formats.clone());
        for row in rows {
            writer.row(&mut file, row.iter().map(ValueRef::from)).unwrap();
        }
        root = writer.finish(&mut file).unwrap();
    }
    file.finish().unwrap();
    let connection = open(&twice).unwrap();
    adopt(
        &connection,
        [Adopted { kind: "table", name: "t".into(), table: "t", root, sql: one.sql.clone() }].into_iter(),
    )
    .unwrap();
    drop(connection);
    assert!(std::fs::read(once).unwrap() == std::fs::read(twice).unwrap());
}

/// A file with a hole in front of the page that SQLite locks, and rows around it.
#[test]
fn the_page_that_sqlite_locks_is_left_out() {
    for ahead in [1, 2, 3, 40] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data.db");
        create(&path).unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(u64::from(LOCK_PAGE - 1 - ahead) * PAGE_SIZE as u64).unwrap();
        let one = columns(false, 1);
        let rows: Vec<_> = (0..60).map(|number| vec![text(number * 400)]).collect();
        let mut pages = PageFile::open(&path).unwrap();
        let mut writer = TableWriter::new(one.formats.clone());
        for row in &rows {
            writer.row(&mut pages, row.iter().map(ValueRef::from)).unwrap();
        }
        let root = writer.finish(&mut pages).unwrap();
        pages.finish().unwrap();
        assert!(root > LOCK_PAGE);
        let connection = open(&path).unwrap();
        adopt(
            &connection,
            [Adopted { kind: "table", name: "t".into(), table: "t", root, sql: one.sql.clone() }].into_iter(),
        )
        .unwrap();
        let found: Vec<Vec<Value>> = contents(&connection)
            .into_iter()
            .map(|row| row.into_iter().map(|(_, _, value)| value).collect())
            .collect();
        assert!(found == rows);
        // The hole's pages are in no b-tree; the locked page must not be missed or found in one.
        let found: Vec<String> = connection
            .prepare("PRAGMA integrity_check(300000)")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        let expected = |line: &&str| line.ends_with("never used") || *line == "*** in database main ***";
        let found: Vec<&str> =
            found.iter().flat_map(|found| found.lines()).filter(|line| !expected(line)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}
