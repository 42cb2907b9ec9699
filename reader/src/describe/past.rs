//! Tables as they were, as OpenAPI's paths: those of tables that have versions.

use catalog::{Table, Version};
use serde_json::json;

use super::document::{Node, Object, component, reference};
use super::{Source, parameters, responses};
use crate::config::Config;

/// The paths of the versions of all datasets and tables.
pub(super) fn paths(source: &Source<'_>) -> Object {
    let has_versions = |(_, versions): &(&String, &Vec<Version>)| !versions.is_empty();
    let names = source.datasets.iter().map(|(name, _)| name);
    let datasets: Vec<&str> =
        names.zip(source.versions).filter(has_versions).map(|(name, _)| name.as_str()).collect();
    let mut paths = Object::new();
    if datasets.is_empty() {
        return paths;
    }
    let mut tables = vec![];
    for entry in source.tables {
        let table = &entry.entry;
        let of_it = source.datasets.iter().position(|(name, _)| *name == table.dataset);
        let Some(versions) = of_it.and_then(|index| source.versions.get(index)) else { continue };
        if versions.iter().any(|version| version.tables.contains_key(&table.name)) {
            paths.extend(table_paths(table, versions));
            tables.push(table.name.as_str());
        }
    }
    let named = |id: &str, summary: &str, parameter: &str, names: &[&str], responses: Object| {
        let names = json!({"name": parameter, "in": "path", "required": true, "schema": {"type": "string", "enum": names}});
        let get = Object::new()
            .with("operationId", id)
            .with("summary", summary)
            .with(
                "parameters",
                vec![
                    Node::from(names),
                    reference("parameters", "ifNoneMatch").into(),
                    reference("parameters", "wantReprDigest").into(),
                ],
            )
            .with("responses", responses);
        Object::new().with("get", get)
    };
    let links = json!({"application/link-format": {"schema": {"type": "string"}}});
    let listed = Object::new()
        .with("description", "Links to versions, and the times at which they came")
        .with("content", links);
    let listed = Object::new().with("200", listed).with("304", reference("responses", "NotModified"));
    let listed = responses::with_errors(listed, ERRORS);
    let summary = "The versions of a dataset, with what each did to its tables";
    let version = json!({
        "type": "object",
        "required": ["date", "commit", "digest", "tables"],
        "properties": {
            "version": {"type": "string"},
            "date": {"type": "string", "format": "date-time"},
            "commit": {"type": "string"},
            "digest": {"type": "string"},
            "tables": {"type": "object", "additionalProperties": {"type": "object"}},
        },
    });
    paths
        .with(
            "/-/versions/{dataset}",
            named("versionsOf", summary, "dataset", &datasets, responses::json_list(summary, &version)),
        )
        .with(
            "/-/timemap/{table}",
            named("timemap", "The versions of a table, as links", "table", &tables, listed),
        )
}

/// How a moment is written: a version, one of a named dataset, a commit, a day, or a time with its zone.
const WHEN: &str = concat!(
    r"^((.+@)?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]*)?|.+@[0-9A-Fa-f]+|[0-9A-Fa-f]{7,64}|",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?)$",
);

/// The moment in a path; `newest` is an example.
pub(super) fn when(newest: &str) -> serde_json::Value {
    json!({
        "name": "when", "in": "path", "required": true, "schema": {"type": "string", "pattern": WHEN},
        "example": newest,
        "description": "A version, a commit by seven of its digits or more, a date, or a time with its zone.",
    })
}

const ERRORS: &[u16] = &[400, 404, 406, 409, 410, 414, 416, 431, 500, 503];

fn table_paths(table: &Table, versions: &[Version]) -> Object {
    let mut path = String::from("/-/at/{when}/");
    crate::request::encode(&table.name, &mut path);
    let newest = versions.last().map_or("", Version::name);
    let when = when(newest);
    let operation = |id: &str, summary: String, asked: Vec<Node>, found: Object| {
        let found = Object::new()
            .with("description", "As it was then; it never changes")
            .with("headers", responses::header_references(&["ETag", "Link", "Repr-Digest"]))
            .with("content", Object::new().with("application/json", Object::new().with("schema", found)));
        let answers = Object::new()
            .with("200", found.clone())
            .with("206", found)
            .with("304", reference("responses", "NotModified"));
        let get = Object::new()
            .with("operationId", format!("{id}.{}", component(&table.name)))
            .with("summary", summary)
            .with("tags", vec![table.name.as_str()])
            .with("parameters", asked)
            .with("responses", responses::with_errors(answers, ERRORS));
        Object::new().with("get", get)
    };
    let row = || reference("schemas", &format!("past.{}", component(&table.name)));
    let mut asked = vec![Node::from(when.clone())];
    let shared =
        parameters::common(&Config::default()).into_iter().filter(|(name, _)| table.column(name).is_none());
    asked.extend(shared.map(|(name, _)| Node::from(reference("parameters", name))));
    let rows = Object::new().with("type", "array").with("items", row());
    let paths = Object::new()
        .with(path.as_str(), operation("at", format!("Rows of {} as they were", table.name), asked, rows));
    if table.schema.primary_key.is_empty() {
        return paths;
    }
    let asked: Vec<Node> = vec![
        when.into(),
        parameters::key(table, None).into(),
        reference("parameters", "ifNoneMatch").into(),
        reference("parameters", "wantReprDigest").into(),
    ];
    let of_row = operation("rowAt", format!("One row of {} as it was", table.name), asked, row());
    paths.with(format!("{path}/{{key}}"), of_row)
}
