//! What a parameter that could not be read was meant to be: the hint of its error. The name is looked
//! up first: a column of that name wants an operator, another API's name has its own here.

use catalog::{Column, ColumnType, Table, similar};

use crate::request::{OPERATORS, encode, field_name};

const PARAMETERS: [&str; 7] = ["select", "order", "limit", "offset", "and", "or", "cursor"];

/// What other APIs call what there is here, and what it is called here.
const ORDER: &[&str] = &["sort", "sort_by", "sortby", "orderby", "order_by", "ordering", "$orderby"];
const SELECT: &[&str] = &["fields", "field", "$select", "only", "attributes", "properties"];
const PAGE: &[&str] = &["page", "page_size", "pagesize", "per_page", "perpage", "start", "from"];
const LIMIT: &[&str] = &["top", "$top", "first", "count", "size", "max", "rows", "max_results", "take"];
const OFFSET: &[&str] = &["skip", "$skip"];
const WORDS: &[&str] =
    &["q", "query", "search", "s", "term", "keyword", "filter", "$filter", "where", "text"];
const FORM: &[&str] = &["format", "f", "$format", "output", "type", "accept"];
const EMBED: &[&str] = &["include", "expand", "$expand", "embed", "populate", "with"];

/// What people write for an operator, and the operator.
const ALIASES: [(&str, &str); 20] = [
    ("equals", "eq"),
    ("equal", "eq"),
    ("is_equal", "eq"),
    ("ne", "neq"),
    ("noteq", "neq"),
    ("not_eq", "neq"),
    ("not_equal", "neq"),
    ("ge", "gte"),
    ("gteq", "gte"),
    ("min", "gte"),
    ("le", "lte"),
    ("lteq", "lte"),
    ("max", "lte"),
    ("greater", "gt"),
    ("less", "lt"),
    ("contains", "ilike"),
    ("icontains", "ilike"),
    ("any", "in"),
    ("regex", "match"),
    ("iregex", "imatch"),
];

/// The way to what `name=value`, of a request for `table`, was meant to ask.
pub(crate) fn meant(table: &Table, name: &str, value: &str) -> Option<String> {
    // A table may have a column of such a name; its filter is in double quotes.
    match name.rsplit('.').next().unwrap_or_default() {
        "select" | "order" if let Some(column) = pointed(table, |column| value.contains(column)) => {
            return Some(column);
        }
        "order" => return order(value).map(|order| format!("as in {name}={order}")),
        last if PARAMETERS.contains(&last) => return None,
        _ => {}
    }
    if let Some(column) = table.column(name) {
        return filter(column, value);
    }
    if let Some((column, operator, value)) = in_name(table, name, value) {
        return Some(format!("the operator stands before the value: {}", test(column, operator, value)));
    }
    let lower = name.to_lowercase();
    let is = |names: &[&str]| names.contains(&lower.as_str());
    let text = if value.is_empty() { "..." } else { value };
    if is(ORDER) {
        return Some(format!("rows are ordered by order={}", order(text).unwrap_or_else(|| text.to_owned())));
    }
    if is(SELECT) {
        return Some(format!("columns are chosen by select={text}"));
    }
    if is(LIMIT) {
        return Some(format!("the size of a page is limit={text}"));
    }
    if is(OFFSET) {
        return Some(format!("where a page begins is offset={text}"));
    }
    if is(PAGE) {
        return Some("pages are limit=100&offset=200; the Link header leads to the next".to_owned());
    }
    if is(FORM) {
        let form = if value.eq_ignore_ascii_case("csv") { "csv" } else { "json" };
        return Some(format!("the form is the path's, as in /{}.{form}, or the Accept header's", table.name));
    }
    if is(EMBED) {
        return Some(format!("related rows are embedded by select=*,{text}(*)"));
    }
    if is(WORDS) {
        let columns = &table.schema.columns;
        let column = columns.iter().find(|column| column.column_type == ColumnType::String);
        return column.map(|column| {
            let filter = test(&column.name, "ilike", text);
            format!("a filter names its column: {filter}")
        });
    }
    if let Some(known) = similar(name, PARAMETERS) {
        return Some(format!("Perhaps you meant the parameter '{known}'"));
    }
    let names = table.schema.columns.iter().map(|column| column.name.as_str());
    match similar(name, names) {
        Some(known) => Some(format!("Perhaps you meant the column '{known}': {}", test(known, "eq", value))),
        None => {
            let example = table.schema.columns.first()?;
            Some(format!(
                "table '{}' has no column '{name}'; a filter is as in {}",
                table.name,
                test(&example.name, "eq", "...")
            ))
        }
    }
}

