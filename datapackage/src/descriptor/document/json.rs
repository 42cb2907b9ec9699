//! JSON text -> [`Node`].
//!
//! serde_json decides whether the text is JSON (RFC 8259, nothing looser) and names the problem in
//! words that people know; jsonc-parser then locates every node.

use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Data, Node, Property, SyntaxError};

pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        return Err(SyntaxError { line: (error.line() as u64).max(1), message: reason(&error.to_string()) });
    }
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let lines = Lines::new(text);
    match parse_to_ast(text, &CollectOptions::default(), &strict) {
        Ok(parsed) => match parsed.value {
            Some(value) => Ok(node(value, &lines)),
            None => Err(SyntaxError { line: 1, message: "the file is empty".to_owned() }),
        },
        Err(error) => {
            Err(SyntaxError { line: lines.of(error.range().start), message: error.kind().to_string() })
        }
    }
}

/// serde_json's message without the place, which a finding gives in its own way.
fn reason(message: &str) -> String {
    match message.rfind(" at line ") {
        Some(end) => message[..end].to_owned(),
        None => message.to_owned(),
    }
}

/// No deeper than serde_json's limit: the text has passed it.
fn node(value: Value<'_>, lines: &Lines) -> Node {
    let line = lines.of(value.range().start);
    let data = match value {
        Value::StringLit(text) => Data::String(text.value.into_owned()),
        Value::NumberLit(number) => Data::Number(number.value.to_owned()),
        Value::BooleanLit(boolean) => Data::Bool(boolean.value),
        Value::NullKeyword(_) => Data::Null,
        Value::Array(array) => {
            Data::Array(array.elements.into_iter().map(|element| node(element, lines)).collect())
        }
        Value::Object(object) => {
            Data::Object(object.properties.into_iter().map(|p| property(p, lines)).collect())
        }
    };
    Node { line, data }
}

fn property(property: ObjectProp<'_>, lines: &Lines) -> Property {
    Property {
        line: lines.of(property.range.start),
        name: property.name.into_string(),
        value: node(property.value, lines),
    }
}

/// Byte offset -> line.
struct Lines {
    /// The offset of each line's first byte.
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(breaks).collect() }
    }

    fn of(&self, offset: usize) -> u64 {
        self.starts.partition_point(|start| *start <= offset) as u64
    }
}
