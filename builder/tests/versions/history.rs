//! The change feed of `builder build`

use std::path::Path;

use catalog::{After, Change, ColumnChange, Version};
use rusqlite::Connection;

use crate::repository::{Repository, shop};

pub(crate) const DESCRIPTOR: &str = "datasets/shop/datapackage.json";
pub(crate) const ITEMS: &str = "datasets/shop/items.csv";

pub(crate) fn open(shop: &Repository) -> Connection {
    Connection::open(shop.path("dist/data.db")).unwrap()
}

pub(crate) fn changes(connection: &Connection, table: &str, since: u64) -> Vec<Change> {
    // In small pages, which must join without a seam.
    let mut all: Vec<Change> = vec![];
    loop {
        let after = all.last().map(|last| After { ordinal: last.ordinal, key: &last.key });
        let page = catalog::changes_since(connection, table, since, after, 7).unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn show(change: &Change) -> String {
    format!("{} {} {} {}", change.ordinal, change.kind.name(), change.key, change.values)
}

fn show_version(version: &Version) -> String {
    let tables = version.tables.iter().map(|(name, table)| {
        let numbers = format!("+{} -{} ~{}", table.added, table.removed, table.changed);
        format!("{name} {} {}", table.rows, if table.reset { "reset".to_owned() } else { numbers })
    });
    let name = version.version.as_deref().unwrap_or(&version.digest[..8]);
    format!("{} {name} {}: {}", version.ordinal, version.date, tables.collect::<Vec<_>>().join(", "))
}

/// Four versions, with a commit between that changes no version, and one that does not build.
pub(crate) fn four_versions() -> Repository {
    let shop = shop();
    shop.edit(ITEMS, "two", "TWO");
    shop.edit(DESCRIPTOR, "1.0.0", "1.0.1");
    shop.commit("1.0.1");
    shop.write("README.md", "nothing about the datasets");
    shop.commit("readme");
    shop.edit(DESCRIPTOR, "1.0.1", "1.1.0");
    shop.write(ITEMS, "id,name,price\n1,one,dear\n");
    shop.commit("1.1.0, broken");
    shop.write(ITEMS, "id,name,price\n2,TWO,2\n3,three,3\n4,four,4\n5,five,5\n6,\"a,b\",\n");
    shop.commit("1.1.0, whole");
    shop.edit(DESCRIPTOR, "1.1.0", "2.0.0");
    shop.edit(
        DESCRIPTOR,
        r#"{"name": "price", "type": "number"}"#,
        r#"{"name": "stock", "type": "integer"}"#,
    );
    shop.write(ITEMS, "id,name,stock\n2,TWO,2\n3,three,\n4,four,\n5,five,\n6,\"a,b\",\n");
    shop.commit("2.0.0");
    shop
}

#[test]
fn versions_and_changes() {
    let shop = four_versions();
    let ran = shop.run(&["build"]);
    let broken = shop.git(&["rev-parse", "--short=12", "HEAD~2"]);
    let notes: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(
        notes,
        [format!(
            "note: history of `shop`: commit {broken} is left out: shop/items.csv:2: [type-error] column \
             `price`: \"dear\" is not a number"
        )]
    );
    let connection = open(&shop);
    let versions = catalog::versions(&connection, "shop").unwrap();
    assert_eq!(
        versions.iter().map(show_version).collect::<Vec<_>>(),
        [
            "1 1.0.0 2025-01-01T10:00:00Z: items 5 reset",
            "2 1.0.1 2025-01-02T10:00:00Z: items 5 +0 -0 ~1",
            "4 1.1.0 2025-01-05T10:00:00Z: items 5 +1 -1 ~0",
            "5 2.0.0 2025-01-06T10:00:00Z: items 5 +0 -0 ~4",
        ]
    );
    assert_eq!(versions[2].commit, shop.git(&["rev-parse", "HEAD~1"]));
    assert_eq!(
        versions[3].tables["items"].columns,
        [
            ColumnChange::Removed { column: "price".into(), column_type: catalog::ColumnType::Number },
            ColumnChange::Added { column: "stock".into(), column_type: catalog::ColumnType::Integer },
        ]
    );
    let since = catalog::find_version(&versions, "1.0.1").unwrap().ordinal;
    assert_eq!(
        changes(&connection, "items", since).iter().map(show).collect::<Vec<_>>(),
        [
            r#"4 removed 1 {"old":{"id":1,"name":"one","price":1.5}}"#,
            r#"4 added 6 {"new":{"id":6,"name":"a,b","price":null}}"#,
            r#"5 changed 2 {"old":{"price":2},"new":{"stock":2}}"#,
            r#"5 changed 3 {"old":{"price":3},"new":{}}"#,
            r#"5 changed 4 {"old":{"price":4},"new":{}}"#,
            r#"5 changed 5 {"old":{"price":5},"new":{}}"#,
        ]
    );
    let history = catalog::row_history(&connection, "items", "2", None, 9).unwrap();
    assert_eq!(
        history.iter().map(show).collect::<Vec<_>>(),
        [
            r#"2 changed 2 {"old":{"name":"two"},"new":{"name":"TWO"}}"#,
            r#"5 changed 2 {"old":{"price":2},"new":{"stock":2}}"#,
        ]
    );
    shop.run(&["verify", "dist", "-q"]).is(0, "", "");
}

#[test]
fn the_last_versions_only() {
    let shop = four_versions();
    shop.output(&["build", "-q", "--history", "1"]);
    let connection = open(&shop);
    let versions = catalog::versions(&connection, "shop").unwrap();
    let shown: Vec<String> = versions.iter().map(show_version).collect();
    assert_eq!(
        shown,
        ["4 1.1.0 2025-01-05T10:00:00Z: items 5 reset", "5 2.0.0 2025-01-06T10:00:00Z: items 5 +0 -0 ~4"]
    );
    assert_eq!(changes(&connection, "items", 0).len(), 4);
    shop.output(&["build", "-q", "--no-history"]);
    assert_eq!(catalog::versions(&open(&shop), "shop").unwrap(), []);
}

/// The same bytes from any clone, in any directory, with a cache, without, and with a damaged one.
#[test]
fn the_feed_is_a_function_of_the_history() {
    let shop = four_versions();
    shop.output(&["build", "-q"]);
    let first = std::fs::read(shop.path("dist/data.db")).unwrap();
    let same = |repository: &Repository, arguments: &[&str], what: &str| {
        repository.output(&[&["build", "-q"], arguments].concat());
        assert!(std::fs::read(repository.path("dist/data.db")).unwrap() == first, "{what}");
    };
    same(&shop, &[], "cached");
    same(&shop, &["--cache", "another cache"], "another cache");
    for (number, entry) in entries(&shop.cache()).iter().enumerate() {
        let bytes = std::fs::read(entry).unwrap();
        std::fs::write(entry, &bytes[..bytes.len() - 1 - number % 3]).unwrap();
    }
    same(&shop, &[], "damaged");
    std::fs::remove_dir_all(shop.cache()).unwrap();
    same(&shop, &[], "deleted");
    std::fs::remove_dir_all(shop.cache()).unwrap();
    std::fs::write(shop.cache(), "a file").unwrap();
    let ran = shop.run(&["build"]);
    assert!(ran.stderr.contains("\nnote: the next build reads the history again, since `"), "{}", ran.stderr);
    same(&shop, &[], "nowhere to write");
    let clone = Repository::plain();
    clone.git(&["clone", "--quiet", "--no-local", shop.root().to_str().unwrap(), "."]);
    same(&clone, &[], "a clone");
}

fn entries(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(entries(&path)) } else { found.push(path) }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

#[test]
fn a_dataset_without_a_version_is_known_by_its_content() {
    let shop = shop();
    shop.edit(DESCRIPTOR, "  \"version\": \"1.0.0\",\n", "");
    shop.commit("version 1.0.0 is gone, the content is the same");
    shop.edit(DESCRIPTOR, "{\n  \"name\"", "{\n  \"title\": \"Shop\", \"name\"");
    shop.commit("a title is no content");
    shop.edit(ITEMS, "two", "TWO");
    shop.commit("content");
    shop.edit(DESCRIPTOR, "\"title\": \"Shop\",", "\"version\": \"2026\",");
    shop.commit("no semantic version");
    shop.output(&["build", "-q"]);
    let connection = open(&shop);
    let versions = catalog::versions(&connection, "shop").unwrap();
    let shown: Vec<String> = versions.iter().map(show_version).collect();
    let digests: Vec<&str> = versions.iter().map(|version| &version.digest[..8]).collect();
    assert_eq!(
        shown,
        [
            "1 1.0.0 2025-01-01T10:00:00Z: items 5 reset".to_owned(),
            format!("2 {} 2025-01-02T10:00:00Z: items 5 +0 -0 ~0", digests[1]),
            format!("4 {} 2025-01-04T10:00:00Z: items 5 +0 -0 ~1", digests[2]),
        ]
    );
    assert_eq!(digests[0], digests[1]);
    let tables = catalog::tables(&connection).unwrap();
    let current = tables.iter().map(|table| (table.entry.name.as_str(), table.entry.digest.as_str()));
    assert_eq!(versions[2].digest, catalog::dataset_digest(current));
}

/// The gate would have stopped it; the feed must end with what is committed all the same.
#[test]
fn content_that_changed_under_its_version() {
    let shop = shop();
    shop.edit(ITEMS, "two", "TWO");
    shop.commit("1.0.0, changed");
    let shown = |shop: &Repository| -> Vec<String> {
        shop.output(&["build", "-q"]);
        shop.run(&["verify", "dist", "-q"]).is(0, "", "");
        catalog::versions(&open(shop), "shop").unwrap().iter().map(show_version).collect()
    };
    assert_eq!(
        shown(&shop),
        ["1 1.0.0 2025-01-01T10:00:00Z: items 5 reset", "2 1.0.0 2025-01-02T10:00:00Z: items 5 +0 -0 ~1"]
    );
    // A client that has 1.0.0 gets everything since it began.
    let versions = catalog::versions(&open(&shop), "shop").unwrap();
    assert_eq!(catalog::find_version(&versions, "1.0.0").unwrap().ordinal, 1);
    shop.edit(ITEMS, "three", "THREE");
    shop.edit(DESCRIPTOR, "1.0.0", "1.0.1");
    shop.commit("1.0.1");
    // Not committed, so not in the feed.
    shop.edit(ITEMS, "four", "FOUR");
    assert_eq!(
        shown(&shop),
        ["1 1.0.0 2025-01-01T10:00:00Z: items 5 reset", "3 1.0.1 2025-01-03T10:00:00Z: items 5 +0 -0 ~2"]
    );
}

#[test]
fn a_key_that_becomes_another_begins_again() {
    let shop = four_versions();
    shop.edit(DESCRIPTOR, "\"primaryKey\": \"id\"", "\"primaryKey\": [\"id\", \"name\"]");
    shop.edit(DESCRIPTOR, "2.0.0", "3.0.0");
    shop.commit("3.0.0");
    shop.edit(DESCRIPTOR, "3.0.0", "3.0.1");
    shop.edit(ITEMS, "6,\"a,b\",", "6,\"a,b\",7");
    shop.commit("3.0.1");
    shop.output(&["build", "-q"]);
    let connection = open(&shop);
    let versions = catalog::versions(&connection, "shop").unwrap();
    let resets: Vec<bool> = versions.iter().map(|version| version.tables["items"].reset).collect();
    assert_eq!(resets, [true, false, false, false, true, false]);
    assert_eq!(
        changes(&connection, "items", 0).iter().map(show).collect::<Vec<_>>(),
        [r#"7 changed 6,"a,b" {"old":{"stock":null},"new":{"stock":7}}"#]
    );
    shop.run(&["verify", "dist", "-q"]).is(0, "", "");
}

/// The history is that of the first parents: what a merge brought in came with the merge.
#[test]
fn merges_count_once() {
    let shop = shop();
    shop.git(&["checkout", "--quiet", "-b", "topic"]);
    shop.edit(DESCRIPTOR, "1.0.0", "1.0.1");
    shop.edit(ITEMS, "two", "TWO");
    shop.commit("1.0.1 on the branch");
    shop.git(&["checkout", "--quiet", "main"]);
    shop.write("README.md", "x");
    shop.commit("elsewhere");
    shop.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "topic"]);
    shop.output(&["build", "-q"]);
    let versions = catalog::versions(&open(&shop), "shop").unwrap();
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[1].commit, shop.git(&["rev-parse", "HEAD"]));
}

