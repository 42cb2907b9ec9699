//! The change feed, as OpenAPI's paths. A table without a feed has none.

use catalog::{ChangeKind, ColumnChange, ColumnType, Table, Version, feed_begin, find_version};
use serde_json::{Value, json};

use super::document::{Object, component, reference};
use super::{RowSchema, Source, parameters, responses};

/// The paths of all feeds, and the schemas of what they list.
pub(super) fn document(source: &Source<'_>) -> (Object, Object) {
    let (mut paths, mut schemas) = (Object::new(), Object::new());
    for ((entry, row), change) in source.tables.iter().zip(source.schemas).zip(source.changes) {
        let table = &entry.entry;
        let of_it = source.datasets.iter().position(|(name, _)| *name == table.dataset);
        let Some(versions) = of_it.and_then(|index| source.versions.get(index)) else { continue };
        if versions.iter().any(|version| version.tables.contains_key(&table.name)) {
            let name = component(&table.name);
            schemas = schemas
                .with(format!("past.{name}"), past(table, row, versions))
                .with(format!("change.{name}"), listed(&name));
            paths.extend(table_paths(table, versions, change.as_ref()));
        }
    }
    if source.versions.iter().any(|versions| !versions.is_empty()) {
        paths = paths.with("/-/changes.atom", Object::new().with("get", atom()));
    }
    (paths, schemas)
}

fn table_paths(table: &Table, versions: &[Version], change: Option<&Value>) -> Object {
    let (name, mut encoded) = (component(&table.name), String::new());
    crate::request::encode(&table.name, &mut encoded);
    let operation = |id: &str, summary: String, own: Vec<Object>| {
        let shared =
            ["limit", "cursor", "ifNoneMatch", "wantReprDigest"].map(|name| reference("parameters", name));
        let asked: Vec<_> = own.into_iter().chain(shared).collect();
        let get = Object::new()
            .with("operationId", format!("{id}.{name}"))
            .with("summary", summary)
            .with("tags", vec![table.name.as_str()])
            .with("parameters", asked)
            .with("responses", answers(table, change));
        Object::new().with("get", get)
    };
    let changes = operation(
        "changes",
        format!("What versions did to the rows of {}", table.name),
        vec![since(table, versions), kinds()],
    );
    let paths = Object::new().with(format!("/-/changes/{encoded}"), changes);
    if table.schema.primary_key.is_empty() {
        return paths;
    }
    let key = change.and_then(|change| change.get("key")).and_then(Value::as_str);
    let history = operation(
        "history",
        format!("What versions did to one row of {}", table.name),
        vec![parameters::key(table, key.map(str::to_owned))],
    );
    paths.with(format!("/-/history/{encoded}/{{key}}"), history)
}

/// The versions that a client can go on from. What came before the feed's begin is 410.
fn since(table: &Table, versions: &[Version]) -> Object {
    let begin = feed_begin(versions, &table.name).map_or(0, |begin| begin.ordinal);
    let mut names: Vec<&str> = vec![];
    for version in versions {
        let meant = find_version(versions, version.name());
        if meant.is_some_and(|meant| meant.ordinal >= begin) && !names.contains(&version.name()) {
            names.push(version.name());
        }
    }
    Object::new()
        .with("name", "since")
        .with("in", "query")
        .with(
            "description",
            "What came after this version. Takes the digest of a version too; without it, all that is kept.",
        )
        .with_some("example", names.first().copied())
        .with("schema", json!({"type": "string", "enum": names}))
}

fn kinds() -> Object {
    let names = ChangeKind::ALL.map(ChangeKind::name);
    Object::new()
        .with("name", "change")
        .with("in", "query")
        .with("description", "The kinds of change.")
        .with("style", "form")
        .with("explode", json!(false))
        .with(
            "schema",
            json!({"type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string", "enum": names}}),
        )
}

