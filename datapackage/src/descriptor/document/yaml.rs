//! YAML 1.2 text -> [`Node`], by the core schema (YAML 1.2.2, section 10.3).
//!
//! Only what JSON can say is taken: no tags beyond the core schema's, no keys that are not
//! strings, one document. Aliases are expanded, up to a limit.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Data, MAX_DEPTH, Node, Property, SyntaxError};

/// Aliases may not expand to more nodes than this together: nested ones grow exponentially.
const MAX_EXPANDED: usize = 100_000;

pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut tree = Tree::default();
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| SyntaxError {
            line: (error.marker().line() as u64).max(1),
            message: error.info().to_owned(),
        })?;
        let line = (span.start.line() as u64).max(1);
        let fail = |message: &str| Err(SyntaxError { line, message: message.to_owned() });
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return fail("the file contains more than one document");
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                let data = scalar(&text, style, tag.as_deref(), line)?;
                tree.add(Node { line, data }, anchor)?;
            }
            Event::SequenceStart(anchor, tag) => {
                tree.open(Open { line, anchor, content: Content::Array(Vec::new()) })?;
                collection_tag(tag.as_deref(), "seq", line)?;
            }
            Event::MappingStart(anchor, tag) => {
                tree.open(Open { line, anchor, content: Content::Object(Vec::new(), None) })?;
                collection_tag(tag.as_deref(), "map", line)?;
            }
            Event::SequenceEnd | Event::MappingEnd => tree.close()?,
            Event::Alias(anchor) => tree.alias(anchor, line)?,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }
    tree.root.ok_or_else(|| SyntaxError { line: 1, message: "the file is empty".to_owned() })
}

#[derive(Default)]
struct Tree {
    /// From the outermost collection to the innermost.
    open: Vec<Open>,
    /// The nodes of the anchors.
    anchors: HashMap<usize, Anchored>,
    /// How many nodes aliases have expanded to.
    expanded: usize,
    root: Option<Node>,
}

struct Anchored {
    node: Node,
    nodes: usize,
    depth: usize,
}

struct Open {
    line: u64,
    anchor: usize,
    content: Content,
}

enum Content {
    Array(Vec<Node>),
    /// With the key that waits for its value.
    Object(Vec<Property>, Option<(String, u64)>),
}

impl Tree {
    fn open(&mut self, open: Open) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(SyntaxError { line: open.line, message: "nested too deeply".to_owned() });
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(Open { line, anchor, content }) = self.open.pop() else { return Ok(()) };
        let data = match content {
            Content::Array(items) => Data::Array(items),
            Content::Object(properties, _) => Data::Object(properties),
        };
        self.add(Node { line, data }, anchor)
    }

    fn alias(&mut self, anchor: usize, line: u64) -> Result<(), SyntaxError> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(SyntaxError { line, message: "an alias inside its own anchor".to_owned() });
        };
        if self.open.len() + anchored.depth > MAX_DEPTH {
            return Err(SyntaxError { line, message: "nested too deeply".to_owned() });
        }
        self.expanded += anchored.nodes;
        if self.expanded > MAX_EXPANDED {
            return Err(SyntaxError { line, message: "aliases make the document too large".to_owned() });
        }
        let node = Node { line, ..anchored.node.clone() };
        self.add(node, 0)
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), SyntaxError> {
        let line = node.line;
        if anchor != 0 {
            let (nodes, depth) = measure(&node);
            self.anchors.insert(anchor, Anchored { node: node.clone(), nodes, depth });
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut parent.content {
            Content::Array(items) => items.push(node),
            Content::Object(properties, waiting) => match waiting.take() {
                Some((name, line)) => properties.push(Property { name, line, value: node }),
                None => match node.data {
                    Data::String(name) if name == "<<" => {
                        let message = "merge keys (`<<`) are not part of YAML 1.2".to_owned();
                        return Err(SyntaxError { line, message });
                    }
                    Data::String(name) => *waiting = Some((name, line)),
                    // `1:` and `true:` are the names "1" and "true" where JSON is meant.
                    Data::Number(name) => *waiting = Some((name, line)),
                    Data::Bool(name) => *waiting = Some((name.to_string(), line)),
                    _ => {
                        let message = format!("a property's name must be a string, not {}", node.kind());
                        return Err(SyntaxError { line, message });
                    }
                },
            },
        }
        Ok(())
    }
}

/// How many nodes, and how many levels of collections.
fn measure(node: &Node) -> (usize, usize) {
    let inner = |(nodes, depth): (usize, usize), node: &Node| {
        let (more, deep) = measure(node);
        (nodes + more, depth.max(deep + 1))
    };
    match &node.data {
        Data::Array(items) => items.iter().fold((1, 1), inner),
        Data::Object(properties) => properties.iter().map(|p| &p.value).fold((1, 1), inner),
        _ => (1, 0),
    }
}

fn collection_tag(tag: Option<&Tag>, expected: &str, line: u64) -> Result<(), SyntaxError> {
    match tag {
        None => Ok(()),
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == expected => Ok(()),
        Some(tag) => Err(SyntaxError { line, message: format!("unsupported tag `{tag}`") }),
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, line: u64) -> Result<Data, SyntaxError> {
    let string = || Data::String(text.to_owned());
    match tag {
        None if style == ScalarStyle::Plain => resolve(text, line),
        None => Ok(string()),
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => Ok(string()),
        Some(tag) if tag.is_yaml_core_schema() => {
            let data = resolve(text, line)?;
            let fits = match tag.suffix.as_str() {
                "null" => matches!(data, Data::Null),
                "bool" => matches!(data, Data::Bool(_)),
                "int" | "float" => matches!(data, Data::Number(_)),
                _ => false,
            };
            if fits {
                return Ok(data);
            }
            Err(SyntaxError { line, message: format!("\"{text}\" is not a valid `!!{}`", tag.suffix) })
        }
        Some(tag) => Err(SyntaxError { line, message: format!("unsupported tag `{tag}`") }),
    }
}

/// A plain scalar by the core schema's table.
fn resolve(text: &str, line: u64) -> Result<Data, SyntaxError> {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "true" | "True" | "TRUE" => Data::Bool(true),
        "false" | "False" | "FALSE" => Data::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" | ".nan"
        | ".NaN" | ".NAN" => {
            let message = format!("\"{text}\" can't be written in JSON");
            return Err(SyntaxError { line, message });
        }
        _ => match number(text) {
            Some(number) => Data::Number(number),
            None => Data::String(text.to_owned()),
        },
    })
}

/// The JSON form of an integer or float of the core schema.
fn number(text: &str) -> Option<String> {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && digits.bytes().all(|b| b.is_ascii_hexdigit())
        {
            return u128::from_str_radix(digits, radix).ok().map(|value| value.to_string());
        }
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !digits(whole) || !digits(fraction) {
        return None;
    }
    let mut json = String::from(sign);
    let whole = whole.trim_start_matches('0');
    json.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        json.push('.');
        json.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if unsigned.is_empty() || !digits(unsigned) {
            return None;
        }
        json.push('e');
        json.push_str(exponent);
    }
    // A number that no double holds is refused in JSON too; here it is a word.
    json.parse::<f64>().ok().filter(|value| value.is_finite()).map(|_| json)
}
