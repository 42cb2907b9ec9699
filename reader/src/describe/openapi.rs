//! The OpenAPI 3.1 document.

use catalog::Table;
use serde_json::{Value, json};

use super::document::{Node, Object, component, reference};
use super::responses;
use super::{Source, feeds, parameters, past, proofs};

pub(super) fn document(source: &Source<'_>) -> serde_json::Result<Object> {
    let mut paths = Object::new().with("/", release_path());
    let mut schemas = Object::new();
    let mut tags = vec![];
    for ((entry, row), example) in source.tables.iter().zip(source.schemas).zip(source.examples) {
        let (table, about): (_, Value) = (&entry.entry, serde_json::from_str(&entry.about)?);
        let shown = about.get("title").or(about.get("description"));
        tags.push(Object::new().with("name", table.name.as_str()).with_some("description", shown.cloned()));
        schemas = schemas.with(component(&table.name), row.of_selected());
        paths.extend(table_paths(table, &about, example.as_ref()));
    }
    let (feeds, changes) = feeds::document(source);
    paths.extend(feeds);
    paths.extend(past::paths(source));
    schemas.extend(changes);
    paths.extend(proofs::paths(source));
    paths.extend(description_paths(source));
    let parameters = parameters::common(source.config).into_iter();
    let components = Object::new()
        .with("schemas", schemas.with("Error", responses::error_schema()))
        .with(
            "parameters",
            parameters.fold(Object::new(), |all, (name, parameter)| all.with(name, parameter)),
        )
        .with("headers", responses::headers())
        .with("responses", responses::components());
    Ok(Object::new()
        .with("openapi", "3.1.0")
        .with("info", info(source)?)
        .with("servers", json!([{"url": match source.config.base_path.as_str() { "" => "/", base => base }}]))
        .with("tags", tags)
        .with("paths", paths)
        .with("components", components))
}

fn info(source: &Source<'_>) -> serde_json::Result<Object> {
    let mut titles = vec![];
    let mut described = vec![];
    for (name, dataset) in source.datasets {
        let about: Value = serde_json::from_str(&dataset.about)?;
        let text = |key: &str| about.get(key).and_then(Value::as_str).map(str::to_owned);
        let title = text("title").unwrap_or_else(|| name.clone());
        let version = dataset.entry.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
        let description = text("description").map(|text| format!(": {text}")).unwrap_or_default();
        described.push(format!("- **{title}**{version}{description}"));
        titles.push(title);
    }
    let manifest = source.manifest;
    // The release, to the byte, where no commit is known.
    let version = manifest.commit.as_deref().unwrap_or(&manifest.database.sha256);
    let config = source.config;
    let limits = format!(
        "Limits: {} rows a page without `limit`; at most {}; {} bytes an answer; {} ms a query; 8192 bytes of path and query.",
        config.default_limit,
        config.max_limit,
        config.max_bytes,
        config.query_time.as_millis()
    );
    let grammar = "Read-only, in PostgREST's grammar: a column is filtered by `column=operator.value`, as in `id=gt.10`. \
                   Every answer has an `ETag`; `If-None-Match` gets 304. Errors have a `code` that never changes its meaning.";
    Ok(Object::new()
        .with("title", titles.join(", "))
        .with("version", version)
        .with("description", format!("{}\n\n{grammar}\n\n{limits}", described.join("\n"))))
}

