//! A small library, written through the catalog as the builder writes it: the tables of the
//! examples in docs/query.md, with every kind of type and relation.

use std::path::Path;
use std::sync::OnceLock;

use catalog::{
    APPLICATION_ID, Change, ChangeKind, Column, ColumnType, ContentDigest, DATABASE_FILE, Database,
    FORMAT_VERSION, ForeignKey, KeyPages, MANIFEST_FILE, Manifest, ManifestTable, Reference, Schema, Search,
    Table, TableVersion, Version, quote,
};
use reader::{Config, Headers, RawRequest, Reader, Release, Response};
use rusqlite::Connection;
use tempfile::TempDir;

/// A table: name; columns, `!` for required; key; unique keys; foreign keys; rows as SQL.
pub(crate) struct Source {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static str,
    pub(crate) primary_key: &'static [&'static str],
    pub(crate) unique_keys: &'static [&'static [&'static str]],
    /// column, table, column
    pub(crate) foreign_keys: &'static [(&'static str, &'static str, &'static str)],
    pub(crate) rows: &'static str,
}

/// Columns of the library that are searchable, by table.
const SEARCHABLE: [(&str, &[&str]); 2] = [("reviews", &["text", "by"]), ("biographies", &["text"])];

const TABLES: [Source; 10] = [
    Source {
        name: "authors",
        columns: "id integer!, name string!, born integer, awards array, living boolean",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: r#"(1, 'Ursula K. Le Guin', 1929, '["Hugo","Nebula"]', 0),
                 (2, 'Stanisław Lem', 1921, '[]', 0),
                 (3, 'Élisabeth Vonarburg', 1947, '["Aurora"]', 1),
                 (4, 'unknown', NULL, NULL, NULL)"#,
    },
    Source {
        name: "publishers",
        columns: "id integer!, name string!, about object",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: r#"(1, 'Ace', '{"city":"New York","founded":1952}'),
                 (2, 'MON', '{"city":"Warszawa","founded":1947,"closed":null}')"#,
    },
    Source {
        name: "books",
        columns: "id integer!, title string!, author_id integer, publisher_id integer, price number, pages integer, published date",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[("author_id", "authors", "id"), ("publisher_id", "publishers", "id")],
        rows: "(1, 'The Left Hand of Darkness', 1, 1, 12.5, 304, '1969-03-01'),
               (2, 'Solaris', 2, 2, 9.0, 204, '1961-06-01'),
               (3, 'The Dispossessed', 1, NULL, 11.25, 387, '1974-05-01'),
               (4, 'Beowulf', 4, NULL, NULL, NULL, NULL)",
    },
    Source {
        name: "genres",
        columns: "id integer!, name string!, parent_id integer",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[("parent_id", "genres", "id")],
        rows: "(1, 'fiction', NULL), (2, 'science fiction', 1), (3, 'utopia', 2), (4, 'epic', NULL)",
    },
    Source {
        name: "books_genres",
        columns: "book_id integer!, genre_id integer!",
        primary_key: &["book_id", "genre_id"],
        unique_keys: &[],
        foreign_keys: &[("book_id", "books", "id"), ("genre_id", "genres", "id")],
        rows: "(1, 2), (2, 2), (3, 2), (3, 3), (4, 4)",
    },
    Source {
        name: "biographies",
        columns: "author_id integer!, text string",
        primary_key: &["author_id"],
        unique_keys: &[],
        foreign_keys: &[("author_id", "authors", "id")],
        rows: "(1, 'Born in Berkeley.'), (2, 'Born in Lwów.')",
    },
    Source {
        name: "letters",
        columns: "id integer!, sender_id integer!, recipient_id integer!, text string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[("sender_id", "authors", "id"), ("recipient_id", "authors", "id")],
        rows: "(1, 1, 2, 'Dear Stanisław'), (2, 2, 1, NULL)",
    },
    Source {
        name: "loans",
        columns: "id integer!, book_id integer!, lent datetime!, returned boolean!, note string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[("book_id", "books", "id")],
        rows: r#"(1, 1, '2024-01-05T10:00:00Z', 1, ''),
                 (2, 1, '2024-02-01T09:30:00+01:00', 0, NULL),
                 (3, 2, '2024-03-01T12:00:00Z', 1, 'torn, "page 3"')"#,
    },
    Source {
        name: "reviews",
        columns: "id integer!, book_id integer!, text string, by string!",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[("book_id", "books", "id")],
        rows: "(1, 1, 'A cold world, and a slow journey over the ice.', 'Zoë'),
               (2, 1, 'Thoughtful; the ice-crossing is unforgettable.', 'Karl'),
               (3, 2, 'An ocean that thinks. Slow, but not cold.', 'Zoë'),
               (4, 3, NULL, 'Slow reader')",
    },
    Source {
        name: "scraps",
        columns: "value any",
        primary_key: &[],
        unique_keys: &[],
        foreign_keys: &[],
        rows: r#"('plain'), ('[1, {"a": "x"}]'), ('[draft]'), (NULL), ('7')"#,
    },
];

