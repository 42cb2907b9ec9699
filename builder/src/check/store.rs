//! The columns of keys and references in a temporary database, and the problems found there.

use std::collections::BTreeSet;

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ErrorCode, Statement};

use super::locate::{Located, locate};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::table::batch::{Batch, values};
use crate::table::keys;
use crate::table::pipeline::{ReadPlan, Run, Store, run};
use crate::table::references::{Side, rows_without_partner};
use crate::table::rows::Summary;
use datapackage::finding::{Code, Column, Finding, Findings, KEPT_PER_FILE, Severity};
use datapackage::schema::{Dataset, Table};

/// SQLite names no file for the database: it lives in memory as far as the cache goes, then in
/// a file that has no name and ends with the connection.
const SETTINGS: &str = "
    PRAGMA journal_mode = MEMORY;
    PRAGMA synchronous = OFF;
    PRAGMA temp_store = FILE;
    PRAGMA cache_size = -2048;
    PRAGMA threads = 2;
    BEGIN;
";

/// Checks the rows of all tables, and returns how many there are and what was found.
pub(crate) fn check_rows(
    datasets: &[Dataset],
    root: &str,
    progress: &Progress,
) -> Result<(u64, Findings), Failure> {
    let tables: Vec<&Table> = datasets.iter().flat_map(|dataset| &dataset.tables).collect();
    let needs: Vec<Needs> = tables.iter().map(|table| Needs::new(table, &tables)).collect();
    let plans: Vec<ReadPlan<'_>> = tables
        .iter()
        .zip(&needs)
        .map(|(&table, needs)| ReadPlan {
            table,
            kept: needs.columns(true),
            ascending: needs.row_number,
            kept_otherwise: needs.columns(false),
            schema: None,
        })
        .collect();
    let connection = Connection::open("").and_then(|connection| {
        connection.execute_batch(SETTINGS)?;
        Ok(connection)
    });
    let connection = connection.map_err(failed)?;
    let mut keys = Keys {
        connection: &connection,
        tables: &tables,
        needs: &needs,
        root,
        progress,
        current: None,
        insert: None,
        loaded: vec![],
        unread: vec![],
        findings: Findings::default(),
        rows: 0,
    };
    let mut findings = run(&Run { datasets: root, stop_at_error: false, progress }, &plans, &mut keys)?;
    keys.check_references()?;
    findings.append(keys.findings);
    Ok((keys.rows, findings))
}

fn failed(error: rusqlite::Error) -> Failure {
    Failure::sqlite("can't keep the keys in a temporary database")(error)
}

/// What must be kept of a table.
struct Needs {
    row_number: Option<usize>,
    keys: Vec<Vec<usize>>,
    /// The columns of its foreign keys, and those that foreign keys refer to.
    references: Vec<Vec<usize>>,
    referred: Vec<Vec<usize>>,
}

impl Needs {
    fn new(table: &Table, tables: &[&Table]) -> Self {
        let mut referred: Vec<Vec<usize>> = tables
            .iter()
            .flat_map(|from| &from.foreign_keys)
            .filter(|key| key.table == table.name)
            .map(|key| keys::fields(table, &key.references))
            .collect();
        referred.sort();
        referred.dedup();
        Self {
            row_number: keys::row_number(table),
            keys: keys::unique_keys(table),
            references: table.foreign_keys.iter().map(|key| keys::fields(table, &key.columns)).collect(),
            referred,
        }
    }

    /// The keys that must be compared: not the one that ascends.
    fn keys(&self, ascends: bool) -> impl Iterator<Item = &Vec<usize>> {
        let proven = self.row_number.filter(|_| ascends);
        self.keys.iter().filter(move |key| proven.is_none_or(|field| key[..] != [field]))
    }

    /// The fields to keep, in order.
    fn columns(&self, ascends: bool) -> Vec<usize> {
        let fields: BTreeSet<usize> =
            self.keys(ascends).chain(&self.references).chain(&self.referred).flatten().copied().collect();
        fields.into_iter().collect()
    }
}

struct Keys<'c, 'a> {
    connection: &'c Connection,
    tables: &'a [&'a Table],
    needs: &'a [Needs],
    root: &'a str,
    progress: &'a Progress,
    current: Option<usize>,
    insert: Option<Statement<'c>>,
    /// For each table that was read to its end whether its key ascends.
    loaded: Vec<bool>,
    /// For each of them the fields that it has unread values of.
    unread: Vec<BTreeSet<usize>>,
    findings: Findings,
    rows: u64,
}

