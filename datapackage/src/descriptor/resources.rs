//! Which resources a descriptor has, and how to add others to its text.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use saphyr_parser::{Event, Parser};

use super::document::{self, Data, Node};

/// A resource as the descriptor names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name; empty where it has none.
    pub name: String,
    /// Its files.
    pub paths: Vec<String>,
}

/// The resources in the bytes of the descriptor at `path`. Errors: why the bytes are not a descriptor.
pub fn list(path: &str, bytes: &[u8]) -> Result<Vec<Listed>, String> {
    let node = parse(path, bytes)?;
    if !matches!(node.data, Data::Object(_)) {
        return Err(format!("it is {}, not an object", node.kind()));
    }
    let Some(resources) = node.get("resources") else { return Ok(vec![]) };
    let Data::Array(resources) = &resources.data else {
        return Err(format!("`resources` is {}, not an array", resources.kind()));
    };
    Ok(resources.iter().map(listed).collect())
}

fn listed(resource: &Node) -> Listed {
    let name = resource.get("name").and_then(Node::as_str).unwrap_or_default().to_owned();
    let paths = match resource.get("path").map(|path| &path.data) {
        Some(Data::String(path)) => vec![path.clone()],
        Some(Data::Array(paths)) => paths.iter().filter_map(Node::as_str).map(str::to_owned).collect(),
        _ => vec![],
    };
    Listed { name, paths }
}

fn parse(path: &str, bytes: &[u8]) -> Result<Node, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed =
        if path.ends_with(".json") { document::parse_json(text) } else { document::parse_yaml(text) };
    parsed.map_err(|error| format!("line {}: {}", error.line, error.message))
}

/// The descriptor with more resources at the end of its list, and not a byte of the rest changed. Each of `added` is a
/// resource as JSON with two spaces of indentation. `None` where that can't be done: the list has an unusual syntax.
pub fn add(path: &str, bytes: &[u8], added: &[String]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let before = list(path, bytes).ok()?;
    let new = if path.ends_with(".json") { add_to_json(text, added)? } else { add_to_yaml(text, added)? };
    let new = if text.contains("\r\n") { new.replace("\r\n", "\n").replace('\n', "\r\n") } else { new };
    let wanted: Vec<Listed> = added
        .iter()
        .map(|json| document::parse_json(json).ok().map(|node| listed(&node)))
        .collect::<Option<_>>()?;
    let after = list(path, new.as_bytes()).ok()?;
    (after == [before, wanted].concat()).then(|| new.into_bytes())
}

fn add_to_json(text: &str, added: &[String]) -> Option<String> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &text[start..];
    let parsed = parse_to_ast(body, &CollectOptions::default(), &ParseOptions::default()).ok()?;
    let Value::Object(object) = parsed.value? else { return None };
    let indented = |indent: &str| -> String {
        let unit = unit(indent);
        let all: Vec<String> =
            added.iter().map(|json| format!("\n{indent}{}", reindented(json, indent, &unit))).collect();
        all.join(",")
    };
    let (at, new) =
        match object.properties.iter().rev().find(|property| property.name.as_str() == "resources") {
            Some(property) => {
                let Value::Array(array) = &property.value else { return None };
                match array.elements.last() {
                    Some(last) => {
                        (last.range().end, format!(",{}", indented(indent_at(body, last.range().start))))
                    }
                    None => {
                        let outer = indent_at(body, property.range.start);
                        let inner = format!("{outer}{}", unit(&outer.repeat(2)));
                        let range = array.range;
                        let new = format!("[{}\n{outer}]", indented(&inner));
                        return Some(format!("{}{new}{}", &text[..start + range.start], &body[range.end..]));
                    }
                }
            }
            None => {
                let last = object.properties.last()?;
                let outer = indent_at(body, last.range.start);
                let inner = format!("{outer}{}", unit(&outer.repeat(2)));
                (last.range.end, format!(",\n{outer}\"resources\": [{}\n{outer}]", indented(&inner)))
            }
        };
    Some(format!("{}{new}{}", &text[..start + at], &body[at..]))
}

