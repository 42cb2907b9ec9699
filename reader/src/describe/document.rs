//! JSON whose members stay in the order in which they are written: people read these documents,
//! and columns have an order.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A value of a document.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    Value(Value),
    List(Vec<Node>),
    Object(Object),
}

/// An object of a document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object(Vec<(String, Node)>);

impl Object {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn with(mut self, name: impl Into<String>, value: impl Into<Node>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// The same with a member that a descriptor may have, under the same name.
    pub(super) fn with_any_of(self, descriptor: &Value, name: &str) -> Self {
        self.with_some(name, descriptor.get(name).cloned())
    }

    pub(super) fn with_some(self, name: &str, value: Option<impl Into<Node>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn extend(&mut self, others: Object) {
        self.0.extend(others.0);
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The members of these names.
    pub(super) fn only(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| names.contains(&name.as_str())).cloned().collect())
    }
}

/// The reference to a component of an OpenAPI document.
pub(super) fn reference(kind: &str, name: &str) -> Object {
    // RFC 6901, section 3, in a URI fragment (section 6).
    let mut encoded = String::new();
    crate::request::encode(&name.replace('~', "~0").replace('/', "~1"), &mut encoded);
    Object::new().with("$ref", format!("#/components/{kind}/{encoded}"))
}

/// What components begin with that are no table's rows under its own name.
const TAKEN: [&str; 3] = ["row.", "change.", "past."];

/// A component's name takes letters, digits, `.`, `-` and `_` (OpenAPI 3.1, "Components Object").
/// Tables of other names, and of those that are taken, stand as their code points behind `row.`.
pub(super) fn component(table: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if table.chars().all(plain) && table != "Error" && !TAKEN.iter().any(|taken| table.starts_with(taken)) {
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

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Value(text.into())
    }
}

impl From<Object> for Node {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Node>> From<Vec<T>> for Node {
    fn from(list: Vec<T>) -> Self {
        Self::List(list.into_iter().map(Into::into).collect())
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Value(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Value(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Value(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Value(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Value(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Value(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = vec![];
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut object = vec![];
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Node::Object(Object(object)))
    }
}
