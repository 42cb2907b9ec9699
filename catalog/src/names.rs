//! Names and numbers that both sides must agree on.

/// What the layout of `data.db` and `manifest.json` is called; raised when an older reader could
/// misread a newer file. Stored as SQLite's `user_version` and as the manifest's `format`.
pub const FORMAT_VERSION: u32 = 1;

/// SQLite's `application_id` of every `data.db`: the bytes `CPRS`.
pub const APPLICATION_ID: u32 = 0x4350_5253;

/// The database's name in a release directory and in `reader.zip`.
pub const DATABASE_FILE: &str = "data.db";

/// The manifest's name in a release directory and in `reader.zip`.
pub const MANIFEST_FILE: &str = "manifest.json";

/// The attestation's name in a release directory and in `reader.zip`, where there is one.
pub const ATTESTATION_FILE: &str = "attestation.json";

/// The name of the Lambda package that is made from a release.
pub const PACKAGE_FILE: &str = "reader.zip";

/// The one internal table.
pub const CATALOG_TABLE: &str = "coldpress_catalog";

/// The page on which the internal table's b-tree starts: it is made first, right after the page
/// that holds SQLite's schema.
pub const CATALOG_PAGE: u32 = 2;

/// No published table's name may start with these, in any case.
pub const RESERVED_PREFIXES: [&str; 2] = ["coldpress_", "sqlite_"];

/// How `CREATE INDEX` ends, behind the index's name: the builder writes it, and the reader finds indexes by it.
pub fn index_on<N: AsRef<str>>(table: &str, columns: &[N]) -> String {
    let columns: Vec<_> = columns.iter().map(|column| quote(column.as_ref())).collect();
    format!(" ON {}({})", quote(table), columns.join(", "))
}

/// `name` as an SQL identifier, with any content (SQLite, "SQL Keywords": double quotes,
/// doubled inside).
pub fn quote(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for c in name.chars() {
        if c == '"' {
            quoted.push('"');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn quote_doubles_quotes() {
        assert_eq!(quote("a b"), "\"a b\"");
        assert_eq!(quote("a\"; DROP"), "\"a\"\"; DROP\"");
    }
}
