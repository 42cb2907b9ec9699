//! The OpenAPI 3.1 document.

use catalog::Table;
use serde_json::{Value, json};

use super::document::{Node, Object, reference};
use super::{Source, parameters, schema};
use crate::error::Code;
use crate::request::Format;

/// The forms in which rows come. The first is the one that is shown with examples.
const FORMS: [Format; 6] = [
    Format::Json,
    Format::Csv,
    Format::Lines,
    Format::Object { stripped: false },
    Format::Object { stripped: true },
    Format::Stripped,
];

/// The statuses of errors, each with what it means.
const ERRORS: [(u16, &str, &str); 9] = [
    (300, "Ambiguous", "More than one foreign key leads to an embedded table"),
    (400, "BadRequest", "The request means nothing, or asks for too much"),
    (404, "NotFound", "There is no such table, row, function or path"),
    (405, "MethodNotAllowed", "The data is read-only"),
    (
        406,
        "NotAcceptable",
        "The media type is not served, or one row is asked for and there is not exactly one",
    ),
    (410, "Gone", "A release changed what a cursor stands in"),
    (414, "UriTooLong", "The URL is too long"),
    (416, "RangeNotSatisfiable", "There are no such rows"),
    (500, "ServerError", "The release can't be read"),
];

pub(super) fn document(source: &Source<'_>) -> serde_json::Result<Object> {
    let mut paths = Object::new().with("/", release_path());
    let mut schemas = Object::new();
    let mut tags = vec![];
    for (entry, example) in source.tables.iter().zip(source.examples) {
        let (table, about): (_, Value) = (&entry.entry, serde_json::from_str(&entry.about)?);
        let shown = about.get("title").or(about.get("description"));
        tags.push(Object::new().with("name", table.name.as_str()).with_some("description", shown.cloned()));
        let row = schema::row(table, &about);
        schemas = schemas.with(component(&table.name), row);
        paths.extend(table_paths(table, &about, example.as_ref()));
    }
    paths.extend(description_paths(source));
    let parameters = parameters::common(source.config).into_iter();
    let components = Object::new()
        .with("schemas", schemas.with("Error", error_schema()))
        .with(
            "parameters",
            parameters.fold(Object::new(), |all, (name, parameter)| all.with(name, parameter)),
        )
        .with("headers", headers())
        .with("responses", responses());
    Ok(Object::new()
        .with("openapi", "3.1.0")
        .with("info", info(source)?)
        .with("servers", json!([{"url": "/"}]))
        .with("tags", tags)
        .with("paths", paths)
        .with("components", components))
}

/// A component's name takes letters, digits, `.`, `-` and `_` (OpenAPI 3.1, "Components Object").
/// Tables of other names, and of those that are taken, stand as their code points behind `row.`.
fn component(table: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if table.chars().all(plain) && table != "Error" && !table.starts_with("row.") {
        return table.to_owned();
    }
    let mut name = String::from("row.");
    for c in table.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c),
            c => name.push_str(&format!("_{:x}_", u32::from(c))),
        }
    }
    name
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
        "Limits: {} rows a page without `limit`, {} at the most; {} bytes an answer; {} ms a query; 8192 bytes of path and query.",
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
    let refs = refs.iter().map(|(name, _)| reference("parameters", name));
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
        .with("responses", rows_responses(table, example, &FORMS));
    let files = operation("download", format!("{title} as a file"))
        .with("parameters", as_file)
        .with("responses", rows_responses(table, example, &FORMS[..3]));
    let mut paths = Object::new()
        .with(path.as_str(), Object::new().with("get", rows))
        .with(format!("{path}.{{form}}"), Object::new().with("get", files));
    if !table.schema.primary_key.is_empty() {
        let row = operation("get", format!("One row of {title}"))
            .with(
                "parameters",
                vec![
                    parameters::key(table, example).into(),
                    Node::from(reference("parameters", "ifNoneMatch")),
                ],
            )
            .with("responses", row_responses(table, example));
        paths = paths.with(format!("{path}/{{key}}"), Object::new().with("get", row));
    }
    paths
}

fn rows_responses(table: &Table, example: Option<&Value>, forms: &[Format]) -> Object {
    let row = || reference("schemas", &component(&table.name));
    let list = || Object::new().with("type", "array").with("items", row());
    let content = forms.iter().fold(Object::new(), |content, form| {
        let media = match form {
            Format::Json => Object::new()
                .with("schema", list())
                .with_some("example", example.map(|example| vec![in_order(table, example)])),
            Format::Stripped => Object::new().with("schema", list()),
            Format::Object { .. } => Object::new().with("schema", row()),
            Format::Csv | Format::Lines => Object::new().with("schema", json!({"type": "string"})),
        };
        content.with(media_type(*form), media)
    });
    let page = |description: &str| {
        Object::new()
            .with("description", description)
            .with(
                "headers",
                header_references(&["ETag", "Content-Range", "Content-Location", "Link", "Warning"]),
            )
            .with("content", content.clone())
    };
    let responses = Object::new()
        .with("200", page("A page of rows, in the order of the file unless `order` says otherwise"))
        .with("206", page("A page that has not all rows, where the total was asked for"))
        .with("304", reference("responses", "NotModified"));
    with_errors(responses, &[300, 400, 404, 406, 410, 414, 416, 500])
}

