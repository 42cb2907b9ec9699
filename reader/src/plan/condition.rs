//! Conditions resolved: columns found, values of their columns' types, operators that fit.

use catalog::{ColumnType, Language, Search, Storage, Table};
use rusqlite::types::Value;

use super::node::{ArrayOperator, Check, Child, Condition, Path, Scalar};
use super::scalar::{no_operator, scalar};
use super::value::{Json, Operand};
use super::{Comparison, array, pattern, search, value};
use crate::error::{Code, Error};
use crate::request::{self, Family, Filter, Operator, Quantifier, Test, Truth};

/// A condition on rows of `table`, whose embeds are `children`.
pub(super) fn condition(
    table: &Table,
    children: &[Child],
    condition: &request::Condition,
) -> Result<Condition, Error> {
    let (negated, resolved) = match condition {
        request::Condition::Filter(filter) => (filter.negated, resolve(table, children, filter)?),
        request::Condition::Tree { negated, any, branches } => {
            let branches = branches
                .iter()
                .map(|branch| self::condition(table, children, branch))
                .collect::<Result<_, _>>()?;
            (*negated, if *any { any_of(branches) } else { Condition::All(branches) })
        }
    };
    Ok(if negated { Condition::Not(Box::new(resolved)) } else { resolved })
}

fn resolve(table: &Table, children: &[Child], filter: &Filter) -> Result<Condition, Error> {
    let field = &filter.field;
    let child = children.iter().position(|child| field.path.is_empty() && child.label == field.name);
    if let Some(child) = child {
        match &filter.test {
            Test::Is(Truth::Null) => return Ok(Condition::Embed { child, exists: false }),
            Test::Is(Truth::NotNull) => return Ok(Condition::Embed { child, exists: true }),
            _ if table.column(&field.name).is_none() => {
                let message = format!("Bad operator on the '{}' embedded resource", field.name);
                return Err(Error::new(Code::EmbedFilter, message)
                    .details("Only is null or not is null filters are allowed on embedded resources"));
            }
            _ => {}
        }
    }
    let scalar = scalar(table, field)?;
    match &filter.test {
        Test::Is(truth) => is(scalar, *truth),
        Test::In(values) => list(scalar, values),
        Test::Search { operator, configuration, value } => {
            let (search, place) = searched(table, &scalar)?;
            let language = search.language;
            if let Some(name) = configuration.as_deref().filter(|name| *name != language.name()) {
                return Err(misdeclared(&table.schema.columns[scalar.column].name, operator, name, language));
            }
            let words = search::words(operator.name, value, language)?;
            let index = search.index.clone();
            Ok(Condition::Search { column: scalar.column, index, place, language, words })
        }
        Test::Compare { operator, quantifier: None, value } => compare(scalar, operator, Some(value)),
        Test::Compare { operator, quantifier: Some(quantifier), value } => {
            let each = array::elements(value)?
                .iter()
                .map(|element| compare(scalar.clone(), operator, element.as_deref()))
                .collect::<Result<_, _>>()?;
            Ok(match quantifier {
                Quantifier::Any => any_of(each),
                Quantifier::All => Condition::All(each),
            })
        }
    }
}

/// Whether one of the conditions holds. Those of one value and `=` are a list: SQLite looks each element up,
/// where it would try a chain of comparisons one by one.
fn any_of(conditions: Vec<Condition>) -> Condition {
    let mut any = vec![];
    let mut lists: Vec<(Scalar, Comparison, Vec<Value>)> = vec![];
    for condition in conditions {
        match condition {
            Condition::Test(scalar, Check::Compare { by, sql: "=", key }) => {
                match lists.iter_mut().find(|(known, known_by, _)| *known == scalar && *known_by == by) {
                    Some((.., keys)) => keys.push(key),
                    None => lists.push((scalar, by, vec![key])),
                }
            }
            other => any.push(other),
        }
    }
    any.extend(lists.into_iter().map(|(scalar, by, mut keys)| {
        let check = match (keys.len(), keys.pop()) {
            (1, Some(key)) => Check::Compare { by, sql: "=", key },
            (_, last) => {
                keys.extend(last);
                Check::In { by, keys }
            }
        };
        Condition::Test(scalar, check)
    }));
    Condition::Any(any)
}

fn is(scalar: Scalar, truth: Truth) -> Result<Condition, Error> {
    let of = scalar.of();
    let boolean = |word: &str| {
        if of == ColumnType::Boolean {
            return Ok(());
        }
        let message = format!("argument of IS {word} must be type boolean, not type {}", name(of));
        Err(Error::new(Code::WrongType, message))
    };
    let check = match truth {
        Truth::Null => Check::IsNull,
        Truth::NotNull => return Ok(Condition::Not(Box::new(Condition::Test(scalar, Check::IsNull)))),
        Truth::True => boolean("TRUE").map(|()| Check::IsTrue)?,
        Truth::False => boolean("FALSE").map(|()| Check::IsFalse)?,
        Truth::Unknown => boolean("UNKNOWN").map(|()| Check::IsNull)?,
    };
    Ok(Condition::Test(scalar, check))
}