fn answers(table: &Table, change: Option<&Value>) -> Object {
    let item = reference("schemas", &format!("change.{}", component(&table.name)));
    let list = Object::new().with("type", "array").with("items", item);
    let example = change.map(|change| vec![in_order(table, change)]);
    let media = Object::new().with("schema", list).with_some("example", example);
    let page = Object::new()
        .with("description", "Changes by version, the oldest first, then by key")
        .with("headers", responses::header_references(&["ETag", "Link", "Warning"]))
        .with("content", Object::new().with("application/json", media));
    let responses = Object::new().with("200", page).with("304", reference("responses", "NotModified"));
    responses::with_errors(responses, &[400, 404, 406, 410, 414, 416, 431, 500])
}

/// The change with its members as they are served, columns in the table's order.
fn in_order(table: &Table, change: &Value) -> Object {
    let head = ["version", "digest", "commit", "date", "change", "key"];
    let shown = head.into_iter().fold(Object::new(), |shown, name| shown.with_any_of(change, name));
    ["old", "new"].into_iter().fold(shown, |shown, name| match change.get(name) {
        None => shown,
        Some(row) => {
            let columns = table.schema.columns.iter();
            let row = columns.fold(Object::new(), |of_row, column| of_row.with_any_of(row, &column.name));
            shown.with(name, row)
        }
    })
}

/// One change.
fn listed(name: &str) -> Object {
    let row = || reference("schemas", &format!("past.{name}"));
    let digits = |pattern: &str| json!({"type": "string", "pattern": pattern});
    let properties = Object::new()
        .with(
            "version",
            json!({"type": ["string", "null"], "description": "The dataset's version, where it is a semantic one."}),
        )
        .with("digest", digits("^[0-9a-f]{64}$"))
        .with("commit", digits("^([0-9a-f]{40}|[0-9a-f]{64})$"))
        .with("date", json!({"type": "string", "format": "date-time"}))
        .with("change", json!({"type": "string", "enum": ChangeKind::ALL.map(ChangeKind::name)}))
        .with("key", json!({"type": "string", "description": "The row's key, as it stands in a path."}))
        .with("old", row())
        .with("new", row());
    Object::new()
        .with(
            "description",
            "`new` is the whole row where it was added, `old` where it was removed; both have the columns that differ where it was changed.",
        )
        .with("type", "object")
        .with("properties", properties)
        .with("required", vec!["version", "digest", "commit", "date", "change", "key"])
        .with("additionalProperties", json!(false))
}

/// A row as it was, or some of its columns. Constraints are of today, and so is whether a value may
/// be missing; a column's type is said where it was never another.
fn past(table: &Table, row: &RowSchema, versions: &[Version]) -> Object {
    let changed: Vec<_> = versions
        .iter()
        .filter_map(|version| version.tables.get(&table.name))
        .flat_map(|table| &table.columns)
        .collect();
    let properties = table.schema.columns.iter().fold(Object::new(), |properties, column| {
        let mut types = row.types(&column.name);
        let known =
            !types.is_empty() && !changed.iter().any(|by| was_other(by, &column.name, column.column_type));
        types.push("null");
        let property = if known { Object::new().with("type", types) } else { Object::new() };
        properties.with(column.name.as_str(), property)
    });
    Object::new()
        .with(
            "description",
            "Columns as they were; those that the table had then and has no more are there too.",
        )
        .with("type", "object")
        .with("properties", properties)
}

fn was_other(change: &ColumnChange, name: &str, now: ColumnType) -> bool {
    match change {
        ColumnChange::Added { column, column_type } | ColumnChange::Removed { column, column_type } => {
            column == name && *column_type != now
        }
        ColumnChange::Retyped { column, old, new } => column == name && (*old != now || *new != now),
        ColumnChange::Reordered => false,
    }
}

fn atom() -> Object {
    let found = Object::new()
        .with("description", "An entry for each of the newest versions of all datasets (RFC 4287)")
        .with("headers", responses::header_references(&["ETag", "Repr-Digest"]))
        .with("content", json!({"application/atom+xml": {"schema": {"type": "string"}}}));
    let answers = Object::new().with("200", found).with("304", reference("responses", "NotModified"));
    Object::new()
        .with("operationId", "versions")
        .with("summary", "What versions did, for feed readers")
        .with(
            "parameters",
            vec![reference("parameters", "ifNoneMatch"), reference("parameters", "wantReprDigest")],
        )
        .with("responses", responses::with_errors(answers, &[400, 404, 414, 431, 500]))
}