/// The spaces or tabs at the start of a line.
fn indent_at(text: &str, at: usize) -> &str {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// One level of an indentation that has two.
fn unit(indent: &str) -> String {
    let half = &indent[..indent.len() / 2];
    if half.is_empty() { "  ".to_owned() } else { half.to_owned() }
}

/// JSON that is indented by two spaces, with `unit` in place of them and `indent` before each line but the first.
fn reindented(json: &str, indent: &str, unit: &str) -> String {
    let lines = json.lines().enumerate().map(|(number, line)| {
        let content = line.trim_start_matches(' ');
        let levels = (line.len() - content.len()) / 2;
        let indent = if number == 0 { "" } else { indent };
        format!("{indent}{}{content}", unit.repeat(levels))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn add_to_yaml(text: &str, added: &[String]) -> Option<String> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = &text[start..];
    let List { column, end } = yaml_list(body)?;
    let (at, _) = body.char_indices().nth(end).unwrap_or((body.len(), ' '));
    // Behind the rest of the line, which may be a comment.
    let at = match body[..at].ends_with('\n') {
        true => at,
        false => body[at..].find('\n').map_or(body.len(), |end| at + end + 1),
    };
    let mut new = body[..at].to_owned();
    if !new.ends_with('\n') {
        new.push('\n');
    }
    for json in added {
        let node = document::parse_json(json).ok()?;
        write_yaml(&node, &" ".repeat(column), true, &mut new);
    }
    Some(format!("{}{new}{}", &text[..start], &body[at..]))
}

/// A list of resources in block style.
struct List {
    /// How many spaces are before its dashes.
    column: usize,
    /// Where its last value ends, in characters.
    end: usize,
}

fn yaml_list(text: &str) -> Option<List> {
    let (mut depth, mut is_key, mut awaited) = (0_u32, true, false);
    let mut list: Option<List> = None;
    let mut inside = false;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        let from = span.start.index();
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
                if depth == 2 && awaited && matches!(event, Event::SequenceStart(..)) {
                    inside = true;
                } else if inside && list.is_none() {
                    // The first item, behind its dash.
                    let (at, _) = text.char_indices().nth(from)?;
                    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
                    let column =
                        line.trim_end().strip_suffix('-').filter(|before| before.trim().is_empty())?.len();
                    list = Some(List { column, end: from });
                }
            }
            Event::MappingEnd | Event::SequenceEnd => {
                depth -= 1;
                // The end of a list in brackets is where its bracket is; that of a block may be anywhere behind it.
                if let (true, Some(list)) = (inside, &mut list)
                    && text.chars().nth(from).is_some_and(|c| matches!(c, ']' | '}'))
                {
                    list.end = list.end.max(from + 1);
                }
            }
            Event::Scalar(ref scalar, ..) => {
                if depth == 1 {
                    awaited = is_key && *scalar == "resources";
                }
                if let (true, Some(list)) = (inside, &mut list) {
                    list.end = span.end.index();
                }
            }
            Event::Alias(_) => {
                if let (true, Some(list)) = (inside, &mut list) {
                    list.end = span.end.index();
                }
            }
            _ => continue,
        }
        if depth == 1 && !matches!(event, Event::MappingStart(..) | Event::SequenceStart(..)) {
            is_key = !is_key;
            inside = false;
        }
    }
    list
}

/// A value in block style. `item`: as an item of a list, behind a dash.
fn write_yaml(node: &Node, indent: &str, item: bool, out: &mut String) {
    let first = if item { format!("{indent}- ") } else { String::new() };
    match &node.data {
        Data::Object(properties) if !properties.is_empty() => {
            let inner = if item { format!("{indent}  ") } else { indent.to_owned() };
            for (index, property) in properties.iter().enumerate() {
                let before = if item && index == 0 { &first } else { &inner };
                out.push_str(&format!("{before}{}:", property.name));
                match &property.value.data {
                    Data::Object(inside) if !inside.is_empty() => {
                        out.push('\n');
                        write_yaml(&property.value, &format!("{inner}  "), false, out);
                    }
                    Data::Array(items) if items.iter().any(|item| matches!(item.data, Data::Object(_))) => {
                        out.push('\n');
                        items.iter().for_each(|node| write_yaml(node, &format!("{inner}  "), true, out));
                    }
                    _ => out.push_str(&format!(" {}\n", flow(&property.value))),
                }
            }
        }
        _ => out.push_str(&format!("{first}{}\n", flow(node))),
    }
}

