//! The rows of a table in two databases, compared by SQLite: by key where the table has one in
//! both, as a multiset where it does not.

use std::rc::Rc;

use catalog::{ChangeKind, ColumnType, Table, is_document, key_text, quote, write_document, write_json};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement};

use super::{Cell, RowChange};
use crate::failure::Failure;

/// A table in the connection's databases `main`, the new one, and `old`.
#[derive(Debug)]
pub(crate) struct TablePair<'a> {
    connection: &'a Connection,
    old: &'a Table,
    new: &'a Table,
}

impl<'a> TablePair<'a> {
    pub(crate) fn new(connection: &'a Connection, old: &'a Table, new: &'a Table) -> Self {
        Self { connection, old, new }
    }

    /// The columns by which a row is found again: the primary key, where it is the same in both.
    pub(crate) fn key(&self) -> Option<&'a [String]> {
        let key = &self.new.schema.primary_key;
        let storage =
            |table: &Table, name: &str| table.column(name).map(|column| column.column_type.storage());
        let same = |name: &String| storage(self.old, name) == storage(self.new, name);
        (!key.is_empty() && *key == self.old.schema.primary_key && key.iter().all(same)).then_some(key)
    }

    /// Gives every row that differs: first those that were removed, in the old order, then those
    /// that were changed, then those that were added, in the new order.
    pub(crate) fn each(&self, give: &mut dyn FnMut(RowChange) -> Result<(), Failure>) -> Result<(), Failure> {
        match self.key() {
            Some(key) => {
                let matched = equal("n", "o", key);
                self.without_partner(ChangeKind::Removed, &matched, give)?;
                self.changed(&matched, give)?;
                self.without_partner(ChangeKind::Added, &matched, give)
            }
            None => self.multiset(give),
        }
    }

    /// Whether rows that other tables of the old release referred to by these columns are gone.
    pub(crate) fn referenced_rows_are_gone(&self, tables: &[&Table]) -> Result<bool, Failure> {
        for reference in &self.old.referenced_by {
            let by_another = reference.table != self.old.name
                && tables.iter().any(|table| table.name == reference.table)
                && reference.references.iter().all(|column| self.new.column(column).is_some());
            if !by_another {
                continue;
            }
            let pairs = reference.columns.iter().zip(&reference.references);
            let refers: Vec<String> =
                pairs.map(|(own, referred)| format!("c.{} = o.{}", quote(own), quote(referred))).collect();
            let sql = format!(
                "SELECT EXISTS (SELECT 1 FROM old.{} AS o WHERE NOT EXISTS (SELECT 1 FROM main.{} AS n WHERE {}) \
                 AND EXISTS (SELECT 1 FROM old.{} AS c WHERE {}))",
                quote(&self.old.name),
                quote(&self.new.name),
                equal("n", "o", &reference.references),
                quote(&reference.table),
                refers.join(" AND "),
            );
            if self.connection.query_row(&sql, [], |row| row.get(0)).map_err(failed)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The rows of one side whose key the other side does not have.
    fn without_partner(
        &self,
        kind: ChangeKind,
        matched: &str,
        give: &mut dyn FnMut(RowChange) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let (table, from, other) = match kind {
            ChangeKind::Removed => (self.old, "old.{} AS o", "main.{} AS n"),
            _ => (self.new, "main.{} AS n", "old.{} AS o"),
        };
        let alias = &from[from.len() - 1..];
        let name = quote(&table.name);
        let sql = format!(
            "SELECT {} FROM {} WHERE NOT EXISTS (SELECT 1 FROM {} WHERE {matched}) ORDER BY {alias}.{}",
            columns(table, alias),
            from.replace("{}", &name),
            other.replace("{}", &name),
            rowid(table),
        );
        let reading = Reading::new(table);
        let mut statement = self.connection.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            give(reading.whole(row, kind)?)?;
        }
        Ok(())
    }

    /// The rows that both have, with other values. An absent column counts as null.
    fn changed(
        &self,
        matched: &str,
        give: &mut dyn FnMut(RowChange) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let name = quote(&self.new.name);
        // Without its affinity (a plus) a text is never equal to a number.
        let (mut new, mut old, mut alone) = (vec![], vec![], vec![]);
        for column in &self.new.schema.columns {
            let quoted = quote(&column.name);
            match self.old.column(&column.name) {
                Some(other) if other.column_type.storage() == column.column_type.storage() => {
                    new.push(format!("+n.{quoted}"));
                    old.push(format!("+o.{quoted}"));
                }
                Some(_) => alone.extend([format!("n.{quoted}"), format!("o.{quoted}")]),
                None => alone.push(format!("n.{quoted}")),
            }
        }
        let removed = self.old.schema.columns.iter().filter(|column| self.new.column(&column.name).is_none());
        alone.extend(removed.map(|column| format!("o.{}", quote(&column.name))));
        let mut conditions = vec![];
        if !new.is_empty() {
            conditions.push(format!("({}) IS NOT ({})", new.join(", "), old.join(", ")));
        }
        // In parts: a row value is limited too, by SQLite's limit of columns.
        for part in alone.chunks(1_000) {
            let nulls = vec!["NULL"; part.len()].join(", ");
            conditions.push(format!("({}) IS NOT ({nulls})", part.join(", ")));
        }
        let sql = format!(
            "SELECT o.{}, n.{new_row} FROM main.{name} AS n CROSS JOIN old.{name} AS o ON {matched} \
             WHERE {} ORDER BY n.{new_row}",
            rowid(self.old),
            conditions.join(" OR "),
            new_row = rowid(self.new),
        );
        let (old_side, new_side) = (Reading::new(self.old), Reading::new(self.new));
        let mut old_row = self.by_rowid("old", self.old)?;
        let mut new_row = self.by_rowid("main", self.new)?;
        let mut statement = self.connection.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let (old, new): (i64, i64) = row.get(0).and_then(|old| Ok((old, row.get(1)?))).map_err(failed)?;
            let old = one(&mut old_row, old, |row| old_side.whole(row, ChangeKind::Removed))?;
            let new = one(&mut new_row, new, |row| new_side.whole(row, ChangeKind::Added))?;
            let change = differing(old, new);
            // Storage may differ where JSON does not: 1 as an integer, and as a double.
            if !change.old.is_empty() || !change.new.is_empty() {
                give(change)?;
            }
        }
        Ok(())
    }

    fn by_rowid(&self, database: &str, table: &Table) -> Result<Statement<'a>, Failure> {
        let sql = format!(
            "SELECT {} FROM {database}.{} AS t WHERE t.{} = ?",
            columns(table, "t"),
            quote(&table.name),
            rowid(table)
        );
        self.connection.prepare(&sql).map_err(failed)
    }

    /// How often each row occurs on either side, over the columns that both have.
    fn multiset(&self, give: &mut dyn FnMut(RowChange) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut shared = self.new.clone();
        shared.schema.columns.retain(|column| {
            let other = self.old.column(&column.name);
            other.is_some_and(|other| other.column_type.storage() == column.column_type.storage())
        });
        shared.schema.primary_key.clear();
        let names: Vec<String> = shared.schema.columns.iter().map(|column| quote(&column.name)).collect();
        if names.is_empty() {
            return Ok(());
        }
        // Names of our own: a column may have any.
        let own: Vec<String> = (0..names.len()).map(|index| format!("c{index}")).collect();
        let (names, own, table) = (names.join(", "), own.join(", "), quote(&self.new.name));
        let sql = format!(
            "WITH both({own}, side, place) AS (\
             SELECT {names}, -1, {} FROM old.{table} UNION ALL SELECT {names}, 1, {} FROM main.{table}) \
             SELECT {own}, sum(side) FROM both GROUP BY {own} HAVING sum(side) <> 0 \
             ORDER BY sum(side) > 0, min(place)",
            rowid(self.old),
            rowid(self.new),
        );
        let reading = Reading::new(&shared);
        let mut statement = self.connection.prepare(&sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let surplus: i64 = row.get(reading.columns.len()).map_err(failed)?;
            let kind = if surplus < 0 { ChangeKind::Removed } else { ChangeKind::Added };
            for _ in 0..surplus.unsigned_abs() {
                give(reading.whole(row, kind)?)?;
            }
        }
        Ok(())
    }
}

