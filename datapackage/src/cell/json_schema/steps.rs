//! How many steps a validation takes, counted before it is done: by references a small schema can require
//! more than any machine can do, for a small value, and a validator has no limit of its own.
//!
//! Counted is what a validator without memory does: each subschema at each part of the value, as often as
//! there are ways to it. The count itself has memory, so it takes no longer than the two are large.

use std::collections::HashMap;
use std::ptr::from_ref;

use regex::Regex;
use serde_json::{Map, Value};

/// How deep subschemas may be applied within each other: a validator is recursive.
const MAX_DEPTH: usize = 400;

/// Why a validation is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stop {
    /// References lead back to a subschema, at the same part of the value. The last reference on the way.
    Cycle(String),
    TooDeep,
    TooMany,
}

/// A schema that has references.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    root: Value,
    patterns: HashMap<String, Regex>,
}

/// Subschemas at parts of a value, and the steps that they take; `None` while they are counted. All scalars
/// count as one.
type Known = HashMap<(usize, usize), Option<u64>>;

impl Steps {
    /// `None` where a schema has no references, and takes no more steps than it is large. Errors: it can't be
    /// applied to any value.
    pub(super) fn new(schema: &Value) -> Result<Option<Self>, Stop> {
        let mut objects = vec![];
        collect(schema, &mut objects);
        if !objects.iter().any(|object| references(object).next().is_some()) {
            return Ok(None);
        }
        let patterns =
            patterns(schema).filter_map(|pattern| Some((pattern.to_owned(), Regex::new(pattern).ok()?)));
        let steps = Self { patterns: patterns.collect(), root: schema.clone() };
        let mut objects = vec![];
        collect(&steps.root, &mut objects);
        let mut count = Count { steps: &steps, objects: &objects, known: Known::new() };
        for object in &objects {
            count.object(object, &Value::Null, 0)?;
        }
        Ok(Some(steps))
    }

    /// Whether a value can be validated.
    pub(super) fn check(&self, value: &Value) -> Result<(), Stop> {
        let mut objects = vec![];
        collect(&self.root, &mut objects);
        let mut count = Count { steps: self, objects: &objects, known: Known::new() };
        let steps = count.schema(&self.root, value, 0)?;
        // Each subschema at each part of the value, many times over.
        let most = 10_000 + 100 * count.known.len() as u64;
        if steps > most { Err(Stop::TooMany) } else { Ok(()) }
    }
}

struct Count<'s> {
    steps: &'s Steps,
    objects: &'s [&'s Map<String, Value>],
    known: Known,
}

impl<'s> Count<'s> {
    fn schema(&mut self, schema: &Value, value: &Value, depth: usize) -> Result<u64, Stop> {
        match schema {
            Value::Object(schema) => self.object(schema, value, depth),
            _ => Ok(1),
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, value: &Value, depth: usize) -> Result<u64, Stop> {
        if depth > MAX_DEPTH {
            return Err(Stop::TooDeep);
        }
        let part = if value.is_array() || value.is_object() { from_ref(value).addr() } else { 0 };
        let key = (from_ref(schema).addr(), part);
        match self.known.get(&key) {
            Some(Some(steps)) => return Ok(*steps),
            Some(None) => return Err(Stop::Cycle(String::new())),
            None => self.known.insert(key, None),
        };
        let mut steps = 1_u64;
        let mut add = |count: Result<u64, Stop>| count.map(|count| steps = steps.saturating_add(count));
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for part in schema.get(keyword).and_then(Value::as_array).into_iter().flatten() {
                add(self.schema(part, value, depth + 1))?;
            }
        }
        for keyword in ["not", "if", "then", "else"] {
            if let Some(part) = schema.get(keyword) {
                add(self.schema(part, value, depth + 1))?;
            }
        }
        for keyword in ["dependentSchemas", "dependencies"] {
            for part in schema.get(keyword).and_then(Value::as_object).into_iter().flat_map(Map::values) {
                add(self.schema(part, value, depth + 1))?;
            }
        }
        for reference in references(schema) {
            for target in self.targets(reference) {
                add(self.object(target, value, depth + 1).map_err(|stop| match stop {
                    Stop::Cycle(last) if last.is_empty() => Stop::Cycle(reference.to_owned()),
                    stop => stop,
                }))?;
            }
        }
        match value {
            Value::Array(elements) => {
                for (index, element) in elements.iter().enumerate() {
                    for part in of_element(schema, index) {
                        add(self.schema(part, element, depth + 1))?;
                    }
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    for part in self.of_member(schema, name) {
                        add(self.schema(part, member, depth + 1))?;
                    }
                    if let Some(part) = schema.get("propertyNames") {
                        add(self.schema(part, &Value::Null, depth + 1))?;
                    }
                }
            }
            _ => {}
        }
        self.known.insert(key, Some(steps));
        Ok(steps)
    }

