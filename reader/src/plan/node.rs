//! A read as a tree: a table with what is shown and asked of it, and the embeds below it.

use std::rc::Rc;

use catalog::{ColumnType, Language, Table};
use rusqlite::types::Value;

use super::comparison::Comparison;
use super::relation::Relation;
use super::search::Words;
use super::value::Json;
use crate::cursor;
use crate::request::Function;

/// One table of a read.
#[derive(Debug)]
pub(crate) struct Node {
    /// Unique in the tree; names the table in SQL.
    pub(crate) number: usize,
    pub(crate) table: Rc<Table>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) conditions: Vec<Condition>,
    /// What holds for groups. Its scalars' columns count the aggregates among the outputs.
    pub(crate) having: Option<Condition>,
    /// Rows that show the same come once.
    pub(crate) distinct: bool,
    pub(crate) order: Vec<Order>,
    /// Most rows; `None` for all.
    pub(crate) limit: Option<u64>,
    pub(crate) offset: u64,
    /// The row number of the row that the page begins behind; `offset` is how many come before
    /// the page then, and none of them is passed over.
    pub(crate) after: Option<i64>,
    /// Whether the limit is the server's and not the request's.
    pub(crate) limited_by_us: bool,
    /// Whether the request's limit is greater than the maximum, which took its place.
    pub(crate) over_maximum: bool,
    pub(crate) children: Vec<Child>,
}

/// One member of an answer's objects.
#[derive(Debug)]
pub(crate) enum Output {
    /// A value; without a label it is a column under its own name.
    Value { label: Option<String>, shown: Shown },
    /// The child of that index.
    Child(usize),
}

/// What a member's value is made of.
#[derive(Debug)]
pub(crate) enum Shown {
    Scalar(Scalar),
    Aggregate {
        function: Function,
        /// `None` counts rows.
        of: Option<Scalar>,
        cast: Option<ColumnType>,
    },
}

/// A value in a row: a column, or what a path finds in it, and a cast of that.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scalar {
    /// The column's index.
    pub(crate) column: usize,
    pub(crate) path: Path,
    pub(crate) cast: Option<ColumnType>,
    /// The column's type or the path's, before the cast.
    pub(crate) before: ColumnType,
}

/// What of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Path {
    Whole,
    /// An SQLite JSON path; as text or as JSON.
    Json {
        path: String,
        text: bool,
    },
    /// A path into what is no JSON finds nothing.
    Nothing,
}

impl Node {
    /// The name under which a value is shown.
    pub(crate) fn label<'a>(&'a self, label: &'a Option<String>, shown: &Shown) -> &'a str {
        match (label, shown) {
            (Some(label), _) => label,
            (None, Shown::Scalar(scalar)) => &self.table.schema.columns[scalar.column].name,
            (None, Shown::Aggregate { function, .. }) => function.name(),
        }
    }
}

impl Scalar {
    /// The value's type.
    pub(crate) fn of(&self) -> ColumnType {
        self.cast.unwrap_or(self.before)
    }

    /// Whether the value can be NaN: in columns of `table` of which the catalog says so, and in text
    /// that is cast.
    pub(crate) fn has_nan(&self, table: &Table) -> bool {
        self.of() == ColumnType::Number
            && match self.before {
                ColumnType::Number => table.nan.contains(&table.schema.columns[self.column].name),
                ColumnType::Integer | ColumnType::Year | ColumnType::Boolean => false,
                _ => true,
            }
    }
}

/// An embed.
#[derive(Debug)]
pub(crate) struct Child {
    /// Its name in the answer, in filters and in orders.
    pub(crate) label: String,
    pub(crate) relation: Relation,
    pub(crate) node: Node,
    pub(crate) shape: Shape,
    /// Rows without it are left out.
    pub(crate) inner: bool,
    /// The parent is ordered by a column of it.
    pub(crate) ordered_by: bool,
}

/// How an embed stands in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// An object or null.
    Object,
    /// An array of objects.
    Array,
    /// Its members are the parent's.
    SpreadOne,
    /// Its members are the parent's, each an array.
    SpreadMany,
    /// It shows nothing; its filters may matter.
    Hidden,
}