/// Rows of one table as cells.
pub(crate) struct Reading {
    columns: Vec<(Rc<str>, ColumnType)>,
    key: Vec<usize>,
}

impl Reading {
    pub(crate) fn new(table: &Table) -> Self {
        let columns = table.schema.columns.iter();
        let position = |name: &String| table.schema.columns.iter().position(|column| column.name == *name);
        Self {
            columns: columns.map(|column| (column.name.as_str().into(), column.column_type)).collect(),
            key: table.schema.primary_key.iter().filter_map(position).collect(),
        }
    }

    /// A row whose columns are those of the table: `old` where it was removed, else `new`.
    pub(crate) fn whole(&self, row: &Row<'_>, kind: ChangeKind) -> Result<RowChange, Failure> {
        let mut cells = Vec::with_capacity(self.columns.len());
        for (index, (column, of)) in self.columns.iter().enumerate() {
            let mut json = Vec::new();
            match row.get_ref(index).map_err(failed)? {
                ValueRef::Text(text) if *of == ColumnType::Any && is_document(text) => {
                    write_document(text, &mut json);
                }
                value => write_json(value, of.storage(), &mut json).map_err(unfit)?,
            }
            let json = String::from_utf8(json).map_err(|_| unfit(catalog::ValueError::NotUtf8))?;
            cells.push(Cell { column: Rc::clone(column), json });
        }
        let mut parts = Vec::with_capacity(self.key.len());
        for index in &self.key {
            parts.push((row.get_ref(*index).map_err(failed)?, self.columns[*index].1.storage()));
        }
        let key = if parts.is_empty() { None } else { Some(key_text(&parts).map_err(unfit)?) };
        let (old, new) = if kind == ChangeKind::Removed { (cells, vec![]) } else { (vec![], cells) };
        Ok(RowChange { kind, key, old, new })
    }
}