/// The hint to put a column's name in double quotes, where one with a point in it is meant.
pub(super) fn pointed(table: &Table, is_meant: impl Fn(&str) -> bool) -> Option<String> {
    let mut names = table.schema.columns.iter().map(|column| column.name.as_str());
    let name = names.find(|name| name.contains('.') && is_meant(name))?;
    Some(format!("a column's name that has a point stands in double quotes: {}", field_name(name)))
}

fn column<'a>(table: &'a Table, name: &str) -> Option<&'a str> {
    table.column(name).map(|column| column.name.as_str())
}

/// A value without an operator, or with one by another name; no hint where the operator is known.
fn filter(column: &Column, value: &str) -> Option<String> {
    let (negated, rest) = value.strip_prefix("not.").map_or(("", value), |rest| ("not.", rest));
    let (word, operand) = rest.split_once('.').unwrap_or((rest, ""));
    let word = word.split('(').next().unwrap_or_default();
    if OPERATORS.iter().any(|known| known.name == word) {
        return operand
            .is_empty()
            .then(|| format!("an operator has a value: {}", test(&column.name, word, "...")));
    }
    if let Some((word, operand)) = rest.split_once(['.', ':'])
        && let Some(operator) = operator(word)
    {
        let filter = test(&column.name, &format!("{negated}{operator}"), operand);
        return Some(format!("a filter has an operator: {filter}"));
    }
    let filter = test(&column.name, "eq", if is_text(column) { value } else { operand_of(value) });
    match rest.split_once('.') {
        Some((word, _)) if word.chars().all(char::is_alphabetic) => {
            Some(format!("'{word}' is no operator; a filter is as in {filter}"))
        }
        _ => Some(format!("a filter has an operator: {filter}")),
    }
}

fn is_text(column: &Column) -> bool {
    matches!(column.column_type, ColumnType::String | ColumnType::Any)
}

/// What stands behind words and points, where there are any.
fn operand_of(value: &str) -> &str {
    match value.split_once('.') {
        Some((word, rest)) if word.chars().all(char::is_alphabetic) => operand_of(rest),
        _ => value,
    }
}

/// The operator that goes by another name, or stands in capitals.
fn operator(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let known = OPERATORS.iter().map(|operator| operator.name).find(|name| *name == lower);
    known.or_else(|| ALIASES.iter().find(|(alias, _)| *alias == lower).map(|(_, operator)| *operator))
}

/// `price[gte]=5`, `price__gte=5`, `price.gte=5`, `price>=5` and `price>5`.
fn in_name<'a>(table: &'a Table, name: &'a str, value: &'a str) -> Option<(&'a str, &'static str, &'a str)> {
    if let Some(at) = name.find(['>', '<', '!'])
        && let Some(found) = column(table, &name[..at])
    {
        let (sign, rest) = name[at..].split_at(1);
        let operator = match (sign, rest.is_empty()) {
            (">", true) => "gte",
            (">", false) => "gt",
            ("<", true) => "lte",
            ("<", false) => "lt",
            _ => "neq",
        };
        return Some((found, operator, if rest.is_empty() { value } else { rest }));
    }
    let (found, word) = match name.split_once('[') {
        Some((found, word)) => (found, word.trim_end_matches(']')),
        None => name.rsplit_once("__").or_else(|| name.rsplit_once('.'))?,
    };
    Some((column(table, found)?, operator(word)?, value))
}

fn test(column: &str, operator: &str, value: &str) -> String {
    let mut text = String::new();
    let value = match operator {
        "ilike" => format!("*{value}*"),
        "in" => format!("({value})"),
        _ => value.to_owned(),
    };
    // What separates parameters, or would be decoded, is encoded; the rest can be read.
    for c in value.chars() {
        match c {
            '&' | '#' | '+' | '%' => encode(&c.to_string(), &mut text),
            c => text.push(c),
        }
    }
    format!("{}={operator}.{text}", field_name(column))
}

/// An order as other APIs write it, as it is written here.
fn order(value: &str) -> Option<String> {
    let terms: Vec<_> = value
        .split(',')
        .map(|term| {
            let term = term.trim();
            let (name, way) = match term.strip_prefix('-') {
                Some(name) => (name, Some("desc")),
                None => match term.rsplit_once([':', ' ']) {
                    Some((name, way)) if way.eq_ignore_ascii_case("desc") => (name, Some("desc")),
                    Some((name, way)) if way.eq_ignore_ascii_case("asc") => (name, Some("asc")),
                    _ => (term.strip_prefix('+').unwrap_or(term), None),
                },
            };
            way.map_or_else(|| name.to_owned(), |way| format!("{name}.{way}"))
        })
        .collect();
    let order = terms.join(",");
    (order != value).then_some(order)
}
