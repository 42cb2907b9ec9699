//! Search indexes: made from the rows once they are in, and compared with them.

use catalog::{Language, Search};
use rusqlite::Connection;

use crate::progress::Progress;
use datapackage::schema::Table;

/// Makes an index for each language of each table's searchable columns, and returns them in the order of
/// `tables`.
pub(super) fn create(
    connection: &Connection,
    tables: &[&Table],
    progress: &Progress,
) -> rusqlite::Result<Vec<Vec<Search>>> {
    Search::register(connection)?;
    let mut number = 0;
    let mut of_table = |table: &&Table| {
        let mut searches = vec![];
        for language in Language::ALL {
            let columns = table.fields.iter().filter(|field| field.searchable == Some(language));
            let columns: Vec<_> = columns.map(|field| field.name.clone()).collect();
            if columns.is_empty() {
                continue;
            }
            progress.step(&format!("indexing the words of {}", table.name));
            number += 1;
            let search = Search::new(number, columns, language);
            let rowid = super::layout::schema(table).rowid().unwrap_or("rowid");
            connection.execute_batch(&search.create("main", &table.name, rowid))?;
            searches.push(search);
        }
        Ok(searches)
    };
    tables.iter().map(&mut of_table).collect()
}

/// Whether the index is the one that the table's rows make. It is made again for that, in a
/// temporary database, and has to be the same to the byte.
pub(crate) fn is_of_its_rows(
    connection: &Connection,
    table: &catalog::Table,
    search: &Search,
) -> rusqlite::Result<bool> {
    Search::register(connection)?;
    connection.execute_batch(&search.create("temp", &table.name, table.rowid().unwrap_or("rowid")))?;
    let mut same = true;
    for shadow in search.tables().skip(1) {
        let differs = |one: &str, other: &str| {
            let sql =
                format!("SELECT EXISTS (SELECT * FROM {one}.{shadow} EXCEPT SELECT * FROM {other}.{shadow})");
            connection.query_row(&sql, [], |row| row.get::<_, bool>(0))
        };
        same &= !differs("main", "temp")? && !differs("temp", "main")?;
    }
    connection.execute_batch(&format!("DROP TABLE temp.{}", search.index))?;
    Ok(same)
}
