//! Two releases -> what changed, and which version that needs.
//!
//! `side` finds a release: a database, a directory, a Git revision, or the working tree's datasets, as they are
//! working tree. `compare` matches datasets and tables by name, and uses `rows` for the rows and `schema`
//! for the columns, keys and metadata only where a digest or a descriptor says that there is
//! something to find. `rule` says which version each change needs, `gate` whether the descriptor has it.
//!
//! The rows stay in the two databases: memory does not grow with them.

mod bump;
mod compare;
pub mod gate;
pub mod json;
pub mod markdown;
mod release_ref;
mod rows;
mod rule;
mod schema;
pub mod text;

use std::rc::Rc;

use catalog::ChangeKind;

pub use bump::{Bump, Bumped, bump};
pub(crate) use compare::attach;
pub use compare::{Comparison, compare};
pub use release_ref::ReleaseRef;
pub(crate) use rows::{Reading, TablePair};
pub use rule::{Cause, Level, Rule, next, suffices};
pub(crate) use schema::columns as column_changes;

/// How many changed rows of each kind are kept of each table, to be shown.
pub const EXAMPLES: usize = 20;

/// What differs between two releases.
#[derive(Debug, Clone)]
pub struct Diff {
    /// The datasets that differ, by name.
    pub datasets: Vec<DatasetDiff>,
}

/// What differs in a dataset.
#[derive(Debug, Clone)]
pub struct DatasetDiff {
    /// Its name.
    pub name: String,
    /// In which release it is.
    pub presence: Presence,
    /// Its version in the old release, as its descriptor gives it.
    pub old_version: Option<String>,
    /// Its version in the new release.
    pub new_version: Option<String>,
    /// The tables that differ, by name.
    pub tables: Vec<TableDiff>,
    /// What differs in the dataset itself.
    pub causes: Vec<Cause>,
}

/// What differs in a table.
#[derive(Debug, Clone)]
pub struct TableDiff {
    /// Its name.
    pub name: String,
    /// In which release it is.
    pub presence: Presence,
    /// How many rows it has in the old release.
    pub old_rows: u64,
    /// How many rows it has in the new release.
    pub new_rows: u64,
    /// The columns by which rows were found again; `None` where they were compared as a whole: a
    /// row with another value then counts as one removed and one added.
    pub key: Option<Vec<String>>,
    /// What differs in columns, keys and metadata.
    pub schema: Vec<Cause>,
    /// How many rows were added. Not counted, like the following, where the table is in one
    /// release only.
    pub added: u64,
    /// How many rows were removed.
    pub removed: u64,
    /// How many rows have other values.
    pub changed: u64,
    /// What the rows' changes amount to.
    pub data: Vec<Cause>,
    /// The first changed rows of each kind.
    pub examples: Vec<RowChange>,
}

/// In which of the two releases something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Presence {
    Both,
    Added,
    Removed,
}

/// One row that was added, removed or changed.
#[derive(Debug, Clone)]
pub struct RowChange {
    /// What happened.
    pub kind: ChangeKind,
    /// Its key, as a path names it, where rows have one.
    pub key: Option<String>,
    /// Its old values: all of them where it was removed, those that differ where it was changed.
    pub old: Vec<Cell>,
    /// Its new values: all of them where it was added, those that differ where it was changed.
    pub new: Vec<Cell>,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its column.
    pub column: Rc<str>,
    /// The value as JSON.
    pub json: String,
}

impl DatasetDiff {
    /// Everything that requires a version.
    pub fn causes(&self) -> impl Iterator<Item = &Cause> {
        let tables = self.tables.iter().flat_map(|table| table.schema.iter().chain(&table.data));
        self.causes.iter().chain(tables)
    }

    /// The version that the changes need: how large a step from the old one. `None` where nothing
    /// that a version covers has changed.
    pub fn level(&self) -> Option<Level> {
        self.causes().map(|cause| cause.rule.level()).max()
    }
}

/// Cells as a JSON object.
pub(crate) fn object(cells: &[Cell]) -> String {
    let mut json = vec![b'{'];
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        catalog::write_json_string(&cell.column, &mut json);
        json.push(b':');
        json.extend_from_slice(cell.json.as_bytes());
    }
    json.push(b'}');
    String::from_utf8(json).expect("text between punctuation is text")
}
