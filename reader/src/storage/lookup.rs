//! A row by its primary key, rows in the file's order, and those that an index names, without SQLite: through the
//! catalog's fixed page and the pages that the catalog names, see [`super::btree`].
//!
//! It answers what SQLite would, or nothing: where a key or file is not of the simple kind, the
//! caller asks SQLite.

use catalog::{CATALOG_PAGE, KeyPages, Offsets, Storage, Table, Version};
use rusqlite::types::{Value, ValueRef};

use super::btree::{Entries, NotHandled, Pages, Part, Record, Scan};

/// A row: its record, and which of its columns is the row number.
#[derive(Debug, Default)]
pub(crate) struct FoundRow {
    record: Record,
    /// The column that SQLite stores as the row number and leaves null in the record.
    alias: Option<usize>,
}

/// The table of that name as the catalog has it, or `None` if there isn't one.
pub(crate) fn table(pages: &Pages, name: &str) -> Result<Option<Table>, NotHandled> {
    let key = [Part::Text("table"), Part::Text(name)];
    let Some(record) = pages.entry(CATALOG_PAGE, &key, 3)? else { return Ok(None) };
    let ValueRef::Text(entry) = record.get(2)? else { return Err(NotHandled) };
    let entry = std::str::from_utf8(entry).map_err(|_| NotHandled)?;
    Table::parse(entry).map(Some).map_err(|_| NotHandled)
}

/// Where the rows of that table begin in its files, or `None` where the release does not say.
pub(crate) fn offsets(pages: &Pages, table: &str) -> Result<Option<Offsets>, NotHandled> {
    Ok(about(pages, "offsets", table)?.as_deref().and_then(Offsets::parse))
}

/// What the catalog says of the table, dataset or document of that name beside its entry, or `None` if there isn't one.
pub(crate) fn about(pages: &Pages, kind: &str, name: &str) -> Result<Option<String>, NotHandled> {
    let key = [Part::Text(kind), Part::Text(name)];
    let Some(record) = pages.entry(CATALOG_PAGE, &key, 4)? else { return Ok(None) };
    let ValueRef::Text(text) = record.get(3)? else { return Err(NotHandled) };
    str::from_utf8(text).map(|text| Some(text.to_owned())).map_err(|_| NotHandled)
}

/// The newest version of a dataset; `None` where the release was built without a history.
pub(crate) fn newest_version(pages: &Pages, dataset: &str) -> Result<Option<Version>, NotHandled> {
    let kind = catalog::version_kind(dataset);
    let Some(record) = pages.last_entry(CATALOG_PAGE, &[Part::Text(&kind)], 4)? else { return Ok(None) };
    let text = |column: usize| match record.get(column)? {
        ValueRef::Text(text) => str::from_utf8(text).map_err(|_| NotHandled),
        _ => Err(NotHandled),
    };
    catalog::stored_version(text(1)?, text(2)?, text(3)?).map(Some).map_err(|_| NotHandled)
}

/// The row of `table` with that primary key: a value for each of its columns, in its order.
pub(crate) fn row(
    pages: &Pages,
    table: &Table,
    key: &[(usize, Value)],
) -> Result<Option<FoundRow>, NotHandled> {
    let KeyPages { rows, key: index } = table.key_pages.ok_or(NotHandled)?;
    let Some(index) = index else {
        let [(alias, Value::Integer(rowid))] = key else { return Err(NotHandled) };
        let record = pages.row(rows, *rowid)?;
        return Ok(record.map(|record| FoundRow { record, alias: Some(*alias) }));
    };
    let parts = key.iter().map(|(_, value)| Part::of(value)).collect::<Result<Vec<_>, _>>()?;
    let Some(entry) = pages.entry(index, &parts, parts.len() + 1)? else { return Ok(None) };
    let ValueRef::Integer(rowid) = entry.get(parts.len())? else { return Err(NotHandled) };
    // An index entry without its row is a broken file: SQLite shall say so.
    let record = pages.row(rows, rowid)?.ok_or(NotHandled)?;
    Ok(Some(FoundRow { record, alias: None }))
}

/// The rows of `table` in the file's order: all, or those behind the row number `after`, which has
/// to be one.
pub(crate) fn rows<'p>(
    pages: &'p Pages,
    table: &Table,
    after: Option<i64>,
) -> Result<FoundRows<'p>, NotHandled> {
    let Stored { rows, alias } = Stored::of(table)?;
    let mut scan = pages.scan(rows, after)?;
    if let Some(after) = after {
        let mut record = Record::default();
        if !scan.next(&mut record)? || record.rowid() != after {
            return Err(NotHandled);
        }
    }
    Ok(FoundRows { scan, alias })
}

/// Where a table's rows are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stored {
    /// The page on which their b-tree starts.
    rows: u32,
    alias: Option<usize>,
}

impl Stored {
    /// Of a table that has a primary key of the simple kind.
    pub(crate) fn of(table: &Table) -> Result<Self, NotHandled> {
        let KeyPages { rows, key } = table.key_pages.ok_or(NotHandled)?;
        let alias = match (key, &table.schema.primary_key[..]) {
            (Some(_), _) => None,
            (None, [name]) => {
                let index = table.schema.columns.iter().position(|column| column.name == *name);
                Some(index.ok_or(NotHandled)?)
            }
            (None, _) => return Err(NotHandled),
        };
        Ok(Self { rows, alias })
    }

    /// Puts the row with a number that an index has in the place of `row`.
    pub(crate) fn row(self, pages: &Pages, number: i64, row: &mut FoundRow) -> Result<(), NotHandled> {
        row.alias = self.alias;
        // An index entry without its row is a broken file: SQLite shall say so.
        pages.row_of_many(self.rows, number, &mut row.record)?.then_some(()).ok_or(NotHandled)
    }
}

/// Appends to `found` the numbers of the rows that have `key` in the columns of an index, which has `entries`: at most
/// `most`, in their order. Null equals nothing.
pub(crate) fn numbers(
    entries: &mut Entries<'_>,
    key: &[Value],
    most: usize,
    found: &mut Vec<i64>,
) -> Result<(), NotHandled> {
    if key.contains(&Value::Null) {
        return Ok(());
    }
    if let [value] = key {
        return entries.rows(&[Part::of(value)?], most, found);
    }
    let parts = key.iter().map(Part::of).collect::<Result<Vec<_>, _>>()?;
    entries.rows(&parts, most, found)
}

/// Rows one after another.
pub(crate) struct FoundRows<'p> {
    scan: Scan<'p>,
    alias: Option<usize>,
}

impl FoundRows<'_> {
    /// Puts the next row in the place of `row`; whether there is one.
    pub(crate) fn next(&mut self, row: &mut FoundRow) -> Result<bool, NotHandled> {
        row.alias = self.alias;
        self.scan.next(&mut row.record)
    }
}

impl FoundRow {
    /// The row number.
    pub(crate) fn rowid(&self) -> i64 {
        self.record.rowid()
    }

    /// Column `index` of `table`, whose row it is, as SQLite would give it.
    #[inline]
    pub(crate) fn get(&self, index: usize, table: &Table) -> Result<ValueRef<'_>, NotHandled> {
        if self.alias == Some(index) {
            return Ok(ValueRef::Integer(self.record.rowid()));
        }
        let value = self.record.get(index)?;
        // A REAL column's whole numbers are stored as integers ("Datatypes In SQLite", section 2),
        // all of them small enough to be exact.
        if let ValueRef::Integer(number) = value
            && table.schema.columns[index].column_type.storage() == Storage::Real
        {
            return Ok(ValueRef::Real(number as f64));
        }
        Ok(value)
    }
}