fn list(scalar: Scalar, values: &[String]) -> Result<Condition, Error> {
    let of = scalar.of();
    let (mut keys, mut others) = (vec![], vec![]);
    let mut by = Comparison::Stored;
    for text in values {
        match value::operand(of, text, true)? {
            Operand::Key(comparison, key) => {
                by = if comparison == Comparison::Stored { by } else { comparison };
                keys.push(key);
            }
            Operand::Untyped(_) => others.push(equals(scalar.clone(), "=", text)?),
        }
    }
    let listed = Condition::Test(scalar, Check::In { by, keys });
    if others.is_empty() {
        return Ok(listed);
    }
    others.push(listed);
    Ok(Condition::Any(others))
}

/// A test with one operand; `None` is the NULL of an array literal, which nothing compares to.
fn compare(scalar: Scalar, operator: &Operator, operand: Option<&str>) -> Result<Condition, Error> {
    let of = scalar.of();
    let misfit = || no_operator(&format!("{} {} unknown", name(of), operator.sql));
    let text =
        || matches!(of, ColumnType::String | ColumnType::Any | ColumnType::Duration | ColumnType::Yearmonth);
    match operator.family {
        Family::Range => {
            return Err(Error::new(
                Code::RangeOperator,
                format!("{} compares ranges, and no column has ranges", operator.name),
            )
            .hint("compare the two ends of the range: and=(start.gte.1,end.lt.10)"));
        }
        Family::Pattern { .. } | Family::Regex { .. } if !text() => return Err(misfit()),
        _ => {}
    }
    let Some(operand) = operand else {
        let check = Check::Compare { by: Comparison::Stored, sql: "=", key: Value::Null };
        return Ok(Condition::Test(scalar, check));
    };
    let check = match operator.family {
        Family::Compare | Family::Distinct => return equals(scalar, operator.sql, operand),
        Family::Pattern { fold } => Check::Like { pattern: pattern::like(operand)?, fold },
        Family::Regex { fold } => {
            crate::pattern::compiled(operand, fold)?;
            Check::Regex { pattern: operand.to_owned(), fold }
        }
        _ => {
            let asked = match operator.name {
                "cs" => ArrayOperator::Contains,
                "cd" => ArrayOperator::Contained,
                _ => ArrayOperator::Overlaps,
            };
            let fits = of.storage() == Storage::Json || of == ColumnType::Any;
            if !fits || asked == ArrayOperator::Overlaps && of == ColumnType::Object {
                return Err(misfit());
            }
            Check::Array { operator: asked, other: value::json(of, operand)? }
        }
    };
    Ok(Condition::Test(scalar, check))
}

fn equals(scalar: Scalar, sql: &'static str, operand: &str) -> Result<Condition, Error> {
    let equality = matches!(sql, "=" | "<>" | "IS NOT");
    let check = match value::operand(scalar.of(), operand, equality)? {
        Operand::Key(by, key) => Check::Compare { by, sql, key },
        Operand::Untyped(text) => {
            Check::Array { operator: ArrayOperator::Compare(sql), other: Json { text, untyped: true } }
        }
    };
    Ok(Condition::Test(scalar, check))
}

/// The search index that has the words of a column, and which of its columns it is.
fn searched<'t>(table: &'t Table, scalar: &Scalar) -> Result<(&'t Search, usize), Error> {
    let column = &table.schema.columns[scalar.column].name;
    let whole = scalar.path == Path::Whole && scalar.cast.is_none();
    table.searched(column).filter(|_| whole).ok_or_else(|| {
        Error::new(Code::NotSearchable, format!("{} can't be searched", described(scalar)))
            .details("it has no search index")
            .hint("ilike and imatch find text in every column")
    })
}

/// A search in another language than the column's.
fn misdeclared(column: &str, operator: &Operator, configuration: &str, language: Language) -> Error {
    let language = language.name();
    Error::new(Code::UnknownType, format!("text search configuration \"{configuration}\" does not exist"))
        .details(format!("the words of column \"{column}\" are indexed with \"{language}\""))
        .hint(format!("leave the configuration out, or write {}({language})", operator.name))
}

fn described(scalar: &Scalar) -> String {
    format!("a value of type {}", name(scalar.of()))
}

/// The type's name in PostgreSQL's errors: `text` for strings, the type's own otherwise.
pub(super) fn name(of: ColumnType) -> &'static str {
    match of {
        ColumnType::String | ColumnType::Any => "text",
        other => other.name(),
    }
}
