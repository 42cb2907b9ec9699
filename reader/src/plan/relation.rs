//! The ways from one table to another: foreign keys, either way, and junctions of two.

use std::rc::Rc;

use catalog::Table;

use super::tables::Tables;
use crate::error::Error;

/// A way from one table to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation {
    pub(crate) foreign: String,
    pub(crate) kind: Kind,
    /// The foreign key's name; of a junction, that of the key to this side.
    pub(crate) constraint: String,
    /// Pairs of columns that are equal: here and there; with a junction, here and in it.
    pub(crate) columns: Vec<(String, String)>,
    pub(crate) junction: Option<Junction>,
}

/// How many rows stand on either side. In the order in which PostgREST lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    OneToMany,
    ManyToOne,
    OneToOne,
    ManyToMany,
}

/// The table between two others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Junction {
    pub(crate) table: Rc<Table>,
    /// The name of the foreign key to the other side.
    pub(crate) constraint: String,
    /// Pairs of columns that are equal: in the junction and there.
    pub(crate) columns: Vec<(String, String)>,
}

impl Kind {
    /// As an error says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OneToMany => "one-to-many",
            Self::ManyToOne => "many-to-one",
            Self::OneToOne => "one-to-one",
            Self::ManyToMany => "many-to-many",
        }
    }
}

impl Relation {
    /// Whether there is at most one row on the other side.
    pub(crate) fn to_one(&self) -> bool {
        matches!(self.kind, Kind::ManyToOne | Kind::OneToOne)
    }

    /// All ways that lead from `table`, by table, kind and constraint.
    pub(super) fn all(table: &Table, tables: &dyn Tables) -> Result<Vec<Self>, Error> {
        let mut relations = vec![];
        for key in &table.schema.foreign_keys {
            let Some(foreign) = tables.table(&key.table)? else { continue };
            // A key that refers to columns which are no key can lead to several rows.
            let kind = match (is_key(&foreign, &key.references), is_key(table, &key.columns)) {
                (true, true) => Kind::OneToOne,
                (true, false) => Kind::ManyToOne,
                (false, _) => Kind::OneToMany,
            };
            relations.push(Self::direct(
                key.table.clone(),
                kind,
                key.constraint(&table.name),
                pairs(&key.columns, &key.references),
            ));
        }
        for reference in &table.referenced_by {
            let Some(other) = tables.table(&reference.table)? else { continue };
            let name = reference.constraint();
            let one_to_one = is_key(&other, &reference.columns);
            if !one_to_one {
                relations.extend(Self::junctions(&other, &name, &reference.references));
            }
            let kind = if one_to_one { Kind::OneToOne } else { Kind::OneToMany };
            let columns = pairs(&reference.references, &reference.columns);
            relations.push(Self::direct(other.name.clone(), kind, name, columns));
        }
        relations.sort_by(|one, other| one.rank().cmp(&other.rank()));
        Ok(relations)
    }

    fn direct(foreign: String, kind: Kind, constraint: String, columns: Vec<(String, String)>) -> Self {
        Self { foreign, kind, constraint, columns, junction: None }
    }

    /// The ways through `junction`, which has a foreign key of the name `name` to the origin's
    /// columns `origin`. A table is a junction where two of its foreign keys are part of its
    /// primary key, so that it says of each pair of rows once that they belong together.
    fn junctions(junction: &Rc<Table>, name: &str, origin: &[String]) -> Vec<Self> {
        let schema = &junction.schema;
        let in_key = |columns: &[String]| columns.iter().all(|column| schema.primary_key.contains(column));
        let this = schema.foreign_keys.iter().find(|key| key.constraint(&junction.name) == *name);
        let Some(this) = this.filter(|this| in_key(&this.columns)) else { return vec![] };
        schema
            .foreign_keys
            .iter()
            .filter(|other| *other != this && in_key(&other.columns) && !is_key(junction, &other.columns))
            .map(|other| Self {
                foreign: other.table.clone(),
                kind: Kind::ManyToMany,
                constraint: name.to_owned(),
                columns: pairs(origin, &this.columns),
                junction: Some(Junction {
                    table: Rc::clone(junction),
                    constraint: other.constraint(&junction.name),
                    columns: pairs(&other.columns, &other.references),
                }),
            })
            .collect()
    }

    fn rank(&self) -> (&str, Kind, &str, &str, &str) {
        let junction = self.junction.as_ref();
        (
            &self.foreign,
            self.kind,
            junction.map_or("", |junction| &junction.table.name),
            &self.constraint,
            junction.map_or("", |junction| &junction.constraint),
        )
    }
}

fn pairs(left: &[String], right: &[String]) -> Vec<(String, String)> {
    left.iter().cloned().zip(right.iter().cloned()).collect()
}

/// Whether no two rows have the same values in `columns`, because a key says so.
fn is_key(table: &Table, columns: &[String]) -> bool {
    let same =
        |key: &[String]| key.len() == columns.len() && key.iter().all(|column| columns.contains(column));
    same(&table.schema.primary_key) || table.schema.unique_keys.iter().any(|key| same(key))
}
