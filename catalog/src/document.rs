//! Documents that the reader returns unchanged: made by the builder, one row of the catalog each,
//! and so beside what requests for rows read.

use rusqlite::Connection;

use crate::store;

/// What a document describes, and in which standard's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// The rows of a table: JSON Schema 2020-12.
    RowSchema,
    /// A dataset: Data Package v2, with its tables as CSV beside it.
    DataPackage,
    /// A dataset: Croissant 1.0.
    Croissant,
    /// All datasets: DCAT 3, as JSON-LD. Its name is [`CATALOG`].
    Dcat,
}

/// The name of the document that describes all datasets.
pub const CATALOG: &str = "catalog";

/// The address with which those of a release begin in documents that need whole ones; who serves the release
/// puts its own in place. No server has this one (RFC 2606, section 2).
pub const ADDRESS: &str = "https://release.invalid/";

impl DocumentKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::RowSchema, Self::DataPackage, Self::Croissant, Self::Dcat];

    /// The `kind` of its rows in the catalog.
    fn key(self) -> &'static str {
        match self {
            Self::RowSchema => "schema",
            Self::DataPackage => "datapackage",
            Self::Croissant => "croissant",
            Self::Dcat => "dcat",
        }
    }
}

/// Adds the document of a table or dataset. Errors: SQLite's, also if it already exists.
pub fn put_document(
    connection: &Connection,
    kind: DocumentKind,
    name: &str,
    document: &str,
) -> rusqlite::Result<()> {
    store::put(connection, kind.key(), name, "", document)
}

/// The document of that table or dataset, or `None`. One look-up by key.
pub fn document(connection: &Connection, kind: DocumentKind, name: &str) -> rusqlite::Result<Option<String>> {
    store::about(connection, kind.key(), name)
}

/// All documents of a kind, by name.
pub fn documents(connection: &Connection, kind: DocumentKind) -> rusqlite::Result<Vec<(String, String)>> {
    connection
        .prepare("SELECT name, about FROM coldpress_catalog WHERE kind = ? ORDER BY name")?
        .query_map([kind.key()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_found() {
        let connection = Connection::open_in_memory().unwrap();
        crate::create(&connection).unwrap();
        for (kind, name, text) in [
            (DocumentKind::RowSchema, "books", "{}"),
            (DocumentKind::RowSchema, "authors", "{\"type\": \"object\"}"),
            (DocumentKind::DataPackage, "books", "{\"name\": \"books\"}"),
        ] {
            put_document(&connection, kind, name, text).unwrap();
            assert_eq!(document(&connection, kind, name).unwrap().as_deref(), Some(text));
        }
        assert_eq!(document(&connection, DocumentKind::DataPackage, "authors").unwrap(), None);
        let names = documents(&connection, DocumentKind::RowSchema).unwrap();
        assert_eq!(names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["authors", "books"]);
        assert_eq!(crate::table_names(&connection).unwrap(), [""; 0]);
    }
}