/// What differs between a row before and after.
fn differing(old: RowChange, new: RowChange) -> RowChange {
    let other = |cells: &[Cell], cell: &Cell| {
        cells.iter().find(|other| other.column == cell.column).map(|other| other.json.clone())
    };
    // The same columns in the same order is the usual case, and needs no search.
    let differs = |cells: &[Cell], index: usize, cell: &Cell| match cells.get(index) {
        Some(other) if other.column == cell.column => other.json != cell.json,
        _ => other(cells, cell).unwrap_or_else(|| "null".into()) != cell.json,
    };
    let only = |own: &[Cell], others: &[Cell]| -> Vec<Cell> {
        let cells = own.iter().enumerate().filter(|(index, cell)| differs(others, *index, cell));
        cells.map(|(_, cell)| cell.clone()).collect()
    };
    RowChange {
        kind: ChangeKind::Changed,
        key: new.key,
        old: only(&old.old, &new.new),
        new: only(&new.new, &old.old),
    }
}

fn one(
    statement: &mut Statement<'_>,
    rowid: i64,
    read: impl FnOnce(&Row<'_>) -> Result<RowChange, Failure>,
) -> Result<RowChange, Failure> {
    let mut rows = statement.query([rowid]).map_err(failed)?;
    let row = rows.next().map_err(failed)?;
    read(row.ok_or_else(|| failed(rusqlite::Error::QueryReturnedNoRows))?)
}

fn columns(table: &Table, alias: &str) -> String {
    let names = table.schema.columns.iter().map(|column| format!("{alias}.{}", quote(&column.name)));
    names.collect::<Vec<_>>().join(", ")
}

fn equal(a: &str, b: &str, columns: &[String]) -> String {
    let pairs = columns.iter().map(|column| format!("{a}.{0} = {b}.{0}", quote(column)));
    pairs.collect::<Vec<_>>().join(" AND ")
}

/// Every table has one; the builder sees to it.
fn rowid(table: &Table) -> &'static str {
    table.rowid().unwrap_or("rowid")
}

pub(super) fn failed(error: rusqlite::Error) -> Failure {
    Failure::sqlite("can't compare the releases")(error)
}

fn unfit(error: catalog::ValueError) -> Failure {
    Failure::Refused(format!("a release can't be compared: {error}"))
}
