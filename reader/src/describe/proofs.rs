//! Proofs and the manifest, as OpenAPI's paths.

use catalog::Table;
use serde_json::{Value, json};

use super::document::{Node, Object, component, reference};
use super::{Source, parameters, responses};

/// The paths under `/-/` by which a row is checked. A release without trees has the manifest alone.
pub(super) fn paths(source: &Source<'_>) -> Object {
    let manifest = operation("manifest", "The manifest, byte for byte", vec![])
        .with("responses", responses::json("The manifest"));
    let paths = Object::new().with("/-/manifest.json", Object::new().with("get", manifest));
    if source.manifest.root.is_none() {
        return paths;
    }
    let names: Vec<_> = source.tables.iter().map(|table| table.entry.name.as_str()).collect();
    let table =
        json!({"name": "table", "in": "path", "required": true, "schema": {"type": "string", "enum": names}});
    let of_table = operation("proof", "A table's path to the release's root", vec![table.into()])
        .with("responses", answers("The table and its path"));
    let paths = paths.with("/-/proof/{table}", Object::new().with("get", of_table));
    let rows = source.tables.iter().map(|table| &table.entry).zip(source.examples);
    rows.filter(|(table, _)| !table.schema.primary_key.is_empty()).fold(paths, |paths, (table, example)| {
        let mut path = String::from("/-/proof/");
        crate::request::encode(&table.name, &mut path);
        paths.with(format!("{path}/{{key}}"), Object::new().with("get", of_row(table, example.as_ref())))
    })
}

fn of_row(table: &Table, example: Option<&Value>) -> Object {
    let key = parameters::key(table, parameters::key_of(table, example));
    let summary = format!("One row of {} with its path to the release's root", table.name);
    operation(&format!("proof.{}", component(&table.name)), &summary, vec![key.into()])
        .with("tags", vec![table.name.as_str()])
        .with("responses", answers("The row and its path; or, if there is none, the rows around the key"))
}

fn operation(id: &str, summary: &str, mut asked: Vec<Node>) -> Object {
    asked.extend(["ifNoneMatch", "wantReprDigest"].map(|name| reference("parameters", name).into()));
    Object::new().with("operationId", id).with("summary", summary).with("parameters", asked)
}

fn answers(description: &str) -> Object {
    let path = json!({"type": "array", "items": {"type": "string"}});
    let row = json!({
        "type": "object",
        "properties": {
            "values": {"type": "object"},
            "leaf": {"type": "string"},
            "index": {"type": "integer", "minimum": 0},
            "path": path,
        },
        "required": ["values", "leaf", "index", "path"],
    });
    let neighbour = json!({"anyOf": [row, {"type": "null"}]});
    let schema = json!({
        "type": "object",
        "properties": {
            "commit": {"type": ["string", "null"]},
            "root": {"type": "string"},
            "table": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "rows": {"type": "integer", "minimum": 0},
                    "columns": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
                    "key": {"type": "array", "items": {"type": "string"}},
                    "tree": {"type": "string"},
                    "index": {"type": "integer", "minimum": 0},
                    "tables": {"type": "integer", "minimum": 1},
                    "path": path,
                },
                "required": ["name", "rows", "columns", "key", "tree", "index", "tables", "path"],
            },
            "row": row,
            "absent": {
                "type": "object",
                "properties": {"before": neighbour, "after": neighbour},
                "required": ["before", "after"],
            },
        },
        "required": ["commit", "root", "table"],
        "additionalProperties": false,
    });
    let found = Object::new()
        .with("description", description)
        .with("headers", responses::header_references(&["ETag", "Repr-Digest"]))
        .with("content", json!({"application/json": {"schema": schema}}));
    let responses = Object::new().with("200", found).with("304", reference("responses", "NotModified"));
    responses::with_errors(responses, &[400, 404, 409, 414, 431, 500])
}