/// Foreign keys to another dataset give the same digests in the history as in the release.
#[test]
fn datasets_that_refer_to_each_other() {
    let shop = shop();
    let other = shop
        .text(DESCRIPTOR)
        .replace("shop", "orders")
        .replace("\"items\"", "\"orders\"")
        .replace("items.csv", "rows/orders.csv")
        .replace(
            "\"primaryKey\": \"id\"",
            r#""primaryKey": "id",
               "foreignKeys": [{"fields": ["id"], "reference": {"resource": "items", "fields": ["id"]}}]"#,
        );
    shop.write("datasets/orders/datapackage.json", other);
    shop.write("datasets/orders/rows/orders.csv", "id,name,price\n1,a,1\n");
    shop.commit("orders 1.0.0");
    shop.edit("datasets/orders/datapackage.json", "1.0.0", "1.1.0");
    shop.write("datasets/orders/rows/orders.csv", "id,name,price\n1,a,1\n5,b,2\n");
    shop.commit("orders 1.1.0");
    shop.output(&["build", "-q"]);
    shop.run(&["verify", "dist", "-q"]).is(0, "", "");
    let connection = open(&shop);
    let versions = catalog::versions(&connection, "orders").unwrap();
    let orders = catalog::table(&connection, "orders").unwrap().unwrap();
    assert_eq!(orders.schema.foreign_keys.len(), 1);
    assert_eq!(versions.last().unwrap().tables["orders"].digest, orders.digest);
    assert_eq!(changes(&connection, "orders", 0).len(), 1);
}

