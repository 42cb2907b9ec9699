//! The deployment's own question, `{"coldpress":"verify"}`: is the release here the one that was
//! published? It is asked of a version by its number before the public is given it; no HTTP event
//! can be read as it.

use catalog::{Database, file_digest, quote};
use serde::{Deserialize, Serialize};

use crate::release::Release;

/// What was found here.
#[derive(Debug, Serialize)]
pub(crate) struct Verification {
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

/// Whether an event asks for a verification.
pub(crate) fn is_asked_for(event: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Question<'a> {
        coldpress: &'a str,
    }
    serde_json::from_str(event).is_ok_and(|question: Question<'_>| question.coldpress == "verify")
}

/// Reads all of the database. Errors: it can't be read.
pub(crate) fn verify(release: &Release) -> Result<Verification, Box<dyn std::error::Error + Send + Sync>> {
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

#[cfg(test)]
mod tests {
    use super::is_asked_for;

    #[test]
    fn only_the_question_itself_is_one() {
        assert!(is_asked_for(r#"{"coldpress":"verify"}"#));
        assert!(is_asked_for("{ \"coldpress\" : \"verify\" }\n"));
        assert!(!is_asked_for(r#"{"coldpress":"other"}"#));
        assert!(!is_asked_for(r#"{"coldpress":"verify","rawPath":"/"}"#));
        assert!(!is_asked_for("[]"));
    }
}
