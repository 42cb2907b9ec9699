//! Whether the release here is the one that was published. A deployment has the function find out, before the public is
//! given a version; no HTTP request does.

use catalog::{Database, file_digest, quote};
use serde::Serialize;

use crate::reader::Reader;

/// What was found here.
#[derive(Debug, Serialize)]
pub struct Verification {
    coldpress: &'static str,
    /// The digest and size of the database, computed from its bytes.
    database: Database,
    /// The tables, by name.
    tables: Vec<Counted>,
}

#[derive(Debug, Serialize)]
struct Counted {
    name: String,
    /// Its rows, counted one by one.
    rows: i64,
}

impl Reader {
    /// Reads all of the database. Errors: it can't be read.
    pub fn verify(&self) -> Result<Verification, Box<dyn std::error::Error + Send + Sync>> {
        let release = self.release();
        let (sha256, bytes) = file_digest(&release.database())?;
        let connection = release.connection()?;
        let tables = catalog::table_names(connection)?
            .into_iter()
            .map(|name| {
                let sql = format!("SELECT count(*) FROM {}", quote(&name));
                let rows = connection.query_row(&sql, [], |row| row.get(0))?;
                Ok(Counted { name, rows })
            })
            .collect::<rusqlite::Result<_>>()?;
        Ok(Verification { coldpress: "verify", database: Database { sha256, bytes }, tables })
    }
}
