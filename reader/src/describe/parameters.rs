//! What can be asked of a table, as OpenAPI's parameters.

use catalog::{Column, ColumnType, Language, Table, key_part};
use serde_json::{Value, json};

use super::document::Object;
use crate::config::Config;
use crate::request::field_name;

/// The grammar's ways to write a test of a column, with `V` for a value, `E` for one within a
/// list and `L` for the language of its words.
const COMPARED: &str = "(eq|neq|gt|gte|lt|lte|isdistinct)\\.V|(eq|gt|gte|lt|lte)\\((any|all)\\)\\.\\{(E(,E)*)?\\}|in\\.\\((E(,E)*)?\\)|is\\.(null|not_null)";
const OF_TRUTH: &str = "|is\\.(true|false|unknown)";
const OF_TEXTS: &str =
    "|(like|ilike|match|imatch)\\.V|(like|ilike|match|imatch)\\((any|all)\\)\\.\\{(E(,E)*)?\\}";
const OF_WORDS: &str = "|(fts|plfts|phfts|wfts)(\\(L\\))?\\..*";
const OF_ARRAYS: &str = "(eq|neq|gt|gte|lt|lte|isdistinct|cs|cd|ov)\\.V|is\\.(null|not_null)";
const OF_OBJECTS: &str = "(eq|neq|gt|gte|lt|lte|isdistinct|cs|cd)\\.V|is\\.(null|not_null)";
/// A text within a list: in double quotes, or without what lists are written with.
const ELEMENT: &str = "(\"([^\"\\\\]|\\\\.)*\"|[^\\s\"\\\\,(){}]+)";
/// An array as PostgreSQL writes it. JSON is taken too.
const ARRAY: &str = "\\{(E(,E)*)?\\}";

/// A filter for each column. `example` is a row.
pub(super) fn filters(table: &Table, about: &Value, example: Option<&Value>) -> Vec<Object> {
    let filter = |column: &Column| {
        let field = descriptor(about, &column.name);
        let text = |key: &str| field.get(key).and_then(Value::as_str);
        let shown = text("description").or(text("title")).unwrap_or(&column.name);
        let shown = shown.trim_end_matches('.');
        let example = example
            .and_then(|row| row.get(&column.name))
            .and_then(scalar)
            .map(|value| format!("eq.{value}"))
            .unwrap_or_else(|| "not.is.null".to_owned());
        Object::new()
            .with("name", field_name(&column.name))
            .with("in", "query")
            .with(
                "description",
                format!("{shown}. A test of the {} `{}`.", column.column_type.name(), column.name),
            )
            .with("schema", json!({"type": "string", "pattern": pattern(column.column_type, table.searched(&column.name).map(|(search, _)| search.language))}))
            .with("example", example)
    };
    table.schema.columns.iter().map(filter).collect()
}

/// The field of that name in a resource descriptor.
fn descriptor<'a>(about: &'a Value, name: &str) -> &'a Value {
    let fields = about.pointer("/schema/fields").and_then(Value::as_array);
    fields
        .and_then(|fields| fields.iter().find(|field| field.get("name").is_some_and(|known| known == name)))
        .unwrap_or(&Value::Null)
}

/// `select` and `order`, which take the table's columns.
pub(super) fn shape(table: &Table) -> Vec<Object> {
    let names: Vec<_> = table.schema.columns.iter().map(|column| field_name(&column.name)).collect();
    let list = |name: &str, description: &str, items: Value| {
        Object::new()
            .with("name", name)
            .with("in", "query")
            .with("description", description)
            .with("style", "form")
            .with("explode", json!(false))
            .with(
                "schema",
                json!({"type": "array", "minItems": 1, "maxItems": 32, "uniqueItems": true, "items": items}),
            )
    };
    let ordered = names.iter().map(|name| escaped(name)).collect::<Vec<_>>().join("|");
    vec![
        list(
            "select",
            &format!(
                "The columns to show. Takes more than this schema says: aliases, casts, JSON paths, aggregates such as `{}.count(distinct)`, and embedded tables.{}",
                names.first().map_or("id", String::as_str),
                embeds(table)
            ),
            json!({"type": "string", "enum": names}),
        ),
        list(
            "order",
            "The order of rows; without it, that of the file. Takes JSON paths, columns of embedded tables and the names of aggregates too.",
            json!({"type": "string", "pattern": format!("^({ordered})(\\.(asc|desc))?(\\.(nullsfirst|nullslast))?$")}),
        ),
    ]
}

/// The foreign keys by which rows of other tables can be embedded.
fn embeds(table: &Table) -> String {
    let own = table.schema.foreign_keys.iter().map(|key| (&key.table, key.constraint(&table.name)));
    let others = table.referenced_by.iter().map(|key| (&key.table, key.constraint()));
    let all: Vec<_> =
        own.chain(others).map(|(table, key)| format!("`{}!{key}(*)`", field_name(table))).collect();
    if all.is_empty() {
        String::new()
    } else {
        format!(" By their foreign keys, these are {}.", all.join(", "))
    }
}

