//! Proofs and the manifest, as OpenAPI's paths.

use catalog::Table;
use serde_json::json;

use super::document::{Node, Object, component, reference};
use super::{Source, parameters, past, responses};

/// The paths under `/-/` by which a row is checked. A release without trees has the manifest alone.
pub(super) fn paths(source: &Source<'_>) -> Object {
    let manifest = operation("manifest", "The manifest, byte for byte", vec![])
        .with("responses", responses::json("The manifest"));
    let attestation = operation("attestation", "The Sigstore bundle that attests the manifest", vec![])
        .with("responses", responses::bundle("The bundle"));
    let paths = Object::new()
        .with("/-/manifest.json", Object::new().with("get", manifest))
        .with("/-/attestation", Object::new().with("get", attestation));
    if source.manifest.root.is_none() {
        return paths;
    }
    let names: Vec<_> = source.tables.iter().map(|table| table.entry.name.as_str()).collect();
    let table =
        json!({"name": "table", "in": "path", "required": true, "schema": {"type": "string", "enum": names}});
    let of_table = |id: &str, summary: &str, asked: Vec<Node>| {
        let get = operation(id, summary, asked).with("responses", answers("The table and its path"));
        Object::new().with("get", get)
    };
    let asked = vec![Node::from(table.clone())];
    let paths =
        paths.with("/-/proof/{table}", of_table("proof", "A table's path to the release's root", asked));
    let rows = source.tables.iter().map(|table| &table.entry).zip(source.examples);
    let keyed = rows.filter(|(table, _)| !table.schema.primary_key.is_empty());
    let paths = keyed.clone().fold(paths, |paths, (table, example)| {
        let key = parameters::key(table, parameters::key_of(table, example.as_ref()));
        let summary = format!("One row of {} with its path to the release's root", table.name);
        paths.with(path_of(table), of_row(table, "proof", &summary, vec![key.into()]))
    });
    let newest = source.versions.iter().find_map(|versions| versions.last());
    let (Some(_), Some(newest)) = (&source.manifest.history, newest) else { return paths };
    let when = past::when(newest.name());
    let asked = vec![Node::from(when.clone()), table.into()];
    let summary = "A table of a version with its path to the root of the history";
    let paths = paths.with("/-/at/{when}/-/proof/{table}", of_table("proofAt", summary, asked));
    keyed.fold(paths, |paths, (table, _)| {
        let asked = vec![Node::from(when.clone()), parameters::key(table, None).into()];
        let summary =
            format!("One row of {} in a version with its path to the root of the history", table.name);
        let path = format!("/-/at/{{when}}{}", path_of(table));
        paths.with(path, of_row(table, "proofAt", &summary, asked))
    })
}

fn path_of(table: &Table) -> String {
    let mut path = String::from("/-/proof/");
    crate::request::encode(&table.name, &mut path);
    path + "/{key}"
}

fn of_row(table: &Table, id: &str, summary: &str, asked: Vec<Node>) -> Object {
    let get = operation(&format!("{id}.{}", component(&table.name)), summary, asked)
        .with("tags", vec![table.name.as_str()])
        .with("responses", answers("The row and its path; or, if there isn't one, the rows around the key"));
    Object::new().with("get", get)
}

fn operation(id: &str, summary: &str, mut asked: Vec<Node>) -> Object {
    asked.extend(["ifNoneMatch", "wantReprDigest"].map(|name| reference("parameters", name).into()));
    Object::new().with("operationId", id).with("summary", summary).with("parameters", asked)
}

fn answers(description: &str) -> Object {
    let text = json!({"type": "string"});
    let place = json!({"type": "integer", "minimum": 0});
    let row = json!({
        "type": "object",
        "properties": {
            "values": {"type": "object"},
            "leaf": text,
            "index": place,
            "path": text,
        },
        "required": ["values", "leaf", "index", "path"],
    });
    let schema = json!({
        "type": "object",
        "properties": {
            "commit": {"type": ["string", "null"]},
            "root": text,
            "version": {
                "type": "object",
                "properties": {
                    "dataset": text,
                    "version": {"type": ["string", "null"]},
                    "commit": text,
                    "date": {"type": "string", "format": "date-time"},
                },
                "required": ["dataset", "version", "commit", "date"],
            },
            "table": {
                "type": "object",
                "properties": {
                    "name": text,
                    "rows": place,
                    "columns": {"type": "array", "items": {"type": "array", "items": text}},
                    "key": {"type": "array", "items": text},
                    "tree": text,
                    "index": place,
                    "tables": {"type": "integer", "minimum": 1},
                    "path": text,
                },
                "required": ["name", "rows", "columns", "key", "index", "tables", "path"],
            },
            "row": row,
            "absent": {
                "type": "object",
                "properties": {
                    "index": place,
                    "before": {"type": ["string", "null"]},
                    "after": {"type": ["string", "null"]},
                    "path": text,
                },
                "required": ["index", "before", "after", "path"],
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
    responses::with_errors(responses, &[400, 404, 409, 410, 414, 431, 500])
}