/// Also where it is a key: as in a path, without the quotes that JSON has.
#[test]
fn nan_and_infinities() {
    let shop = shop();
    shop.edit(DESCRIPTOR, "\"primaryKey\": \"id\"", "\"primaryKey\": \"price\"");
    shop.edit(DESCRIPTOR, "1.0.0", "1.1.0");
    shop.write(ITEMS, "id,name,price\n1,one,1.5\n2,two,INF\n");
    shop.commit("1.1.0");
    shop.edit(DESCRIPTOR, "1.1.0", "2.0.0");
    shop.write(ITEMS, "id,name,price\n1,none,NaN\n2,TWO,INF\n");
    shop.commit("2.0.0");
    shop.edit(DESCRIPTOR, "2.0.0", "3.0.0");
    shop.write(ITEMS, "id,name,price\n1,one,1.5\n");
    shop.commit("3.0.0");
    shop.output(&["build", "-q"]);
    let connection = open(&shop);
    let shown: Vec<String> = changes(&connection, "items", 0).iter().map(show).collect();
    assert_eq!(
        shown,
        [
            r#"3 removed 1.5 {"old":{"id":1,"name":"one","price":1.5}}"#,
            r#"3 changed Infinity {"old":{"name":"two"},"new":{"name":"TWO"}}"#,
            r#"3 added NaN {"new":{"id":1,"name":"none","price":"NaN"}}"#,
            r#"4 added 1.5 {"new":{"id":1,"name":"one","price":1.5}}"#,
            r#"4 removed Infinity {"old":{"id":2,"name":"TWO","price":"Infinity"}}"#,
            r#"4 removed NaN {"old":{"id":1,"name":"none","price":"NaN"}}"#,
        ]
    );
    shop.run(&["verify", "dist", "-q"]).is(0, "", "");
}