impl Store for Keys<'_, '_> {
    type Error = Failure;

    fn begin(&mut self, table: usize, ascends: bool, _: &[usize]) -> Result<(), Failure> {
        self.insert = None;
        if self.current == Some(table) {
            self.connection.execute_batch(&format!("DROP TABLE IF EXISTS t{table}")).map_err(failed)?;
            self.loaded.pop();
        }
        self.current = Some(table);
        self.loaded.push(ascends);
        let columns = self.needs[table].columns(ascends);
        if columns.is_empty() {
            return Ok(());
        }
        let fields = &self.tables[table].fields;
        let list: Vec<String> = columns
            .iter()
            .map(|field| format!("c{field} {}", fields[*field].field_type.storage().sql()))
            .collect();
        let parameters = vec!["?"; columns.len()].join(",");
        let prepare = || {
            self.connection.execute_batch(&format!("CREATE TABLE t{table}({})", list.join(", ")))?;
            self.connection.prepare(&format!("INSERT INTO t{table} VALUES ({parameters})"))
        };
        self.insert = Some(prepare().map_err(failed)?);
        Ok(())
    }

    fn batch(&mut self, batch: &Batch) -> Result<(), Failure> {
        let Some(insert) = &mut self.insert else { return Ok(()) };
        for (_, row) in batch.rows() {
            for (column, value) in values(row).enumerate() {
                insert.raw_bind_parameter(column + 1, ToSqlOutput::Borrowed(value)).map_err(failed)?;
            }
            insert.raw_execute().map_err(failed)?;
        }
        if batch.is_large() {
            insert.clear_bindings();
        }
        Ok(())
    }

    fn end(&mut self, table: usize, summary: Summary) -> Result<(), Failure> {
        self.insert = None;
        self.rows += summary.rows;
        self.unread.push(summary.unread);
        let needs = &self.needs[table];
        let ascends = self.loaded[table];
        let mut indexed: Vec<&Vec<usize>> = vec![];
        for (number, key) in needs.keys(ascends).enumerate() {
            self.progress.step(&format!("comparing the keys of {}", self.tables[table].name));
            if self.index(table, number, key)? {
                indexed.push(key);
            } else {
                self.duplicates(table, key)?;
            }
        }
        for (number, referred) in needs.referred.iter().enumerate() {
            if !indexed.iter().any(|key| keys::serves(key, referred)) {
                let sql = format!("CREATE INDEX r{table}_{number} ON t{table}({})", names(referred));
                self.connection.execute_batch(&sql).map_err(failed)?;
            }
        }
        Ok(())
    }
}

