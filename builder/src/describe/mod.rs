//! The catalog -> what programs read of the data: a JSON Schema for each table, a Data Package and a
//! Croissant document for each dataset, a DCAT catalog of all. They are stored in the release, and the
//! reader returns them unchanged but for its address.
//!
//! A document is a function of the catalog's entries, descriptors and versions alone, so that it can be
//! made again and compared.

mod about;
mod croissant;
mod dcat;
mod package;
mod row_schema;

use catalog::{CATALOG, DocumentKind, Entry, Table, documents, put_document};
use rusqlite::Connection;

/// Adds the documents of all tables and datasets that the catalog has. Errors: SQLite's.
pub(crate) fn write(connection: &Connection) -> rusqlite::Result<()> {
    for kind in DocumentKind::ALL {
        for (name, document) in made(connection, kind)? {
            put_document(connection, kind, &name, &document)?;
        }
    }
    Ok(())
}

/// What does not fit: documents that are missing, others than the catalog makes, or of nothing that
/// it has.
pub(crate) fn mismatches(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut mismatches = vec![];
    for kind in DocumentKind::ALL {
        let (of, what) = match kind {
            DocumentKind::RowSchema => ("table", "JSON Schema"),
            DocumentKind::DataPackage => ("dataset", "Data Package"),
            DocumentKind::Croissant => ("dataset", "Croissant document"),
            DocumentKind::Dcat => ("release", "DCAT catalog"),
        };
        let (made, stored) = (made(connection, kind)?, documents(connection, kind)?);
        for (name, document) in &made {
            match stored.iter().find(|(known, _)| known == name) {
                Some((_, found)) if found == document => {}
                Some(_) => mismatches.push(format!("{of} `{name}`: its {what} does not match the catalog")),
                // Releases of earlier versions have none.
                None if matches!(kind, DocumentKind::Croissant | DocumentKind::Dcat) => {}
                None => mismatches.push(format!("{of} `{name}` has no {what}; build the release again")),
            }
        }
        for (name, _) in stored.iter().filter(|(name, _)| !made.iter().any(|(known, _)| known == name)) {
            mismatches.push(format!("{of} `{name}` has a {what}, but is not in the catalog"));
        }
    }
    Ok(mismatches)
}

/// The documents of that kind, by name.
fn made(connection: &Connection, kind: DocumentKind) -> rusqlite::Result<Vec<(String, String)>> {
    let tables = catalog::tables(connection)?;
    let mut made = vec![];
    match kind {
        DocumentKind::RowSchema => {
            for table in &tables {
                made.push((table.entry.name.clone(), row_schema::document(table).map_err(no_json)?));
            }
        }
        DocumentKind::DataPackage => {
            for Dataset { name, about, tables, .. } in datasets(connection, &tables)? {
                made.push((name, package::document(&about, tables.into_iter()).map_err(no_json)?));
            }
        }
        DocumentKind::Croissant => {
            for dataset in datasets(connection, &tables)? {
                let document = croissant::document(&dataset).map_err(no_json)?;
                made.push((dataset.name, document));
            }
        }
        DocumentKind::Dcat => {
            let document = dcat::document(&datasets(connection, &tables)?).map_err(no_json)?;
            made.push((CATALOG.to_owned(), document));
        }
    }
    Ok(made)
}

/// A dataset with all that is known of it.
struct Dataset<'a> {
    name: String,
    version: Option<String>,
    /// Its descriptor.
    about: String,
    /// When it changed last, where there is a change feed (RFC 3339).
    changed: Option<String>,
    tables: Vec<&'a Entry<Table>>,
}

/// All datasets, by name.
fn datasets<'a>(connection: &Connection, tables: &'a [Entry<Table>]) -> rusqlite::Result<Vec<Dataset<'a>>> {
    let mut datasets = vec![];
    for name in catalog::dataset_names(connection)? {
        let Some(Entry { entry: version, about }) = catalog::dataset(connection, &name)? else { continue };
        let changed = catalog::newest_version(connection, &name)?.map(|version| version.date);
        let tables = tables.iter().filter(|table| table.entry.dataset == name).collect();
        datasets.push(Dataset { name, version, about, changed, tables });
    }
    Ok(datasets)
}

/// A descriptor in the catalog that is not JSON.
fn no_json(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}