/// A value on one line: words that are nothing else in YAML without quotes, all else as JSON.
fn flow(node: &Node) -> String {
    match &node.data {
        Data::String(text) if is_plain(text) => text.clone(),
        Data::Array(items) => {
            format!("[{}]", items.iter().map(|item| item.to_json()).collect::<Vec<_>>().join(", "))
        }
        _ => node.to_json(),
    }
}

fn is_plain(text: &str) -> bool {
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && !reserved.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "{\n  \"name\": \"b\",\n  \"path\": \"b 1.csv\",\n  \"schema\": {\n    \"fields\": [\n      {\n        \"name\": \"x\"\n      }\n    ],\n    \"primaryKey\": [\n      \"x\"\n    ]\n  }\n}";

    fn added(path: &str, text: &str) -> Option<String> {
        add(path, text.as_bytes(), &[NEW.to_owned()]).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn json_keeps_every_other_byte() {
        let four = "{\n    \"name\": \"d\",\n    \"resources\": [\n        {\"name\": \"a\",   \"path\": \"a.csv\"}\n    ],\n    \"x\": 1\n}\n";
        let expected = "{\n    \"name\": \"d\",\n    \"resources\": [\n        {\"name\": \"a\",   \"path\": \"a.csv\"},\n        {\n            \"name\": \"b\",\n            \"path\": \"b 1.csv\",\n            \"schema\": {\n                \"fields\": [\n                    {\n                        \"name\": \"x\"\n                    }\n                ],\n                \"primaryKey\": [\n                    \"x\"\n                ]\n            }\n        }\n    ],\n    \"x\": 1\n}\n";
        assert_eq!(added("datapackage.json", four).unwrap(), expected);
        let windows = added("datapackage.json", &four.replace('\n', "\r\n")).unwrap();
        assert_eq!(windows, expected.replace('\n', "\r\n"));
        for text in [
            "{\"name\": \"d\"}",
            "\u{feff}{\"resources\": []}",
            "{\n\t\"resources\": [\n\t\t{\"name\": \"a\"}]}",
        ] {
            let new = added("datapackage.json", text).unwrap();
            assert!(list("x.json", new.as_bytes()).unwrap().iter().any(|listed| listed.name == "b"), "{new}");
        }
    }

    #[test]
    fn yaml_keeps_every_other_byte() {
        let text = "# mine\nname: d\nresources:\n  # the first\n  - name: a # a\n    path: a.csv\n    schema: {fields: [{name: x}]} # end\n\n# the rest\nversion: 1.0.0\n";
        let expected = "# mine\nname: d\nresources:\n  # the first\n  - name: a # a\n    path: a.csv\n    schema: {fields: [{name: x}]} # end\n  - name: b\n    path: \"b 1.csv\"\n    schema:\n      fields:\n        - name: x\n      primaryKey: [\"x\"]\n\n# the rest\nversion: 1.0.0\n";
        assert_eq!(added("datapackage.yaml", text).unwrap(), expected);
        let last = "resources:\n- name: a\n  path: a.csv";
        let expected = "resources:\n- name: a\n  path: a.csv\n- name: b\n  path: \"b 1.csv\"\n  schema:\n    fields:\n      - name: x\n    primaryKey: [\"x\"]\n";
        assert_eq!(added("datapackage.yml", last).unwrap(), expected);
        assert_eq!(added("datapackage.yaml", "resources: [{name: a}]\n"), None);
        assert_eq!(added("datapackage.yaml", "name: x\n"), None);
    }

    #[test]
    fn what_is_no_descriptor() {
        assert_eq!(list("x.json", b"mine"), Err("line 1: expected value".to_owned()));
        assert_eq!(list("x.json", b"[]"), Err("it is an array, not an object".to_owned()));
        assert_eq!(
            list("x.json", br#"{"resources": {}}"#),
            Err("`resources` is an object, not an array".to_owned())
        );
    }
}
