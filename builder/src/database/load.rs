//! All tables into the database: their rows as pages of its file, then everything else by SQLite, in one write
//! transaction.

use std::path::Path;

use catalog::{APPLICATION_ID, ColumnType, FORMAT_VERSION, Language, Reference, Search};
use rusqlite::{Connection, ErrorCode};

use super::adopt::{Adopted, adopt, create, open};
use super::analyze::analyze;
use super::btree::PageFile;
use super::key_pages::key_pages;
use super::layout::{Layout, schema};
use super::rows::{Rows, Written};
use super::search;
use crate::describe;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::table::content::Content;
use crate::table::keys;
use crate::table::pipeline::{ReadPlan, Run, run};
use crate::table::references::{Side, values_without_partner};
use crate::table::rows::Summary;
use crate::tree::{TreeError, row_tree};
use datapackage::finding::Findings;
use datapackage::schema::{Dataset, Table};

/// Why no database was built.
pub(crate) enum BuildError {
    /// The data has errors; `check` lists them.
    Data,
    /// The builder can't go on.
    Failure(Failure),
}

impl From<Failure> for BuildError {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<rusqlite::Error> for BuildError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failure(Failure::sqlite("can't write the database")(error))
    }
}

/// Writes the database at `path`, which does not exist yet, and returns what is known of each
/// table, in the order of `datasets`. Warnings go to `warnings`; `feed` adds the change
/// feed. A foreign key to a table that is not among `datasets` is not followed.
pub(crate) fn load(
    path: &Path,
    datasets: &[Dataset],
    root: &str,
    warnings: &mut Findings,
    progress: &Progress,
    feed: &mut dyn FnMut(&Connection) -> Result<(), Failure>,
) -> Result<Vec<Summary>, BuildError> {
    let tables: Vec<&Table> = datasets.iter().flat_map(|dataset| &dataset.tables).collect();
    let plans: Vec<ReadPlan<'_>> = tables
        .iter()
        .map(|&table| ReadPlan {
            table,
            kept: (0..table.fields.len()).collect(),
            ascending: keys::row_number(table),
            kept_otherwise: (0..table.fields.len()).collect(),
            schema: Some(schema(table)),
        })
        .collect();
    create(path)?;
    let file = PageFile::open(path).map_err(Failure::io("write", path)).map_err(BuildError::Failure)?;
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut rows = Rows::new(file, directory, &tables, progress);
    let findings = run(&Run { datasets: root, stop_at_error: true, progress }, &plans, &mut rows)?;
    let mut written = rows.finish()?;
    if findings.has_errors() || written.len() < tables.len() {
        return Err(BuildError::Data);
    }
    warnings.append(findings);
    let connection = open(path)?;
    connection.execute_batch("BEGIN EXCLUSIVE")?;
    let names = create_schema(&connection, &tables, &written, progress)?;
    grow_trees(&connection, &tables, &mut written, progress)?;
    check_references(&connection, &tables, progress)?;
    let searches = search::create(&connection, &tables, progress)?;
    write_catalog(&connection, datasets, &written, searches)?;
    feed(&connection).map_err(BuildError::Failure)?;
    describe::write(&connection)?;
    progress.step("gathering statistics");
    analyze(&connection, &tables, &written, &names)?;
    connection.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT_VERSION}; COMMIT;"
    ))?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(written.into_iter().map(|written| written.summary).collect())
}

/// Puts the tables and indexes that are in the file into its schema, and creates the other indexes. Returns the names
/// of each table's indexes.
fn create_schema(
    connection: &Connection,
    tables: &[&Table],
    written: &[Written],
    progress: &Progress,
) -> Result<Vec<Vec<String>>, BuildError> {
    let mut names = vec![];
    let (mut in_file, mut to_create) = (vec![], vec![]);
    let mut number = 0;
    for (table, Written { ascends, root, indexes, summary }) in tables.iter().zip(written) {
        let layout = Layout::new(table, *ascends, &summary.nan);
        let (name, sql) = (table.name.clone(), layout.create_table());
        in_file.push(Adopted { kind: "table", name, table: &table.name, root: *root, sql });
        let mut of_table = vec![];
        for (index, found) in layout.indexes().iter().zip(indexes) {
            number += 1;
            let (name, sql) = (Layout::index_name(number), layout.create_index(index, number));
            of_table.push(name.clone());
            match found {
                Some(index) => {
                    let root = index.root;
                    in_file.push(Adopted { kind: "index", name, table: &table.name, root, sql });
                }
                None => to_create.push((&table.name, sql)),
            }
        }
        names.push(of_table);
    }
    adopt(connection, in_file.into_iter())?;
    for (table, sql) in to_create {
        progress.step(&format!("indexing {table}"));
        connection.execute_batch(&sql).map_err(problem_if_constraint)?;
    }
    Ok(names)
}