/// An open reader of the library, and the directory that it lies in.
pub(crate) struct Library {
    _directory: TempDir,
    reader: Reader,
}

impl Library {
    pub(crate) fn open() -> Self {
        Self::with(Config::default())
    }

    pub(crate) fn with(config: Config) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join(DATABASE_FILE), database()).unwrap();
        Self::serve(directory, config)
    }

    /// A library in whose database the SQL was run afterwards.
    pub(crate) fn changed(sql: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(DATABASE_FILE);
        std::fs::write(&path, database()).unwrap();
        Connection::open(path).unwrap().execute_batch(sql).unwrap();
        Self::serve(directory, Config::default())
    }

    /// A library of other tables.
    pub(crate) fn of(sources: &[Source]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write(&directory.path().join(DATABASE_FILE), sources);
        Self::serve(directory, Config::default())
    }

    fn serve(directory: TempDir, config: Config) -> Self {
        std::fs::write(directory.path().join(MANIFEST_FILE), manifest(directory.path()).to_bytes()).unwrap();
        let reader = Reader::new(Release::open(directory.path()).unwrap(), config);
        Self { _directory: directory, reader }
    }

    /// `url` is the path, then `?` and the raw query where there is one.
    pub(crate) fn ask(&self, method: &str, url: &str, headers: &[(&str, &str)]) -> Response {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let mut counted = Headers::default();
        headers.iter().for_each(|(name, value)| counted.set(&name.to_lowercase(), value));
        self.reader.answer(&RawRequest { method, path, query, headers: counted })
    }

    /// The body of an answer that is 200.
    pub(crate) fn get(&self, url: &str) -> String {
        let response = self.ask("GET", url, &[]);
        let body = String::from_utf8(response.body).unwrap();
        assert_eq!(response.status, 200, "{url}: {body}");
        body
    }
}

/// The bytes of `data.db`; built once.
fn database() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(DATABASE_FILE);
        write(&path, &TABLES);
        std::fs::read(path).unwrap()
    })
}

fn write(path: &Path, sources: &[Source]) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT_VERSION};"
        ))
        .unwrap();
    catalog::create(&connection).unwrap();
    for source in sources {
        let schema = schema(source);
        // As the builder does where NaN occurs; to say so of a column without it would be no harm.
        let has_nan =
            |column: &Column| column.column_type == ColumnType::Number && source.rows.contains("'NaN'");
        let nan = schema.columns.iter().filter(|column| has_nan(column)).map(|column| column.name.clone());
        let nan: Vec<_> = nan.collect();
        let columns: Vec<_> = schema
            .columns
            .iter()
            .map(|column| {
                let row_number = source.primary_key == [column.name.as_str()];
                let key = if row_number { " PRIMARY KEY" } else { "" };
                let storage = if has_nan(column) { "ANY" } else { column.column_type.storage().sql() };
                format!("{} {storage}{key}", quote(&column.name))
            })
            .collect();
        let name = source.name;
        connection
            .execute_batch(&format!(
                "CREATE TABLE {name}({}) STRICT; INSERT INTO {name} VALUES {}",
                columns.join(", "),
                source.rows
            ))
            .unwrap();
        let (rows, digest) = digest(&connection, name, &schema);
        let search = SEARCHABLE.iter().enumerate().find(|(_, (table, _))| *table == name);
        let search = search.map(|(number, (_, columns))| {
            let search = Search::new(number + 1, columns.iter().map(|name| (*name).to_owned()).collect());
            connection.execute_batch(&search.create("main", name, "rowid")).unwrap();
            search
        });
        let table = Table {
            name: name.into(),
            dataset: "library".into(),
            rows,
            digest,
            referenced_by: referenced_by(sources, name),
            key_pages: key_pages(&connection, name, &schema),
            schema,
            search,
            nan,
        };
        catalog::put_table(&connection, &table, "{}").unwrap();
    }
    catalog::put_dataset(&connection, "library", None, "{}").unwrap();
    if sources.len() == TABLES.len() {
        feed(&connection);
    }
    connection.close().unwrap();
}

