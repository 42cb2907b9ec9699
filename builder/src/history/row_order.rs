//! In which order a table's rows were before a version, where the version does not say it by itself.

use catalog::{Table, ValueError, key_text, quote, row_order_text};
use rusqlite::Connection;

use crate::failure::Failure;

/// The order of the rows of `old`, in the connection's database `old`, as the rows of `new`, in `main`, say it;
/// `None` where the version only appended rows. Both have the same primary key. Errors: SQLite's.
pub(super) fn before(connection: &Connection, old: &Table, new: &Table) -> Result<Option<String>, Failure> {
    let numbers =
        numbers(connection, old, new).map_err(Failure::sqlite("can't compare the order of rows"))?;
    Ok(row_order_text(
        &numbers.map_err(|error| Failure::Refused(format!("a key can't be written: {error}")))?,
    ))
}

fn numbers(
    connection: &Connection,
    old: &Table,
    new: &Table,
) -> rusqlite::Result<Result<Vec<u32>, ValueError>> {
    let [old_rowid, new_rowid] = [old, new].map(|table| table.rowid().unwrap_or("rowid"));
    let (name, key) = (quote(&new.name), &new.schema.primary_key);
    // A key that is the row number has gaps.
    let mut statement =
        connection.prepare(&format!("SELECT {new_rowid} FROM main.{name} ORDER BY {new_rowid}"))?;
    let places: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let columns: Vec<String> = key.iter().map(|column| format!("o.{}", quote(column))).collect();
    let equal: Vec<String> = key.iter().map(|column| format!("n.{0} = o.{0}", quote(column))).collect();
    let mut statement = connection.prepare(&format!(
        "SELECT n.{new_rowid}, {} FROM old.{name} AS o LEFT JOIN main.{name} AS n ON {} ORDER BY o.{old_rowid}",
        columns.join(", "),
        equal.join(" AND ")
    ))?;
    let storages: Vec<_> =
        key.iter().filter_map(|name| old.column(name)).map(|column| column.column_type.storage()).collect();
    let (mut numbers, mut removed) = (vec![], vec![]);
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let found: Option<i64> = row.get(0)?;
        match found.and_then(|rowid| places.binary_search(&rowid).ok()) {
            Some(place) => numbers.push(place as u32),
            None => {
                let mut parts = Vec::with_capacity(storages.len());
                for (index, storage) in storages.iter().enumerate() {
                    parts.push((row.get_ref(index + 1)?, *storage));
                }
                match key_text(&parts) {
                    Ok(key) => removed.push((key, numbers.len())),
                    Err(error) => return Ok(Err(error)),
                }
                numbers.push(0);
            }
        }
    }
    removed.sort();
    for (index, (_, at)) in removed.iter().enumerate() {
        numbers[*at] = (places.len() + index) as u32;
    }
    Ok(Ok(numbers))
}
