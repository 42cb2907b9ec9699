//! `searchable` fields: the index that a build makes of them, and what `verify` says of another.

use catalog::{Language, Manifest, Search};
use rusqlite::Connection;

use crate::workspace::{Workspace, rows};

const SCHEMA: &str = r#"{"fields": [{"name": "id"}, {"name": "title", "searchable": true},
    {"name": "note", "type": "string"}, {"name": "text", "type": "string", "searchable": true}]}"#;

fn typed() -> String {
    SCHEMA.replace(r#""title","#, r#""title", "type": "string","#)
}

/// More words than FTS5 gathers before it writes some of them (a megabyte).
fn many() -> String {
    let mut csv = String::from("id,title,note,text\n");
    for row in 0..20_000_u64 {
        let word = |seed: u64| (row + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        csv.push_str(&format!(
            "{row},w{:x} the,n,{}\n",
            word(1),
            (2..9).map(|seed| format!("x{:x} ", word(seed))).collect::<String>().trim()
        ));
    }
    csv
}

#[test]
fn words_lead_to_rows() {
    let workspace = Workspace::with_schema(
        &typed(),
        "id,title,note,text\n7,Señor Bean,n,\n8,bean,n,a SENOR\n9,,senor,x\n",
    );
    let connection = workspace.build();
    let table = catalog::table(&connection, "t").unwrap().unwrap();
    assert_eq!(table.search, Some(Search::new(1, vec!["title".into(), "text".into()], Language::Simple)));
    let found = |query: &str| {
        let sql = format!("SELECT rowid FROM coldpress_search_1 WHERE coldpress_search_1 MATCH '{query}'");
        rows(&connection, &sql)
    };
    assert_eq!(found("senor"), ["1", "2"]);
    assert_eq!(found("c0 : senor"), ["1"]);
    assert_eq!(found("c1 : senor"), ["2"]);
    assert_eq!(
        rows(&connection, "SELECT name FROM sqlite_schema WHERE name LIKE 'coldpress_search%' ORDER BY name"),
        [
            "'coldpress_search_1'",
            "'coldpress_search_1_config'",
            "'coldpress_search_1_data'",
            "'coldpress_search_1_idx'"
        ]
    );
    assert_eq!(workspace.run(&["verify", "dist", "--quiet"]).code, Some(0));
}

/// Words are compared by their stems, and stop words are one character that keeps their places.
#[test]
fn english_words_are_stemmed() {
    let schema = typed().replace(
        r#""text", "type": "string", "searchable": true"#,
        r#""text", "type": "string", "searchable": "english""#,
    );
    let workspace = Workspace::with_schema(
        &schema,
        "id,title,note,text\n7,the cities,n,the Cities of the plain\n8,city,n,\n9,,,A city in plains\n",
    );
    let connection = workspace.build();
    let table = catalog::table(&connection, "t").unwrap().unwrap();
    assert_eq!(table.search, Some(Search::new(1, vec!["title".into()], Language::Simple)));
    assert_eq!(table.stemmed, [Search::new(2, vec!["text".into()], Language::English)]);
    let found = |query: &str| {
        let sql = format!("SELECT rowid FROM coldpress_search_2 WHERE coldpress_search_2 MATCH '{query}'");
        rows(&connection, &sql)
    };
    assert_eq!(found("cities"), ["1", "3"]);
    assert_eq!(found("the"), Vec::<String>::new());
    assert_eq!(found("th *"), Vec::<String>::new());
    assert_eq!(found("\"city \u{e000} plain\""), ["3"]);
    assert_eq!(workspace.run(&["verify", "dist", "--quiet"]).code, Some(0));
}

/// Which columns are searchable says nothing of the rows, and their digest nothing of that.
#[test]
fn the_content_digest_stays() {
    let csv = "id,title,note,text\n7,a,b,c\n";
    let digest = |schema: &str| {
        let workspace = Workspace::with_schema(schema, csv);
        let connection = workspace.build();
        let table = catalog::table(&connection, "t").unwrap().unwrap();
        (table.digest, table.search.is_some())
    };
    let (with, searchable) = digest(&typed());
    let (without, plain) = digest(&typed().replace(r#", "searchable": true"#, ""));
    assert_eq!((searchable, plain), (true, false));
    assert_eq!(with, without);
}

#[test]
fn the_same_bytes_each_time() {
    let build = || {
        let workspace = Workspace::with_schema(&typed(), many());
        workspace.build();
        assert_eq!(workspace.run(&["verify", "dist", "--quiet"]).code, Some(0));
        workspace.read("dist/data.db")
    };
    assert!(build() == build(), "the databases differ");
}

#[test]
fn an_index_of_other_rows_is_said() {
    let workspace = Workspace::with_schema(&typed(), "id,title,note,text\n7,a,b,c\n");
    workspace.build();
    let path = workspace.path("dist/data.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("INSERT INTO coldpress_search_1(rowid, c0, c1) VALUES (2, 'a', 'd')").unwrap();
    drop(connection);
    let (sha256, bytes) = catalog::file_digest(&path).unwrap();
    let manifest = workspace.path("dist/manifest.json");
    let mut changed = Manifest::load(&manifest).unwrap();
    changed.database = catalog::Database { sha256, bytes };
    std::fs::write(manifest, changed.to_bytes()).unwrap();
    let ran = workspace.run(&["verify", "dist"]);
    assert_eq!(
        (ran.stdout.as_str(), ran.code),
        ("dist/data.db: table `t`: its search index does not match its rows\n", Some(1))
    );
}

#[test]
fn only_strings_have_words() {
    Workspace::table(r#"{"name": "a", "type": "integer", "searchable": true}"#, "a\n1\n").check_finds(
        "datasets/d/datapackage.json:1: [invalid-property] resource `t`: field `a`: `searchable` is for fields of type string, not integer\n",
    );
    Workspace::table(r#"{"name": "a", "type": "string", "searchable": "yes"}"#, "a\n1\n").check_finds(
        "datasets/d/datapackage.json:1: [invalid-property] resource `t`: field `a`: `searchable`: there is no language \"yes\"\n  help: available: `simple`, `english`\n",
    );
    Workspace::table(r#"{"name": "a", "type": "string", "searchable": "englisch"}"#, "a\n1\n").check_finds(
        "datasets/d/datapackage.json:1: [invalid-property] resource `t`: field `a`: `searchable`: there is no language \"englisch\"\n  help: did you mean `english`?\n",
    );
    Workspace::table(r#"{"name": "a", "type": "string", "searchable": 1}"#, "a\n1\n").check_finds(
        "datasets/d/datapackage.json:1: [invalid-property] resource `t`: field `a`: `searchable` must be true, false or the name of a language, not 1\n",
    );
    Workspace::table(r#"{"name": "a", "type": "integer", "searchable": "english"}"#, "a\n1\n").check_finds(
        "datasets/d/datapackage.json:1: [invalid-property] resource `t`: field `a`: `searchable` is for fields of type string, not integer\n",
    );
}