/// The deepest JSON that a cell may have is read again by everything that reads a release.
#[test]
fn the_deepest_json() {
    let shop = shop();
    shop.edit(DESCRIPTOR, "  \"version\": \"1.0.0\",\n", "");
    let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let rows = |levels| format!("id,name,price\n1,one,\"{}\"\n2,two,\"{}\"\n", nested(levels), nested(1));
    for column_type in ["array", "any"] {
        shop.write(
            DESCRIPTOR,
            shop.text(DESCRIPTOR).replace("number", column_type).replace("array", column_type),
        );
        shop.write(ITEMS, rows(101));
        let found = shop.run(&["check"]);
        assert_eq!(found.code, Some(1));
        assert!(found.stdout.contains("levels\n"), "{}", found.stdout);
        shop.write(ITEMS, rows(100));
        shop.commit("deep");
        shop.write(ITEMS, "id,name,price\n2,two,\n");
        shop.commit("the row is gone");
        shop.output(&["build", "-q"]);
        shop.run(&["verify", "dist", "-q"]).is(0, "", "");
        let history = catalog::row_history(&open(&shop), "items", "1", None, 9).unwrap();
        let removed = history.last().unwrap();
        let values: serde_json::Value = serde_json::from_str(&removed.values).unwrap();
        assert!(values["old"]["price"].to_string().contains("[[["), "{values}");
        std::fs::remove_file(shop.path("dist/data.db")).unwrap();
    }
}
