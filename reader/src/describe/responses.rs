//! What answers look like, as OpenAPI's responses.

use catalog::Table;
use serde_json::{Value, json};

use super::document::{Object, component, reference};
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

/// The forms that a table has as a file.
const FILES: [Format; 3] = [Format::Json, Format::Csv, Format::Lines];

/// The statuses of errors, each with what it means.
const ERRORS: [(u16, &str, &str); 12] = [
    (300, "Ambiguous", "More than one foreign key leads to an embedded table"),
    (400, "BadRequest", "The request means nothing, or asks for too much"),
    (404, "NotFound", "There is no such table, row, function or path"),
    (405, "MethodNotAllowed", "The data is read-only"),
    (
        406,
        "NotAcceptable",
        "The media type is not served, or one row is asked for and there is not exactly one",
    ),
    (409, "Conflict", "The rows of an earlier version can't be restored, or the row can't be proved"),
    (
        410,
        "Gone",
        "What a cursor stands in has changed, the row was removed, or the changes are not kept any more",
    ),
    (414, "UriTooLong", "The URL is too long"),
    (416, "RangeNotSatisfiable", "There are no such rows or bytes"),
    (431, "HeadersTooLarge", "The headers are too large"),
    (500, "ServerError", "The release can't be read"),
    (503, "Busy", "The request takes long, and too many others do"),
];

/// The answers to a question for rows. `example` is the first row.
pub(super) fn rows(table: &Table, example: Option<&Value>) -> Object {
    let page = |description: &str| {
        Object::new()
            .with("description", description)
            .with(
                "headers",
                header_references(&[
                    "ETag",
                    "Content-Range",
                    "Content-Location",
                    "Link",
                    "Repr-Digest",
                    "Warning",
                ]),
            )
            .with("content", list(table, example, &FORMS))
    };
    let responses = Object::new()
        .with("200", page("A page of rows, in the order of the file unless `order` says otherwise"))
        .with("206", page("A page that has not all rows, where the total was asked for"))
        .with("304", reference("responses", "NotModified"));
    with_errors(responses, &[300, 400, 404, 406, 410, 414, 416, 431, 500, 503])
}

/// The answers to a question for a file. `example` is the first row.
pub(super) fn file(table: &Table, example: Option<&Value>) -> Object {
    let file = |description: &str, headers: &[&str]| {
        Object::new()
            .with("description", description)
            .with("headers", header_references(headers))
            .with("content", list(table, example, &FILES))
    };
    let whole =
        ["ETag", "Accept-Ranges", "Content-Disposition", "Content-Location", "Content-Range", "Repr-Digest"];
    let responses = Object::new()
        .with("200", file("Every row, in the order of the file unless `order` says otherwise", &whole))
        .with("206", file("The bytes that `Range` asks for", &whole))
        .with("304", reference("responses", "NotModified"));
    with_errors(responses, &[300, 400, 404, 406, 410, 414, 416, 431, 500, 503])
}

/// Rows in these forms.
fn list(table: &Table, example: Option<&Value>, forms: &[Format]) -> Object {
    let row = || reference("schemas", &component(&table.name));
    let list = || Object::new().with("type", "array").with("items", row());
    forms.iter().fold(Object::new(), |content, form| {
        let media = match form {
            Format::Json => Object::new()
                .with("schema", list())
                .with_some("example", example.map(|example| vec![in_order(table, example)])),
            Format::Stripped => Object::new().with("schema", list()),
            Format::Object { .. } => Object::new().with("schema", row()),
            Format::Csv | Format::Lines => Object::new().with("schema", json!({"type": "string"})),
        };
        content.with(media_type(*form), media)
    })
}

/// The answers to a question for one row.
pub(super) fn row(table: &Table, example: Option<&Value>) -> Object {
    let columns = table.schema.columns.iter().map(|column| column.name.as_str());
    let row = || {
        Object::new()
            .with("allOf", vec![reference("schemas", &component(&table.name))])
            .with("required", columns.clone().collect::<Vec<_>>())
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
        .with("headers", header_references(&["ETag", "Repr-Digest"]))
        .with("content", content);
    let responses = Object::new().with("200", found).with("304", reference("responses", "NotModified"));
    with_errors(responses, &[400, 404, 406, 410, 414, 431, 500])
}

/// The answers where one JSON document is served.
pub(super) fn json(description: &str) -> Object {
    document(description, media_type(Format::Json), json!({"type": "object"}))
}

/// The answers to a question for a list of objects with that schema.
pub(super) fn json_list(description: &str, item: &serde_json::Value) -> Object {
    document(description, media_type(Format::Json), json!({"type": "array", "items": item}))
}

/// The answers to a question for a description as JSON-LD.
pub(super) fn linked_data(description: &str) -> Object {
    document(description, "application/ld+json", json!({"type": "object"}))
}

/// The answers to a question for a Sigstore bundle.
pub(super) fn bundle(description: &str) -> Object {
    document(description, "application/vnd.dev.sigstore.bundle.v0.3+json", json!({"type": "object"}))
}

fn document(description: &str, media_type: &str, schema: serde_json::Value) -> Object {
    let found = Object::new()
        .with("description", description)
        .with("headers", header_references(&["ETag", "Repr-Digest"]))
        .with("content", json!({media_type: {"schema": schema}}));
    let responses = Object::new().with("200", found).with("304", reference("responses", "NotModified"));
    with_errors(responses, &[400, 404, 406, 414, 431, 500])
}

/// The answers to a question for what is true for the moment.
pub(super) fn momentary(description: &str) -> Object {
    let found = Object::new()
        .with("description", description)
        .with("content", json!({media_type(Format::Json): {"schema": {"type": "object"}}}));
    with_errors(Object::new().with("200", found), &[400, 406, 414, 431, 500])
}

/// The same with the errors of these statuses.
pub(super) fn with_errors(responses: Object, statuses: &[u16]) -> Object {
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

/// The responses that many operations have.
pub(super) fn components() -> Object {
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

/// The body of an error.
pub(super) fn error_schema() -> Value {
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

const HEADERS: [(&str, &str, &str); 9] = [
    ("ETag", "Changes with the tables that the answer shows", "\"0123456789abcdef01234567\""),
    (
        "Content-Range",
        "The rows of this page, from 0, and the total where it was asked for; of a file's part, its bytes",
        "0-999/*",
    ),
    ("Accept-Ranges", "That ranges of bytes are served", "bytes"),
    ("Content-Disposition", "The name to keep the file under", "attachment; filename=\"table.csv\""),
    ("Content-Location", "The question in one spelling", "/table?limit=10"),
    ("Link", "Where the next page is, where there is one", "</table?limit=10&offset=10>; rel=\"next\""),
    (
        "Warning",
        "What was left out",
        "299 Coldpress \"page cut at the default limit of 1000 rows: the Link header has the next page\"",
    ),
    ("Proxy-Status", "The code of the error", "Coldpress; error=PGRST100"),
    (
        "Repr-Digest",
        "The digest of the answer as it is coded, where `Want-Repr-Digest` asks for it; a file and the manifest may have it unasked (RFC 9530)",
        "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
    ),
];

/// The headers of answers.
pub(super) fn headers() -> Object {
    HEADERS.into_iter().fold(Object::new(), |headers, (name, description, example)| {
        headers
            .with(name, json!({"description": description, "schema": {"type": "string"}, "example": example}))
    })
}

/// These headers, by reference.
pub(super) fn header_references(names: &[&str]) -> Object {
    names.iter().fold(Object::new(), |headers, name| headers.with(*name, reference("headers", name)))
}
