//! Which way an embed means: by the name of a table, a foreign key or a column, and a hint.

use serde_json::{Value, json};

use super::relation::{Kind, Relation};
use super::tables::Tables;
use crate::error::{Code, Error};
use catalog::{Table, similar};

/// The one way from `origin` that `target` and `hint` name.
pub(super) fn find(
    origin: &Table,
    target: &str,
    hint: Option<&str>,
    tables: &dyn Tables,
) -> Result<Relation, Error> {
    let mut all = Relation::all(origin, tables)?;
    let found: Vec<usize> =
        (0..all.len()).filter(|index| matches(&all[*index], origin, target, hint)).collect();
    match found.as_slice() {
        [index] => Ok(all.swap_remove(*index)),
        [] => Err(none(origin, target, hint, &all)),
        several => Err(ambiguous(origin, target, several.iter().map(|index| &all[*index]))),
    }
}

/// PostgREST's rules: `target` is the table's name, or, where there is no hint, the foreign key's
/// or that of its one column; `hint` the foreign key, its column on either side, or the junction.
fn matches(relation: &Relation, origin: &Table, target: &str, hint: Option<&str>) -> bool {
    let direct = relation.junction.is_none();
    let (here, there) = match relation.columns.as_slice() {
        [(here, there)] if direct => (Some(here.as_str()), Some(there.as_str())),
        _ => (None, None),
    };
    let by_table = target == relation.foreign;
    if relation.foreign == origin.name {
        // From a table to itself: the children by the table's name, the parent by the column's.
        return match hint {
            None => {
                by_table && relation.kind == Kind::OneToMany
                    || here == Some(target) && relation.kind == Kind::ManyToOne
            }
            // PostgREST takes the column only, though its error for an ambiguous embed names the keys.
            Some(hint) => {
                by_table
                    && relation.kind == Kind::OneToMany
                    && (there == Some(hint) || relation.constraint == hint)
            }
        };
    }
    match hint {
        None => by_table || direct && relation.constraint == target || here == Some(target),
        Some(hint) => {
            by_table
                && (direct && relation.constraint == hint
                    || here == Some(hint)
                    || there == Some(hint)
                    || relation.junction.as_ref().is_some_and(|junction| junction.table.name == hint))
        }
    }
}

fn none(origin: &Table, target: &str, hint: Option<&str>, all: &[Relation]) -> Error {
    let origin_name = &origin.name;
    let using = hint.map(|hint| format!("' using the hint '{hint}")).unwrap_or_default();
    let error = Error::new(
        Code::NoRelation,
        format!("Could not find a relationship between '{origin_name}' and '{target}' in the schema cache"),
    )
    .details(format!(
        "Searched for a foreign key relationship between '{origin_name}' and '{target}{using}', but no matches were found."
    ));
    let known = all.iter().map(|relation| relation.foreign.as_str());
    match similar(target, known) {
        // The table is right: it is the hint that is not.
        Some(known) if known == target => error,
        Some(known) => error.hint(format!("Perhaps you meant '{known}' instead of '{target}'.")),
        None => error,
    }
}

fn ambiguous<'a>(
    origin: &Table,
    target: &str,
    relations: impl Iterator<Item = &'a Relation> + Clone,
) -> Error {
    let hints: Vec<_> = relations
        .clone()
        .map(|relation| {
            let hint =
                relation.junction.as_ref().map_or(&relation.constraint, |junction| &junction.table.name);
            format!("'{}!{hint}'", relation.foreign)
        })
        .collect();
    let details: Vec<_> = relations.map(|relation| describe(origin, relation)).collect();
    Error::new(
        Code::AmbiguousRelation,
        format!(
            "Could not embed because more than one relationship was found for '{}' and '{target}'",
            origin.name
        ),
    )
    .details(details)
    .hint(format!(
        "Try changing '{target}' to one of the following: {}. Find the desired relationship in the 'details' key.",
        hints.join(", ")
    ))
}

fn describe(origin: &Table, relation: &Relation) -> Value {
    let list = |columns: Vec<&String>| {
        let columns: Vec<&str> = columns.into_iter().map(String::as_str).collect();
        format!("({})", columns.join(", "))
    };
    let here = list(relation.columns.iter().map(|(here, _)| here).collect());
    let there = list(relation.columns.iter().map(|(_, there)| there).collect());
    let (origin, constraint) = (&origin.name, &relation.constraint);
    let way = match &relation.junction {
        None => format!("{constraint} using {origin}{here} and {}{there}", relation.foreign),
        Some(junction) => format!(
            "{} using {constraint}{there} and {}{}",
            junction.table.name,
            junction.constraint,
            list(junction.columns.iter().map(|(column, _)| column).collect())
        ),
    };
    json!({
        "cardinality": relation.kind.name(),
        "embedding": format!("{origin} with {}", relation.foreign),
        "relationship": way,
    })
}