/// The parameters that are the same for every table, with their names as components.
pub(super) fn common(config: &Config) -> Vec<(&'static str, Object)> {
    let Config { default_limit, max_limit, .. } = config;
    let query = |name: &str, description: String, schema: Value| {
        Object::new()
            .with("name", name)
            .with("in", "query")
            .with("description", description)
            .with("schema", schema)
    };
    let header = |name: &str, description: &str, example: &str| {
        Object::new()
            .with("name", name)
            .with("in", "header")
            .with("description", description)
            .with("schema", json!({"type": "string"}))
            .with("example", example)
    };
    let limited = json!({"type": "integer", "minimum": 0, "maximum": i64::MAX, "default": default_limit});
    let tree = json!({"type": "string", "pattern": "^\\(.+\\)$"});
    vec![
        (
            "limit",
            query("limit", format!("Most rows. More than {max_limit} are cut to that."), limited),
        ),
        (
            "offset",
            query(
                "offset",
                "Rows to pass over. Before the first row there are none: a negative offset takes from the limit.".into(),
                json!({"type": "integer", "maximum": i64::MAX, "default": 0}),
            ),
        ),
        (
            "cursor",
            query(
                "cursor",
                "Where a page begins: opaque, from the `Link` of the page before; not beside `offset`."
                    .into(),
                json!({"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}),
            ),
        ),
        (
            "and",
            query(
                "and",
                "Conditions that all hold, as in `(a.gt.1,or(b.eq.x,c.is.null))`.".into(),
                tree.clone(),
            ),
        ),
        ("or", query("or", "Conditions of which one holds, as in `(a.gt.1,b.eq.x)`.".into(), tree.clone())),
        (
            "distinct",
            query(
                "distinct",
                "Returns each row once, in the order of its columns unless `order` says otherwise. PostgREST does not have this parameter.".into(),
                json!({"type": "string", "const": "true"}),
            ),
        ),
        (
            "having",
            query(
                "having",
                "Conditions that all hold for the aggregates in `select`, by their names: `(n.gt.1,sum.lte.9)` for `select=a,n:count(),b.sum()`. PostgREST does not have this parameter.".into(),
                tree,
            ),
        ),
        (
            "prefer",
            header(
                "Prefer",
                "`count=exact` asks for the total, `handling=strict` to refuse what is not understood.",
                "count=exact",
            ),
        ),
        ("range", header("Range", "The rows that are wanted, counted from 0; of a file also its bytes, as in `bytes=0-65535`.", "0-9")),
        (
            "ifNoneMatch",
            header(
                "If-None-Match",
                "The entity tags of what the client has already.",
                "\"0123456789abcdef01234567\"",
            ),
        ),
        ("wantReprDigest", header("Want-Repr-Digest", "`sha-256=1` asks for the digest of the answer.", "sha-256=1")),
    ]
}

/// The key of this row, as it stands in a path.
pub(super) fn key_of(table: &Table, row: Option<&Value>) -> Option<String> {
    let names = &table.schema.primary_key;
    let parts: Option<Vec<_>> =
        row.and_then(|row| names.iter().map(|name| row.get(name).and_then(scalar)).collect());
    parts.map(|parts| match parts.as_slice() {
        [part] => part.clone(),
        parts => parts.iter().map(|part| key_part(part)).collect::<Vec<_>>().join(","),
    })
}

/// The key of one row, in the path.
pub(super) fn key(table: &Table, example: Option<String>) -> Object {
    let names = &table.schema.primary_key;
    let description = match names.as_slice() {
        [name] => format!("The value of `{name}`."),
        names => format!(
            "The values of {}, separated by commas; one that holds a comma stands in double quotes.",
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
        ),
    };
    let column = |name: &String| table.column(name).map(|column| column.column_type);
    let schema = match names.as_slice() {
        [name] if column(name).is_some_and(is_integer) => json!({"type": "integer", "format": "int64"}),
        _ => json!({"type": "string", "minLength": 1}),
    };
    // An integer's example is one, not its text.
    let example = example.map(|text| match schema["type"] == "integer" {
        true => serde_json::from_str(&text).unwrap_or(Value::Null),
        false => Value::from(text),
    });
    Object::new()
        .with("name", "key")
        .with("in", "path")
        .with("required", json!(true))
        .with("description", description)
        .with("schema", schema)
        .with_some("example", example)
}

/// The text as a regular expression of ECMA-262 that matches it alone.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        if "\\^$.|?*+()[]{}/".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

fn is_integer(of: ColumnType) -> bool {
    matches!(of, ColumnType::Integer | ColumnType::Year)
}

/// A value as it is written in a filter; `None` for JSON and for none.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn pattern(of: ColumnType, searched: Option<Language>) -> String {
    let values = |value: &str| COMPARED.replace(['E', 'V'], value);
    let mut shape = match of {
        ColumnType::Integer | ColumnType::Year => values("-?([0-9]{1,18}|[1-8][0-9]{18})"),
        ColumnType::Number => {
            // What a double holds: ten to the power of at most 299.
            values("[-+]?([0-9]{1,200}(\\.[0-9]*)?([eE](-[0-9]+|\\+?[0-9]{1,2}))?|Infinity|NaN)")
        }
        ColumnType::Boolean => values("(true|false|t|f|yes|no|on|off|1|0)") + OF_TRUTH,
        ColumnType::Date => values("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        ColumnType::Time => values("[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?"),
        ColumnType::Array | ColumnType::List => OF_ARRAYS.replace('V', &ARRAY.replace('E', ELEMENT)),
        ColumnType::Object | ColumnType::Geojson => OF_OBJECTS.replace('V', "\\{.*\\}"),
        ColumnType::Geopoint => OF_ARRAYS.replace('V', "(\\{.*\\}|\\[.*\\])"),
        ColumnType::Any => {
            [COMPARED, OF_TEXTS, "|(cs|cd|ov)\\.V"].concat().replace('E', ELEMENT).replace('V', ".*")
        }
        _ => [COMPARED, OF_TEXTS].concat().replace('E', ELEMENT).replace('V', ".*"),
    };
    if let Some(language) = searched {
        shape.push_str(&OF_WORDS.replace('L', language.name()));
    }
    format!("^(not\\.)?({shape})$")
}
