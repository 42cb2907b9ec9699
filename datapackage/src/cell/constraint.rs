//! What a value must be beyond its type (Table Schema, "Field Constraints", `categories`).

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashSet;

use catalog::ColumnType;
use regex::Regex;

use super::json_schema::JsonSchema;
use super::kind::Kind;
use super::problem::{CellProblem, Refusal, quoted};
use super::{Value, datetime, pattern};
use crate::finding::Code;
use crate::schema::Field;

/// The constraints of a field that has any.
#[derive(Debug, Clone, Default)]
pub(super) struct Constraints {
    min_length: Option<u64>,
    max_length: Option<u64>,
    bounds: Vec<Bound>,
    pattern: Option<(String, Regex)>,
    enumeration: Option<Allowed>,
    categories: Option<Allowed>,
    json_schema: Option<JsonSchema>,
}

#[derive(Debug, Clone)]
struct Bound {
    name: &'static str,
    limit: Value<'static>,
    /// As the descriptor has it.
    shown: String,
    /// How a value may compare with the limit.
    allowed: [Ordering; 2],
    /// What it is otherwise.
    otherwise: &'static str,
}

/// A set of values.
#[derive(Debug, Clone, Default)]
struct Allowed {
    integers: HashSet<i64>,
    /// By their bits: -0.0 and NaN, which is a text, do not occur.
    reals: HashSet<u64>,
    texts: HashSet<String>,
    documents: Vec<serde_json::Value>,
    /// As the descriptor has them, for the first few.
    shown: Vec<String>,
}

impl Constraints {
    /// The constraints of a field, `None` where it has none, and those that can't be used.
    pub(super) fn new(field: &Field, kind: &Kind) -> (Option<Box<Self>>, Vec<Refusal>) {
        let given = &field.constraints;
        if *given == crate::schema::Constraints::default() {
            return (None, Vec::new());
        }
        let mut made = Self { min_length: given.min_length, max_length: given.max_length, ..Self::default() };
        let mut refusals = Refusals { field, found: Vec::new() };
        let lengths = [ColumnType::String, ColumnType::Array, ColumnType::Object, ColumnType::List];
        refusals.only_for("minLength", given.min_length.is_some(), &lengths);
        refusals.only_for("maxLength", given.max_length.is_some(), &lengths);
        refusals.only_for("pattern", given.pattern.is_some(), &[ColumnType::String]);
        refusals.only_for(
            "categories",
            given.categories.is_some(),
            &[ColumnType::String, ColumnType::Integer],
        );
        if let (Some(least), Some(most)) = (given.min_length, given.max_length)
            && least > most
        {
            refusals.add("minLength", format!("`minLength` {least} is more than `maxLength` {most}"), None);
        }
        made.bounds(field, kind, &mut refusals);
        if let Some(text) = &given.pattern {
            match pattern::compile(text) {
                Ok(regex) => made.pattern = Some((text.clone(), regex)),
                Err(reason) => {
                    let help =
                        "use XML Schema's regular expressions; a pattern matches the whole value".to_owned();
                    refusals.add(
                        "pattern",
                        format!("`pattern` {} can't be used: {reason}", quoted(text)),
                        Some(help),
                    );
                }
            }
        }
        made.categories =
            given.categories.as_ref().map(|values| Allowed::new("categories", values, kind, &mut refusals));
        made.enumeration =
            given.enumeration.as_ref().map(|values| Allowed::new("enum", values, kind, &mut refusals));
        if let (Some(all), Some(some)) = (&made.categories, &made.enumeration)
            && let Some(stranger) = some.outside(all)
        {
            refusals.add("enum", format!("`enum` has {stranger}, but `categories` does not"), None);
        }
        if let Some(schema) = &given.json_schema
            && refusals.only_for("jsonSchema", true, &[ColumnType::Array, ColumnType::Object])
        {
            match JsonSchema::new(schema) {
                Ok(schema) => made.json_schema = Some(schema),
                Err(reason) => {
                    refusals.add("jsonSchema", format!("`jsonSchema` can't be used: {reason}"), None)
                }
            }
        }
        (Some(Box::new(made)), refusals.found)
    }