/// Puts the leaves of each table in the order of its key, which its index has by now.
fn grow_trees(
    connection: &Connection,
    tables: &[&Table],
    written: &mut [Written],
    progress: &Progress,
) -> Result<(), BuildError> {
    for (table, Written { summary, .. }) in tables.iter().zip(written) {
        let Some(content) = &mut summary.content else { continue };
        progress.step(&format!("hashing {}", table.name));
        let leaves = std::mem::take(&mut content.leaves);
        summary.tree = Some(row_tree(connection, &table.name, &schema(table), leaves)?);
    }
    Ok(())
}

impl From<TreeError> for BuildError {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::Sqlite(error) => error.into(),
            TreeError::Io(error) => Self::Failure(Failure::Refused(format!("can't hash the rows: {error}"))),
        }
    }
}

/// A value that a constraint refuses is a matter of the data: a duplicate key.
fn problem_if_constraint(error: rusqlite::Error) -> BuildError {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => BuildError::Data,
        _ => error.into(),
    }
}

fn check_references(
    connection: &Connection,
    tables: &[&Table],
    progress: &Progress,
) -> Result<(), BuildError> {
    for table in tables {
        for key in &table.foreign_keys {
            if !tables.iter().any(|table| table.name == key.table) || compares_datetimes(table, &key.columns)
            {
                continue;
            }
            progress.step(&format!("following references of {}", table.name));
            let from = Side { table: &table.name, columns: &key.columns };
            let to = Side { table: &key.table, columns: &key.references };
            let sql = format!("SELECT EXISTS (SELECT 1 {})", values_without_partner(&from, &to));
            if connection.query_row(&sql, [], |row| row.get(0))? {
                return Err(BuildError::Data);
            }
        }
    }
    Ok(())
}

/// Whether a foreign key has datetimes, which one comparison of texts can't compare.
fn compares_datetimes(table: &Table, columns: &[String]) -> bool {
    let is_datetime = |field: &usize| table.fields[*field].field_type == ColumnType::Datetime;
    keys::fields(table, columns).iter().any(is_datetime)
}

/// Whether the keys and references of what was loaded are right as far as texts go, and different texts can
/// be one point in time: only `check` compares those.
pub(super) fn needs_check(datasets: &[Dataset], summaries: &[Summary]) -> bool {
    let mut tables = datasets.iter().flat_map(|dataset| &dataset.tables);
    summaries.iter().any(|summary| summary.respelled)
        || tables.any(|table| table.foreign_keys.iter().any(|key| compares_datetimes(table, &key.columns)))
}

fn write_catalog(
    connection: &Connection,
    datasets: &[Dataset],
    written: &[Written],
    searches: Vec<Vec<Search>>,
) -> rusqlite::Result<()> {
    let mut summaries = written.iter().map(|written| &written.summary).zip(searches);
    let keys = || {
        datasets
            .iter()
            .flat_map(|dataset| &dataset.tables)
            .flat_map(|from| from.foreign_keys.iter().map(|key| (from.name.as_str(), key)))
    };
    for dataset in datasets {
        catalog::put_dataset(connection, &dataset.name, dataset.version.as_deref(), &dataset.about)?;
        for (table, (summary, searches)) in dataset.tables.iter().zip(&mut summaries) {
            let (simple, stemmed): (Vec<_>, _) =
                searches.into_iter().partition(|search| search.language == Language::Simple);
            let entry = catalog::Table {
                name: table.name.clone(),
                dataset: dataset.name.clone(),
                rows: summary.rows,
                digest: summary.content.as_ref().map(|content| content.digest.clone()).unwrap_or_default(),
                schema: schema(table),
                referenced_by: Reference::all_to(&table.name, keys()),
                key_pages: key_pages(connection, table)?,
                search: simple.into_iter().next(),
                stemmed,
                label: table.label.clone(),
                nan: summary.nan.iter().map(|field| table.fields[*field].name.clone()).collect(),
            };
            catalog::put_table(connection, &entry, &table.about)?;
            if let Some(Content { offsets, statistics, .. }) = &summary.content {
                catalog::put_offsets(connection, &table.name, offsets)?;
                catalog::put_statistics(connection, &table.name, statistics)?;
            }
            if let Some(tree) = &summary.tree {
                catalog::put_row_tree(connection, &table.name, tree)?;
            }
        }
    }
    Ok(())
}
