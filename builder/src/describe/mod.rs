//! The catalog -> what programs read of the data: a JSON Schema for each table, a Data Package for
//! each dataset. They are stored in the release, and the reader returns them unchanged.
//!
//! A document is a function of the catalog's entries and descriptors alone, so that it can be made
//! again and compared.

mod package;
mod row_schema;

use catalog::{DocumentKind, documents, put_document};
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
        };
        let (made, stored) = (made(connection, kind)?, documents(connection, kind)?);
        for (name, document) in &made {
            match stored.iter().find(|(known, _)| known == name) {
                Some((_, found)) if found == document => {}
                Some(_) => mismatches.push(format!("{of} `{name}`: its {what} does not match the catalog")),
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
            for name in catalog::dataset_names(connection)? {
                let Some(dataset) = catalog::dataset(connection, &name)? else { continue };
                let of_it = tables.iter().filter(|table| table.entry.dataset == name);
                let document = package::document(&dataset.about, of_it).map_err(no_json)?;
                made.push((name, document));
            }
        }
    }
    Ok(made)
}

/// A descriptor in the catalog that is not JSON.
fn no_json(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}