    fn bounds(&mut self, field: &Field, kind: &Kind, refusals: &mut Refusals<'_>) {
        use Ordering::{Equal, Greater, Less};
        let given = &field.constraints;
        let ordered = [
            ColumnType::Integer,
            ColumnType::Number,
            ColumnType::Date,
            ColumnType::Time,
            ColumnType::Datetime,
            ColumnType::Duration,
            ColumnType::Year,
            ColumnType::Yearmonth,
        ];
        for (name, value, allowed, otherwise) in [
            ("minimum", &given.minimum, [Greater, Equal], "is below"),
            ("exclusiveMinimum", &given.exclusive_minimum, [Greater, Greater], "is not above"),
            ("maximum", &given.maximum, [Less, Equal], "is above"),
            ("exclusiveMaximum", &given.exclusive_maximum, [Less, Less], "is not below"),
        ] {
            let Some(json) = value else { continue };
            if !refusals.only_for(name, true, &ordered) {
                continue;
            }
            match value_of(json, kind) {
                Ok(limit) => {
                    let bound = Bound { name, limit, shown: shown(json), allowed, otherwise };
                    self.bounds.push(bound);
                }
                Err(reason) => refusals.add(name, format!("`{name}` {reason}"), None),
            }
        }
        for low in self.bounds.iter().filter(|bound| bound.allowed[0] == Greater) {
            for high in self.bounds.iter().filter(|bound| bound.allowed[0] == Less) {
                let order = kind.compare(&low.limit, &high.limit);
                let closed = low.allowed[1] == Equal && high.allowed[1] == Equal;
                if order == Some(Greater) || (order == Some(Equal) && !closed) {
                    let message = format!(
                        "`{}` {} and `{}` {} allow no value",
                        low.name, low.shown, high.name, high.shown
                    );
                    refusals.add(low.name, message, None);
                }
            }
        }
    }

    /// Whether a value satisfies all constraints. `cell`: the text in the file, for the message.
    pub(super) fn check(&self, cell: &str, value: &Value<'_>, kind: &Kind) -> Result<(), CellProblem> {
        if self.min_length.is_some() || self.max_length.is_some() {
            self.check_length(cell, value, kind)?;
        }
        for bound in &self.bounds {
            let order = kind.compare(value, &bound.limit);
            if !order.is_some_and(|order| bound.allowed.contains(&order)) {
                let message =
                    format!("{} {} the {} {}", quoted(cell), bound.otherwise, bound.name, bound.shown);
                return broken(message, None);
            }
        }
        if let (Some((text, regex)), Value::Text(value)) = (&self.pattern, value)
            && !regex.is_match(value)
        {
            return broken(format!("{} does not match the pattern {}", quoted(cell), quoted(text)), None);
        }
        if let Some(allowed) = &self.enumeration
            && !allowed.has(value, kind)
        {
            return broken(format!("{} is not in `enum`", quoted(cell)), Some(allowed.help(cell)));
        }
        if let Some(allowed) = &self.categories
            && !allowed.has(value, kind)
        {
            return broken(format!("{} is not in `categories`", quoted(cell)), Some(allowed.help(cell)));
        }
        if let (Some(schema), Value::Text(value)) = (&self.json_schema, value)
            && let Err(reason) = schema.check(value)
        {
            return broken(format!("{} does not match `jsonSchema`: {reason}", quoted(cell)), None);
        }
        Ok(())
    }

    fn check_length(&self, cell: &str, value: &Value<'_>, kind: &Kind) -> Result<(), CellProblem> {
        let Value::Text(text) = value else { return Ok(()) };
        let (length, unit) = if kind.is_json() {
            match serde_json::from_str::<serde_json::Value>(text) {
                Ok(serde_json::Value::Array(items)) => (items.len(), "items"),
                Ok(serde_json::Value::Object(properties)) => (properties.len(), "properties"),
                _ => return Ok(()),
            }
        } else {
            (text.chars().count(), "characters")
        };
        let length = length as u64;
        if let Some(least) = self.min_length.filter(|least| length < *least) {
            return broken(format!("{} has {length} {unit}, the minLength is {least}", quoted(cell)), None);
        }
        if let Some(most) = self.max_length.filter(|most| length > *most) {
            return broken(format!("{} has {length} {unit}, the maxLength is {most}", quoted(cell)), None);
        }
        Ok(())
    }
}

impl Allowed {
    fn new(
        name: &'static str,
        values: &[serde_json::Value],
        kind: &Kind,
        refusals: &mut Refusals<'_>,
    ) -> Self {
        let mut allowed = Self::default();
        for json in values {
            match value_of(json, kind) {
                Ok(Value::Null) => {}
                Ok(value) => {
                    allowed.shown.push(shown(json));
                    match value {
                        Value::Integer(value) => drop(allowed.integers.insert(value)),
                        Value::Real(value) => drop(allowed.reals.insert(value.to_bits())),
                        Value::Text(text) if kind.is_json() => {
                            allowed.documents.extend(serde_json::from_str::<serde_json::Value>(&text));
                        }
                        Value::Text(text) => drop(allowed.texts.insert(compared(&text, kind).into_owned())),
                        Value::Null => {}
                    }
                }
                Err(reason) => refusals.add(name, format!("`{name}`: {reason}"), None),
            }
        }
        allowed
    }