impl Keys<'_, '_> {
    /// Tries to make a unique index; false if a key is duplicate.
    fn index(&self, table: usize, number: usize, key: &[usize]) -> Result<bool, Failure> {
        let sql = format!("CREATE UNIQUE INDEX u{table}_{number} ON t{table}({})", names(key));
        match self.connection.execute_batch(&sql) {
            Ok(()) => Ok(true),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// Reports every row whose key an earlier row has.
    fn duplicates(&mut self, table: usize, key: &[usize]) -> Result<(), Failure> {
        let present: Vec<String> = key.iter().map(|field| format!("c{field} IS NOT NULL")).collect();
        let sql = format!(
            "SELECT row, first FROM (SELECT rowid AS row, min(rowid) OVER (PARTITION BY {}) AS first \
             FROM t{table} WHERE {}) WHERE row <> first ORDER BY row",
            names(key),
            present.join(" AND ")
        );
        let found = self.found(&sql)?;
        let rows =
            locate(self.tables[table], found.rows.iter().flat_map(|(row, first)| [Some(*row), *first]))?;
        let mut last = None;
        for (row, first) in &found.rows {
            let (Some(row), Some(first)) = (rows.get(row), first.and_then(|first| rows.get(&first))) else {
                return Err(changed());
            };
            let mut message = format!(
                "key ({}) = ({}) is already used on line {}",
                self.fields(table, key),
                row.values(key),
                first.line
            );
            if row.file != first.file {
                message.push_str(&format!(" of `{}`", self.path(table, first.file)));
            }
            let finding = self.finding(table, row, Code::DuplicateKey, key, message);
            self.findings.push(finding.clone());
            last = Some(finding);
        }
        self.count_rest(last.as_ref(), found.more);
        Ok(())
    }

    /// Reports every row that refers to a row that is not there.
    fn check_references(&mut self) -> Result<(), Failure> {
        let tables = self.tables;
        for (index, table) in tables.iter().enumerate().take(self.loaded.len()) {
            for key in &table.foreign_keys {
                let Some(to) = tables.iter().position(|to| to.name == key.table) else { continue };
                let Some(unread) = self.unread.get(to) else { continue };
                let to_fields = keys::fields(tables[to], &key.references);
                if to_fields.iter().any(|field| unread.contains(field)) {
                    continue; // a value that is not found may be one of those that could not be read
                }
                self.progress.step(&format!("following references of {}", table.name));
                let from_fields = keys::fields(table, &key.columns);
                let column =
                    |fields: &[usize]| fields.iter().map(|field| format!("c{field}")).collect::<Vec<_>>();
                let sql = format!(
                    "SELECT c.rowid, NULL {} ORDER BY c.rowid",
                    rows_without_partner(
                        &Side { table: &format!("t{index}"), columns: &column(&from_fields) },
                        &Side { table: &format!("t{to}"), columns: &column(&to_fields) },
                    )
                );
                let found = self.found(&sql)?;
                let rows = locate(table, found.rows.iter().map(|(row, _)| Some(*row)))?;
                let mut last = None;
                for (row, _) in &found.rows {
                    let row = rows.get(row).ok_or_else(changed)?;
                    let values = row.values(&from_fields);
                    let message = match (&from_fields[..], &key.references[..]) {
                        ([field], [referred]) => format!(
                            "column `{}`: {values} is not in `{}.{referred}`",
                            table.fields[*field].name, key.table
                        ),
                        _ => format!(
                            "key ({}) = ({values}) is not in `{}` ({})",
                            self.fields(index, &from_fields),
                            key.table,
                            self.fields(to, &to_fields)
                        ),
                    };
                    let finding = self.finding(index, row, Code::UnknownReference, &from_fields, message);
                    self.findings.push(finding.clone());
                    last = Some(finding);
                }
                self.count_rest(last.as_ref(), found.more);
            }
        }
        Ok(())
    }

    /// The first rows that a query gives, and how many more there are.
    fn found(&self, sql: &str) -> Result<Violations, Failure> {
        let query = || {
            let mut found = Violations { rows: vec![], more: 0 };
            let mut statement = self.connection.prepare(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if (found.rows.len() as u64) < KEPT_PER_FILE {
                    let (row, other): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
                    found.rows.push((row.unsigned_abs(), other.map(i64::unsigned_abs)));
                } else {
                    found.more += 1;
                }
            }
            Ok(found)
        };
        query().map_err(failed)
    }

    fn finding(&self, table: usize, row: &Located, code: Code, key: &[usize], message: String) -> Finding {
        let column = match key {
            [field] => row.cells[*field].as_ref().map(|(number, _)| Column {
                number: *number,
                name: self.tables[table].fields[*field].name.clone(),
            }),
            _ => None,
        };
        Finding {
            path: self.path(table, row.file),
            line: Some(row.line),
            column,
            code,
            severity: Severity::Error,
            message,
            help: None,
        }
    }

    /// Counts findings like the last one that are not described one by one.
    fn count_rest(&mut self, last: Option<&Finding>, more: u64) {
        if let Some(last) = last.filter(|_| more > 0) {
            self.findings.count(last, more);
        }
    }

    fn path(&self, table: usize, file: usize) -> String {
        format!("{}/{}", self.root, self.tables[table].files[file].path)
    }

    fn fields(&self, table: usize, key: &[usize]) -> String {
        let names = key.iter().map(|field| format!("`{}`", self.tables[table].fields[*field].name));
        names.collect::<Vec<_>>().join(", ")
    }
}

struct Violations {
    /// A row's number, and that of another that it meets.
    rows: Vec<(u64, Option<u64>)>,
    more: u64,
}

fn changed() -> Failure {
    Failure::Refused("the datasets changed while they were read; check again".into())
}

/// The fields' columns in the temporary database.
fn names(fields: &[usize]) -> String {
    fields.iter().map(|field| format!("c{field}")).collect::<Vec<_>>().join(", ")
}