fn table_paths(table: &Table, about: &Value, example: Option<&Value>) -> Object {
    let mut path = String::from("/");
    crate::request::encode(&table.name, &mut path);
    let refs = parameters::common(&crate::config::Config::default());
    // A filter of a column of that name is described instead.
    let of_column = |name: &str| table.column(name).is_some() && crate::request::field_name(name) == name;
    let refs =
        refs.iter().filter(|(name, _)| !of_column(name)).map(|(name, _)| reference("parameters", name));
    let mut asked = parameters::shape(table);
    asked.extend(refs);
    asked.extend(parameters::filters(table, about, example));
    let file = Object::new()
        .with("name", "form")
        .with("in", "path")
        .with("required", json!(true))
        .with("schema", json!({"type": "string", "enum": ["csv", "json", "ndjson"]}));
    let mut as_file = vec![file];
    as_file.extend(asked.iter().cloned());
    let title = about.get("title").and_then(Value::as_str).unwrap_or(&table.name);
    let operation = |id: &str, summary: String| {
        Object::new()
            .with("operationId", format!("{id}.{}", component(&table.name)))
            .with("summary", summary)
            .with_any_of(about, "description")
            .with("tags", vec![table.name.as_str()])
    };
    let rows = operation("list", format!("Rows of {title}"))
        .with("parameters", asked)
        .with("responses", responses::rows(table, example));
    let files = operation("download", format!("{title} as a file"))
        .with("parameters", as_file)
        .with("responses", responses::file(table, example));
    let mut paths = Object::new()
        .with(path.as_str(), Object::new().with("get", rows))
        .with(format!("{path}.{{form}}"), Object::new().with("get", files));
    if !table.schema.primary_key.is_empty() {
        let row = operation("get", format!("One row of {title}"))
            .with(
                "parameters",
                vec![
                    parameters::key(table, parameters::key_of(table, example)).into(),
                    Node::from(reference("parameters", "ifNoneMatch")),
                    reference("parameters", "wantReprDigest").into(),
                ],
            )
            .with("responses", responses::row(table, example));
        paths = paths.with(format!("{path}/{{key}}"), Object::new().with("get", row));
    }
    paths
}

fn release_path() -> Object {
    let get = Object::new()
        .with("operationId", "release")
        .with("summary", "The release: commit, digests, datasets, tables")
        .with(
            "parameters",
            vec![reference("parameters", "ifNoneMatch"), reference("parameters", "wantReprDigest")],
        )
        .with("responses", responses::json("The release"));
    Object::new().with("get", get)
}

fn health_path() -> Object {
    let get = Object::new()
        .with("operationId", "health")
        .with("summary", "The release that is served, and one that was refused")
        .with("parameters", Vec::<Node>::new())
        .with("responses", responses::momentary("What is served, and what was refused"));
    Object::new().with("get", get)
}

fn description_paths(source: &Source<'_>) -> Object {
    let path = |id: &str,
                summary: &str,
                parameter: Option<(&str, &[&str])>,
                responses: fn(&str) -> Object| {
        let mut parameters: Vec<Node> = vec![];
        if let Some((name, values)) = parameter {
            let schema = json!({"type": "string", "enum": values});
            parameters.push(json!({"name": name, "in": "path", "required": true, "schema": schema}).into());
        }
        parameters.extend(["ifNoneMatch", "wantReprDigest"].map(|name| reference("parameters", name).into()));
        let get = Object::new()
            .with("operationId", id)
            .with("summary", summary)
            .with("parameters", parameters)
            .with("responses", responses(summary));
        Object::new().with("get", get)
    };
    let tables: Vec<_> = source.tables.iter().map(|table| table.entry.name.as_str()).collect();
    let datasets: Vec<_> = source.datasets.iter().map(|(name, _)| name.as_str()).collect();
    let datasets = Some(("dataset", datasets.as_slice()));
    let croissant = "A dataset in the words of Croissant 1.0";
    let dcat = "All datasets in the words of DCAT 3";
    let (schema, package) = ("The JSON Schema of a table's rows", "The Data Package of a dataset");
    Object::new()
        .with("/-/health", health_path())
        .with("/openapi.json", path("openapi", "This document", None, responses::json))
        .with("/-/schema/{table}", path("schema", schema, Some(("table", &tables)), responses::json))
        .with("/-/datapackage/{dataset}.json", path("datapackage", package, datasets, responses::json))
        .with("/-/croissant/{dataset}.json", path("croissant", croissant, datasets, responses::linked_data))
        .with("/-/dcat.jsonld", path("dcat", dcat, None, responses::linked_data))
}