    fn has(&self, value: &Value<'_>, kind: &Kind) -> bool {
        match value {
            Value::Null => true,
            Value::Integer(value) => self.integers.contains(value),
            Value::Real(value) => self.reals.contains(&value.to_bits()),
            Value::Text(text) if kind.is_json() => {
                serde_json::from_str(text).is_ok_and(|document| self.documents.contains(&document))
            }
            Value::Text(text) => self.texts.contains(&*compared(text, kind)),
        }
    }

    /// A value that another set does not contain.
    fn outside(&self, other: &Self) -> Option<String> {
        let integer = self.integers.difference(&other.integers).min().map(i64::to_string);
        integer.or_else(|| self.texts.difference(&other.texts).min().map(|text| quoted(text)))
    }

    fn help(&self, cell: &str) -> String {
        const MOST: usize = 10;
        let alike = |shown: &&String| {
            let text = shown.trim_matches('"');
            text.eq_ignore_ascii_case(cell.trim()) || strsim::damerau_levenshtein(text, cell) == 1
        };
        if let Some(shown) = self.shown.iter().find(alike) {
            return format!("did you mean {shown}?");
        }
        let first = self.shown.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
        match self.shown.len().saturating_sub(MOST) {
            0 => format!("allowed: {first}"),
            more => format!("allowed: {first} and {more} more"),
        }
    }
}

/// What stands for a text where it is compared: a point in time has many spellings.
fn compared<'t>(text: &'t str, kind: &Kind) -> Cow<'t, str> {
    let instant = if kind.is_datetime() { datetime::instant(text) } else { None };
    instant.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A value of a descriptor as a value of the field: JSON's own type, or a text in the field's
/// format (Table Schema, "Field Constraints").
fn value_of(json: &serde_json::Value, kind: &Kind) -> Result<Value<'static>, String> {
    let text = match json {
        serde_json::Value::Null => return Ok(Value::Null),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => match kind {
            Kind::Integer | Kind::FormattedInteger(_) | Kind::Year => {
                let integral = number.as_f64().filter(|value| value.fract() == 0.0 && value.abs() < 9e15);
                let value = number.as_i64().or(integral.map(|value| value as i64));
                return value.map(Value::Integer).ok_or_else(|| format!("{number} is not an integer"));
            }
            Kind::Number | Kind::FormattedNumber(_) => {
                let value = number.as_f64().filter(|value| value.is_finite());
                return value
                    .map(|value| Value::Real(value + 0.0))
                    .ok_or_else(|| format!("{number} is not a number"));
            }
            _ => return Err(format!("{number} is a number; put it in quotes, in the field's format")),
        },
        serde_json::Value::Bool(value) => match kind {
            Kind::Boolean(_) => return Ok(Value::Integer((*value).into())),
            _ => return Err(format!("{value} is a boolean, but the field is not")),
        },
        document if kind.is_json() => return Ok(Value::Text(document.to_string().into())),
        document => return Err(format!("{document} is not a value of the field")),
    };
    match kind.read(&text) {
        Ok(Value::Null) => Ok(Value::Null),
        Ok(Value::Integer(value)) => Ok(Value::Integer(value)),
        Ok(Value::Real(value)) => Ok(Value::Real(value)),
        Ok(Value::Text(text)) => Ok(Value::Text(text.into_owned().into())),
        Err(problem) => Err(problem.message),
    }
}

fn shown(json: &serde_json::Value) -> String {
    match json {
        serde_json::Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

#[cold]
fn broken(message: String, help: Option<String>) -> Result<(), CellProblem> {
    Err(CellProblem { code: Code::ConstraintError, message, help })
}

struct Refusals<'f> {
    field: &'f Field,
    found: Vec<Refusal>,
}

impl Refusals<'_> {
    fn add(&mut self, property: &'static str, message: String, help: Option<String>) {
        self.found.push(Refusal { property, code: Code::InvalidConstraint, message, help });
    }

    /// Whether a constraint, if given, is one of the field's type.
    fn only_for(&mut self, property: &'static str, given: bool, types: &[ColumnType]) -> bool {
        if given && !types.contains(&self.field.field_type) {
            let names: Vec<&str> = types.iter().map(|known| known.name()).collect();
            let message = format!("`{property}` does not apply to type `{}`", self.field.field_type.name());
            self.add(property, message, Some(format!("it applies to {}", names.join(", "))));
            return false;
        }
        true
    }
}