    /// The subschemas that are applied to a member of an object.
    fn of_member<'v>(&self, schema: &'v Map<String, Value>, name: &str) -> Vec<&'v Value> {
        let mut parts: Vec<&Value> =
            schema.get("properties").and_then(|named| named.get(name)).into_iter().collect();
        let patterns = schema.get("patternProperties").and_then(Value::as_object);
        let matches =
            |pattern: &str| self.steps.patterns.get(pattern).is_none_or(|pattern| pattern.is_match(name));
        parts.extend(
            patterns.into_iter().flatten().filter(|(pattern, _)| matches(pattern)).map(|(_, part)| part),
        );
        if parts.is_empty() {
            let others = ["additionalProperties", "unevaluatedProperties"];
            parts.extend(others.into_iter().filter_map(|keyword| schema.get(keyword)));
        }
        parts
    }

    /// Where a reference may lead. Of resources within a schema only the names count.
    fn targets(&self, reference: &str) -> Vec<&'s Map<String, Value>> {
        let (resource, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let named = |keyword: &str, name: &str| {
            let has =
                |object: &&&Map<String, Value>| object.get(keyword).and_then(Value::as_str) == Some(name);
            self.objects.iter().filter(has).copied().collect::<Vec<_>>()
        };
        if !fragment.is_empty() && !fragment.starts_with('/') {
            let keywords = [("$anchor", fragment), ("$dynamicAnchor", fragment)];
            let mut found: Vec<_> = keywords.into_iter().flat_map(|(word, name)| named(word, name)).collect();
            found.extend(["$id", "id"].into_iter().flat_map(|word| named(word, &format!("#{fragment}"))));
            return found;
        }
        let root = self.objects.first().copied();
        let bases = match resource {
            "" => root.into_iter().collect(),
            _ => [named("$id", resource), named("id", resource)].concat(),
        };
        let below = |base: &&'s Map<String, Value>| pointed(base, fragment);
        bases.iter().filter_map(below).collect()
    }
}

/// What a JSON Pointer leads to, if it is an object.
fn pointed<'s>(base: &'s Map<String, Value>, pointer: &str) -> Option<&'s Map<String, Value>> {
    let mut parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    let Some(first) = parts.next() else { return Some(base) };
    let mut found = base.get(&first)?;
    for part in parts {
        found = match found {
            Value::Array(elements) => elements.get(part.parse::<usize>().ok()?)?,
            found => found.get(&part)?,
        };
    }
    found.as_object()
}

/// The subschemas that are applied to an element of an array.
fn of_element(schema: &Map<String, Value>, index: usize) -> impl Iterator<Item = &Value> {
    let list = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
    let by_place = list("prefixItems").or(list("items"));
    let own = match by_place.map(|parts| parts.get(index)) {
        Some(Some(part)) => Some(part),
        place => {
            let others = match place {
                Some(_) => ["items", "additionalItems", "unevaluatedItems"],
                None => ["items", "unevaluatedItems", "unevaluatedItems"],
            };
            others.into_iter().filter_map(|keyword| schema.get(keyword)).find(|part| !part.is_array())
        }
    };
    own.into_iter().chain(schema.get("contains"))
}

