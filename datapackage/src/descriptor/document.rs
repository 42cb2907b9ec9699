//! A descriptor as a tree that knows the line of everything in it, in either syntax.

mod json;
mod yaml;

use std::fmt::Write;

use crate::json_string::write_json_string;

pub(crate) use json::parse as parse_json;
pub(crate) use yaml::parse as parse_yaml;

/// Deeper nesting is refused. It is serde_json's own limit, and far beyond any descriptor.
pub(crate) const MAX_DEPTH: usize = 127;

/// A value and its line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// From 1.
    pub(crate) line: u64,
    pub(crate) data: Data,
}

/// A JSON value. Objects keep their order and their duplicates; numbers keep their digits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Data {
    Null,
    Bool(bool),
    /// Valid JSON.
    Number(String),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Property>),
}

/// One property of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Property {
    pub(crate) name: String,
    /// The line of the name, from 1.
    pub(crate) line: u64,
    pub(crate) value: Node,
}

/// Why a text is not a descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// From 1.
    pub(crate) line: u64,
    pub(crate) message: String,
}

impl Node {
    /// The value of a property; the last one where it occurs twice, as in JSON parsers.
    pub(crate) fn get(&self, name: &str) -> Option<&Node> {
        match &self.data {
            Data::Object(properties) => {
                properties.iter().rev().find(|property| property.name == name).map(|property| &property.value)
            }
            _ => None,
        }
    }

    /// The text of a string.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::String(text) => Some(text),
            _ => None,
        }
    }

    /// What kind of value it is, for messages: `a string`.
    pub(crate) fn kind(&self) -> &'static str {
        match self.data {
            Data::Null => "null",
            Data::Bool(_) => "a boolean",
            Data::Number(_) => "a number",
            Data::String(_) => "a string",
            Data::Array(_) => "an array",
            Data::Object(_) => "an object",
        }
    }

    /// How many levels of arrays and objects there are, itself included.
    pub(crate) fn depth(&self) -> usize {
        match &self.data {
            Data::Array(items) => 1 + items.iter().map(Node::depth).max().unwrap_or(0),
            Data::Object(properties) => {
                1 + properties.iter().map(|property| property.value.depth()).max().unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// Puts another value into a property that an object has.
    pub(crate) fn set(&mut self, name: &str, value: Node) {
        if let Data::Object(properties) = &mut self.data
            && let Some(property) = properties.iter_mut().rev().find(|property| property.name == name)
        {
            property.value = value;
        }
    }

    /// The node as compact JSON, in its own order and with its own digits, without the
    /// properties named.
    pub(crate) fn to_json_without(&self, left_out: &[&str]) -> String {
        let mut json = String::new();
        self.write(&mut json, left_out);
        json
    }

    /// The node as compact JSON.
    pub(crate) fn to_json(&self) -> String {
        self.to_json_without(&[])
    }

    fn write(&self, json: &mut String, left_out: &[&str]) {
        match &self.data {
            Data::Null => json.push_str("null"),
            Data::Bool(value) => {
                let _ = write!(json, "{value}"); // a String takes everything
            }
            Data::Number(digits) => json.push_str(digits),
            Data::String(text) => write_json_string(json, text),
            Data::Array(items) => {
                json.push('[');
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        json.push(',');
                    }
                    item.write(json, &[]);
                }
                json.push(']');
            }
            Data::Object(properties) => {
                json.push('{');
                let mut first = true;
                for property in properties.iter().filter(|p| !left_out.contains(&p.name.as_str())) {
                    if !std::mem::take(&mut first) {
                        json.push(',');
                    }
                    write_json_string(json, &property.name);
                    json.push(':');
                    property.value.write(json, &[]);
                }
                json.push('}');
            }
        }
    }
}