fn row_responses(table: &Table, example: Option<&Value>) -> Object {
    let row = || {
        Object::new()
            .with("allOf", vec![reference("schemas", &component(&table.name))])
            .with("required", schema::required(table))
    };
    let content = FORMS.iter().fold(Object::new(), |content, form| {
        let media = match form {
            Format::Json => Object::new()
                .with("schema", row())
                .with_some("example", example.map(|example| in_order(table, example))),
            Format::Object { stripped: false } => Object::new().with("schema", row()),
            Format::Stripped | Format::Object { stripped: true } => {
                Object::new().with("schema", reference("schemas", &component(&table.name)))
            }
            Format::Csv | Format::Lines => Object::new().with("schema", json!({"type": "string"})),
        };
        content.with(media_type(*form), media)
    });
    let found = Object::new()
        .with("description", "The row")
        .with("headers", header_references(&["ETag"]))
        .with("content", content);
    let responses = Object::new().with("200", found).with("304", reference("responses", "NotModified"));
    with_errors(responses, &[400, 404, 406, 414, 500])
}

fn release_path() -> Object {
    let get = Object::new()
        .with("operationId", "release")
        .with("summary", "The release: commit, digests, datasets, tables")
        .with("parameters", vec![reference("parameters", "ifNoneMatch")])
        .with("responses", json_responses("The release"));
    Object::new().with("get", get)
}

fn description_paths(source: &Source<'_>) -> Object {
    let path = |id: &str, summary: &str, parameter: Option<(&str, Vec<&str>)>| {
        let mut parameters: Vec<Node> = vec![];
        if let Some((name, values)) = parameter {
            let schema = json!({"type": "string", "enum": values});
            parameters.push(json!({"name": name, "in": "path", "required": true, "schema": schema}).into());
        }
        parameters.push(reference("parameters", "ifNoneMatch").into());
        let get = Object::new()
            .with("operationId", id)
            .with("summary", summary)
            .with("parameters", parameters)
            .with("responses", json_responses(summary));
        Object::new().with("get", get)
    };
    let tables = source.tables.iter().map(|table| table.entry.name.as_str()).collect();
    let datasets = source.datasets.iter().map(|(name, _)| name.as_str()).collect();
    let (schema, package) = ("The JSON Schema of a table's rows", "The Data Package of a dataset");
    Object::new()
        .with("/openapi.json", path("openapi", "This document", None))
        .with("/-/schema/{table}", path("schema", schema, Some(("table", tables))))
        .with("/-/datapackage/{dataset}.json", path("datapackage", package, Some(("dataset", datasets))))
}

fn json_responses(description: &str) -> Object {
    let found = Object::new()
        .with("description", description)
        .with("headers", header_references(&["ETag"]))
        .with("content", json!({media_type(Format::Json): {"schema": {"type": "object"}}}));
    let responses = Object::new().with("200", found).with("304", reference("responses", "NotModified"));
    with_errors(responses, &[400, 404, 406, 414, 500])
}

fn with_errors(responses: Object, statuses: &[u16]) -> Object {
    let found = ERRORS.into_iter().filter(|(status, ..)| statuses.contains(status));
    found.fold(responses, |responses, (status, name, _)| {
        responses.with(status.to_string(), reference("responses", name))
    })
}

/// Without the character set, which is no part of the type that clients choose by.
fn media_type(form: Format) -> &'static str {
    let of = form.content_type();
    of.strip_suffix("; charset=utf-8").unwrap_or(of)
}

/// The row with its members in the table's order.
fn in_order(table: &Table, row: &Value) -> Object {
    table.schema.columns.iter().fold(Object::new(), |object, column| {
        object.with(column.name.as_str(), row.get(&column.name).cloned().unwrap_or(Value::Null))
    })
}

fn responses() -> Object {
    let not_modified = Object::new()
        .with("description", "The client has it already")
        .with("headers", header_references(&["ETag"]));
    ERRORS.into_iter().fold(
        Object::new().with("NotModified", not_modified),
        |all, (status, name, meaning)| {
            let codes = Code::ALL.iter().filter(|code| code.status() == status);
            let codes: Vec<_> = codes.map(|code| format!("`{}`", code.name())).collect();
            let response = Object::new()
                .with("description", format!("{meaning}: {}", codes.join(", ")))
                .with("headers", header_references(&["Proxy-Status"]))
                .with(
                    "content",
                    json!({media_type(Format::Json): {"schema": {"$ref": "#/components/schemas/Error"}}}),
                );
            all.with(name, response)
        },
    )
}

fn error_schema() -> Value {
    let codes: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
    json!({
        "type": "object",
        "properties": {
            "code": {"type": "string", "enum": codes},
            "message": {"type": "string"},
            "details": {"description": "Text, or a list where there are possibilities."},
            "hint": {"type": ["string", "null"]},
        },
        "required": ["code", "message", "details", "hint"],
        "additionalProperties": false,
    })
}

const HEADERS: [(&str, &str, &str); 6] = [
    ("ETag", "Changes with the tables that the answer shows", "\"0123456789abcdef01234567\""),
    ("Content-Range", "The rows of this page, from 0, and the total where it was asked for", "0-99/*"),
    ("Content-Location", "The question in one spelling", "/table?limit=10"),
    ("Link", "Where the next page is, where there is one", "</table?limit=10&offset=10>; rel=\"next\""),
    ("Warning", "What was left out", "299 Coldpress \"embedded rows cut at the maximum of 1000: name\""),
    ("Proxy-Status", "The code of the error", "Coldpress; error=PGRST100"),
];

fn headers() -> Object {
    HEADERS.into_iter().fold(Object::new(), |headers, (name, description, example)| {
        headers
            .with(name, json!({"description": description, "schema": {"type": "string"}, "example": example}))
    })
}

fn header_references(names: &[&str]) -> Object {
    names.iter().fold(Object::new(), |headers, name| headers.with(*name, reference("headers", name)))
}