/// The regular expressions of a schema.
pub(super) fn patterns(schema: &Value) -> impl Iterator<Item = &str> {
    let mut objects = vec![];
    collect(schema, &mut objects);
    objects.into_iter().flat_map(|object| {
        let names = object.get("patternProperties").and_then(Value::as_object);
        let names = names.into_iter().flat_map(Map::keys).map(String::as_str);
        object.get("pattern").and_then(Value::as_str).into_iter().chain(names)
    })
}

fn references(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    ["$ref", "$dynamicRef", "$recursiveRef"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_str())
}

/// Every object of a schema that can be a subschema, the schema itself first. Values are none.
fn collect<'s>(schema: &'s Value, objects: &mut Vec<&'s Map<String, Value>>) {
    match schema {
        Value::Object(members) => {
            objects.push(members);
            let is_schema = |keyword: &str| !["enum", "const", "default", "examples"].contains(&keyword);
            members
                .iter()
                .filter(|(keyword, _)| is_schema(keyword))
                .for_each(|(_, part)| collect(part, objects));
        }
        Value::Array(parts) => parts.iter().for_each(|part| collect(part, objects)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(schema: &Value, value: &Value) -> Result<(), Stop> {
        Steps::new(schema).and_then(|steps| steps.map_or(Ok(()), |steps| steps.check(value)))
    }

    fn nested(levels: usize) -> Value {
        (0..levels).fold(json!([]), |inner, _| json!([inner]))
    }

    #[test]
    fn ordinary_schemas() {
        let tree = json!({"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}, "additionalProperties": {"$ref": "#"}});
        let list =
            json!({"$ref": "#/$defs/l", "$defs": {"l": {"type": "array", "items": {"$ref": "#/$defs/l"}}}});
        let any_of = json!({"$defs": {"v": {"anyOf": [{"type": "null"}, {"items": {"$ref": "#/$defs/v"}}]}}, "$ref": "#/$defs/v"});
        let patterns = json!({"patternProperties": {"^a": {"$ref": "#"}, "^b": {"$ref": "#"}}});
        let deep = (0..100).fold(json!({}), |inner, _| json!({"left": inner, "a": 1}));
        let many = Value::Array((0..10_000).map(|_| json!([[]])).collect());
        for schema in [&tree, &list, &any_of, &patterns, &json!({"properties": {"not": {"$ref": "#"}}})] {
            for value in [&deep, &nested(99), &many, &Value::Null] {
                assert_eq!(of(schema, value), Ok(()), "{schema}");
            }
        }
    }

    #[test]
    fn schemas_that_no_value_ends() {
        for schema in [
            json!({"$ref": "#"}),
            json!({"allOf": [{"$ref": "#"}]}),
            json!({"not": {"$ref": "#"}}),
            json!({"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [true, {"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}}),
            json!({"properties": {"x": {"$anchor": "x", "allOf": [{"$ref": "#x"}]}}}),
            json!({"$dynamicAnchor": "d", "if": {"$dynamicRef": "#d"}}),
            json!({"$id": "https://example.org/s", "allOf": [{"$ref": "https://example.org/s"}]}),
        ] {
            assert!(matches!(Steps::new(&schema), Err(Stop::Cycle(_))), "{schema}");
        }
    }

    #[test]
    fn schemas_that_double_at_each_level() {
        let twice = json!({"allOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]});
        assert_eq!(of(&twice, &nested(5)), Ok(()));
        assert_eq!(of(&twice, &nested(99)), Err(Stop::TooMany));
        let mut parts = Map::new();
        for number in 0..40 {
            let next = json!({"$ref": format!("#/$defs/{}", number + 1)});
            parts.insert(number.to_string(), json!({"allOf": [next, next]}));
        }
        parts.insert("40".to_owned(), json!({}));
        assert_eq!(of(&json!({"$ref": "#/$defs/0", "$defs": parts}), &json!({})), Err(Stop::TooMany));
        let mut chain = Map::new();
        for number in 0..500 {
            chain.insert(number.to_string(), json!({"$ref": format!("#/$defs/{}", number + 1)}));
        }
        chain.insert("500".to_owned(), json!({}));
        assert_eq!(of(&json!({"$ref": "#/$defs/0", "$defs": chain}), &json!({})), Err(Stop::TooDeep));
    }
}
