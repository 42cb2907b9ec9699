//! Tables as tests give them -> a Data Package -> the release that `builder` makes of it.

use std::path::Path;

use builder::history::Options;
use builder::progress::Progress;
use builder::release::{Outcome, build};
use catalog::{DATABASE_FILE, MANIFEST_FILE, Manifest};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::{Value, json};

/// A table: name; columns, `!` for required, `?` for searchable and `??` for that in English; key; unique keys; foreign keys;
/// rows as SQL.
pub(crate) struct Source {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static str,
    pub(crate) primary_key: &'static [&'static str],
    pub(crate) unique_keys: &'static [&'static [&'static str]],
    /// column, or `name: column`; table, column
    pub(crate) foreign_keys: &'static [(&'static str, &'static str, &'static str)],
    pub(crate) rows: &'static str,
}

/// What stands in a cell that has no value: an empty one is the empty text.
const MISSING: &str = "\\N";

/// The descriptor of a Data Package with these tables.
pub(crate) fn descriptor(name: &str, sources: &[Source]) -> Value {
    let resources: Vec<_> = sources
        .iter()
        .map(|source| {
            let foreign_keys: Vec<_> = source
                .foreign_keys
                .iter()
                .map(|(column, table, references)| {
                    let reference = json!({"resource": table, "fields": references});
                    match column.split_once(": ") {
                        Some((name, column)) => json!({"name": name, "fields": column, "reference": reference}),
                        None => json!({"fields": column, "reference": reference}),
                    }
                })
                .collect();
            let mut schema = json!({
                "fields": fields(source.columns), "missingValues": [MISSING], "primaryKey": source.primary_key,
            });
            if !source.unique_keys.is_empty() {
                schema["uniqueKeys"] = json!(source.unique_keys);
            }
            if !foreign_keys.is_empty() {
                schema["foreignKeys"] = foreign_keys.into();
            }
            json!({"name": source.name, "path": format!("{}.csv", source.name), "schema": schema})
        })
        .collect();
    json!({"name": name, "resources": resources})
}

fn fields(columns: &str) -> Vec<Value> {
    let field = |column: &str| {
        let (name, marked) = column.split_once(' ').unwrap();
        let mut field = json!({
            "name": name, "type": marked.trim_end_matches(['!', '?']),
            "constraints": {"required": marked.contains('!')},
        });
        if marked.ends_with("??") {
            field["searchable"] = "english".into();
        } else if marked.contains('?') {
            field["searchable"] = true.into();
        }
        field
    };
    columns.split(", ").map(field).collect()
}

/// The rows as CSV. SQLite knows what they are.
fn csv(source: &Source) -> String {
    let names = source.columns.split(", ").map(|column| column.split_once(' ').unwrap().0);
    let mut csv = names.collect::<Vec<_>>().join(",") + "\n";
    let connection = Connection::open_in_memory().unwrap();
    let mut statement = connection.prepare(&format!("VALUES {}", source.rows)).unwrap();
    let columns = statement.column_count();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let cells = (0..columns).map(|column| cell(row.get_ref(column).unwrap()));
        csv += &(cells.collect::<Vec<_>>().join(",") + "\n");
    }
    csv
}

fn cell(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => MISSING.to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) if number.is_infinite() => format!("{number}").to_uppercase(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(_) => format!("\"{}\"", value.as_str().unwrap().replace('"', "\"\"")),
        ValueRef::Blob(_) => panic!("no type of Table Schema is a blob"),
    }
}

/// The files of a release.
pub(crate) struct Files {
    database: Vec<u8>,
    manifest: Manifest,
}

impl Files {
    /// Of the Data Package with this descriptor and these tables.
    pub(crate) fn of(descriptor: &Value, sources: &[Source]) -> Self {
        let datasets = tempfile::tempdir().unwrap();
        let package = datasets.path().join(descriptor["name"].as_str().unwrap());
        std::fs::create_dir(&package).unwrap();
        std::fs::write(package.join("datapackage.json"), descriptor.to_string()).unwrap();
        for source in sources {
            std::fs::write(package.join(format!("{}.csv", source.name)), csv(source)).unwrap();
        }
        Self::build(datasets.path(), None)
    }

    /// Of the Data Packages in a directory.
    pub(crate) fn build(datasets: &Path, history: Option<&Options>) -> Self {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("dist");
        match build(datasets, &directory, history, &Progress::quiet()).unwrap() {
            Outcome::Built(built) => Self {
                database: std::fs::read(directory.join(DATABASE_FILE)).unwrap(),
                manifest: built.manifest,
            },
            Outcome::Findings(checked) => panic!("{:#?}", checked.findings.list()),
        }
    }

    pub(crate) fn with_commit(mut self, commit: String) -> Self {
        self.manifest.commit = Some(commit);
        self
    }

    pub(crate) fn write(&self, directory: &Path) {
        std::fs::write(directory.join(DATABASE_FILE), &self.database).unwrap();
        std::fs::write(directory.join(MANIFEST_FILE), self.manifest.to_bytes()).unwrap();
    }

    /// With a database in which the SQL was run afterwards.
    pub(crate) fn write_changed(&self, directory: &Path, sql: &str) {
        self.write(directory);
        let path = directory.join(DATABASE_FILE);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let (sha256, bytes) = catalog::file_digest(&path).unwrap();
        let mut manifest = self.manifest.clone();
        manifest.database = catalog::Database { sha256, bytes };
        std::fs::write(directory.join(MANIFEST_FILE), manifest.to_bytes()).unwrap();
    }
}