impl Node {
    /// Whether rows are grouped: there is an aggregate here or in a row that is spread in here, or the same row
    /// comes once.
    pub(crate) fn is_grouped(&self) -> bool {
        self.distinct
            || self.outputs.iter().any(|output| match output {
                Output::Value { shown, .. } => matches!(shown, Shown::Aggregate { .. }),
                Output::Child(child) => {
                    let child = &self.children[*child];
                    child.shape == Shape::SpreadOne && child.node.is_grouped()
                }
            })
    }

    /// Whether the rows are those of the table: no filter, inner embed or aggregate makes them others.
    pub(crate) fn is_whole(&self) -> bool {
        self.conditions.is_empty() && !self.children.iter().any(|child| child.inner) && !self.is_grouped()
    }

    /// Leaves the rows behind the first `rows`, the last of which has that row number. Groups have none: they
    /// are passed over.
    pub(crate) fn behind(&mut self, rows: u64, rowid: Option<i64>) {
        self.offset = self.offset.saturating_add(rows);
        self.limit = self.limit.map(|limit| limit.saturating_sub(rows));
        self.after = rowid;
    }

    /// What a cursor holds of the tables that the answer depends on.
    pub(crate) fn content(&self) -> cursor::Short {
        cursor::tables(|visit| self.digests(&mut |digest| visit(digest)))
    }

    /// Calls `visit` for the digest of every table that the answer depends on, and for the languages of
    /// searches, which no digest covers.
    pub(crate) fn digests<'a>(&'a self, visit: &mut impl FnMut(&'a str)) {
        visit(&self.table.digest);
        self.conditions.iter().for_each(|condition| condition.languages(visit));
        for child in &self.children {
            if let Some(junction) = &child.relation.junction {
                visit(&junction.table.digest);
            }
            child.node.digests(visit);
        }
    }
}

impl Child {
    /// Whether its row can stand beside the parent's in one statement: there is at most one,
    /// and it is not grouped by itself.
    pub(crate) fn is_joined(&self) -> bool {
        match self.shape {
            Shape::Object => !self.node.is_grouped(),
            Shape::SpreadOne => true,
            Shape::Array | Shape::SpreadMany | Shape::Hidden => false,
        }
    }
}

/// A condition on a node's rows.
#[derive(Debug)]
pub(crate) enum Condition {
    Test(Scalar, Check),
    /// Words are in the column.
    Search {
        column: usize,
        /// The search index, and which of its columns it is, from 0.
        index: String,
        place: usize,
        language: Language,
        words: Words,
    },
    /// The child of that index has a row, or has none.
    Embed {
        child: usize,
        exists: bool,
    },
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

impl Condition {
    /// Calls `visit` for each language other than `simple` that is searched in.
    fn languages<'a>(&self, visit: &mut impl FnMut(&'a str)) {
        match self {
            Self::Search { language, .. } if *language != Language::Simple => visit(language.name()),
            Self::Search { .. } | Self::Test(..) | Self::Embed { .. } => {}
            Self::Not(condition) => condition.languages(visit),
            Self::All(branches) | Self::Any(branches) => {
                branches.iter().for_each(|branch| branch.languages(visit));
            }
        }
    }
}

/// What is asked of a value. Null is neither true nor false, as in SQL.
#[derive(Debug)]
pub(crate) enum Check {
    /// SQL's operator, and the other value's key.
    Compare {
        by: Comparison,
        sql: &'static str,
        key: Value,
    },
    /// The keys of the list.
    In {
        by: Comparison,
        keys: Vec<Value>,
    },
    IsNull,
    IsTrue,
    IsFalse,
    /// A pattern with `%` and `_`.
    Like {
        pattern: String,
        fold: bool,
    },
    Regex {
        pattern: String,
        fold: bool,
    },
    /// A test of an array or object.
    Array {
        operator: ArrayOperator,
        other: Json,
    },
}

/// A test of arrays, or of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArrayOperator {
    /// SQL's operator, with an array whose elements are untyped; others are compared by their keys.
    Compare(&'static str),
    Contains,
    Contained,
    Overlaps,
}

/// A term of an order.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) by: By,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
}

/// What rows are ordered by.
#[derive(Debug)]
pub(crate) enum By {
    Value {
        /// The to-one child whose value it is; none for the node itself.
        child: Option<usize>,
        scalar: Scalar,
    },
    /// The aggregate that is the output of that index.
    Aggregate(usize),
}