/// Where a table whose key is the row number starts, as the builder says it.
fn key_pages(connection: &Connection, name: &str, schema: &Schema) -> Option<KeyPages> {
    let [key] = &schema.primary_key[..] else { return None };
    let column = schema.columns.iter().find(|column| column.name == *key)?;
    let page = || {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?";
        connection.query_row(sql, [name], |row| row.get(0)).unwrap()
    };
    (column.column_type == ColumnType::Integer).then(|| KeyPages { rows: page(), key: None })
}

/// What the builder would write beside the database in `directory`.
fn manifest(directory: &Path) -> Manifest {
    let path = directory.join(DATABASE_FILE);
    let (sha256, bytes) = catalog::file_digest(&path).unwrap();
    let tables = catalog::tables(&Connection::open(&path).unwrap()).unwrap();
    let tables = tables.into_iter().map(|table| ManifestTable {
        name: table.entry.name,
        dataset: table.entry.dataset,
        rows: table.entry.rows,
        sha256: table.entry.digest,
        sources: vec![],
    });
    Manifest {
        format: FORMAT_VERSION,
        commit: None,
        database: Database { sha256, bytes },
        datasets: vec![],
        tables: tables.collect(),
    }
}

/// Three versions, of which the first one begins the feed; `genres` got another key in the last.
fn feed(connection: &Connection) {
    let did = |reset, rows, added, removed, changed| TableVersion {
        rows,
        digest: String::new(),
        reset,
        added,
        removed,
        changed,
        columns: vec![],
    };
    let versions = [
        (1, "1.0.0", "2024-01-10T08:00:00Z", did(true, 4, 0, 0, 0), did(true, 4, 0, 0, 0)),
        (4, "1.1.0", "2024-03-01T12:30:00Z", did(false, 4, 1, 1, 0), did(false, 4, 0, 0, 0)),
        (9, "1.2.0", "2024-06-05T17:00:00Z", did(false, 4, 0, 0, 1), did(true, 4, 0, 0, 0)),
    ];
    for (ordinal, name, date, books, genres) in versions {
        let version = Version {
            ordinal,
            version: Some(name.into()),
            digest: format!("{ordinal:02}").repeat(32),
            commit: format!("{ordinal:02}").repeat(20),
            date: date.into(),
            tables: [("books".to_owned(), books), ("genres".to_owned(), genres)].into(),
        };
        catalog::put_version(connection, "library", &version).unwrap();
    }
    let changes = [
        (
            4,
            "4",
            ChangeKind::Added,
            r#"{"new":{"id":4,"title":"Beowulf","author_id":4,"publisher_id":null,"price":null,"pages":null,"published":null}}"#,
        ),
        (
            4,
            "5",
            ChangeKind::Removed,
            r#"{"old":{"id":5,"title":"Kallocain","author_id":4,"publisher_id":null,"price":7.5,"pages":192,"published":"1940-01-01"}}"#,
        ),
        (9, "2", ChangeKind::Changed, r#"{"old":{"price":8},"new":{"price":9}}"#),
    ];
    for (ordinal, key, kind, values) in changes {
        let change = Change { ordinal, key: key.into(), kind, values: values.into() };
        catalog::put_change(connection, "books", &change).unwrap();
    }
}

fn schema(source: &Source) -> Schema {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let columns = source.columns.split(", ").map(|column| {
        let (name, of) = column.split_once(' ').unwrap();
        let required = of.ends_with('!');
        let of = of.trim_end_matches('!');
        let column_type = ColumnType::ALL.into_iter().find(|known| known.name() == of).unwrap();
        Column { name: name.into(), column_type, required }
    });
    Schema {
        columns: columns.collect(),
        primary_key: names(source.primary_key),
        unique_keys: source.unique_keys.iter().map(|key| names(key)).collect(),
        foreign_keys: source
            .foreign_keys
            .iter()
            .map(|(column, table, references)| ForeignKey {
                columns: names(&[column]),
                table: (*table).into(),
                references: names(&[references]),
            })
            .collect(),
    }
}

fn referenced_by(sources: &[Source], table: &str) -> Vec<Reference> {
    let keys =
        sources.iter().flat_map(|source| source.foreign_keys.iter().map(move |key| (source.name, key)));
    keys.filter(|(_, (_, to, _))| *to == table)
        .map(|(from, (column, _, references))| Reference {
            table: from.into(),
            columns: vec![(*column).into()],
            references: vec![(*references).into()],
        })
        .collect()
}

fn digest(connection: &Connection, name: &str, schema: &Schema) -> (u64, String) {
    let mut digest = ContentDigest::new(schema);
    let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY rowid")).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut count = 0;
    while let Some(row) = rows.next().unwrap() {
        (0..schema.columns.len()).for_each(|index| digest.value(row.get_ref(index).unwrap()));
        count += 1;
    }
    (count, digest.finish())
}
