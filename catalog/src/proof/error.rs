//! Why a proof proves nothing.

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// It is of another release than the manifest.
    #[error("it is of another release: its {0} is not that of the manifest")]
    OtherRelease(&'static str),
    /// It is about another table.
    #[error("it is about table `{0}`")]
    OtherTable(String),
    /// Name, columns, key or root of the table are not those of the release.
    #[error("its table is not in the release: the path does not lead to the release's root")]
    Table,
    /// The row, its place or its path is not that of the table.
    #[error("{0} is not in the table: its path does not lead to the root of the rows")]
    Row(&'static str),
    /// The bytes are not those of a row of this table.
    #[error("the leaf of {0} is not a row of the table")]
    Leaf(&'static str),
    /// The row is shown with other values than those that are proved.
    #[error("{0} is shown with other values than its leaf has")]
    Values(&'static str),
    /// The row has another key than the one asked for.
    #[error("it is about another key")]
    OtherKey,
    /// The rows around the key are not next to each other, or not where the table begins or ends.
    #[error("its rows are not neighbours: there may be a row between them")]
    Gap,
    /// The key is not between the rows.
    #[error("the key is not between its rows")]
    NotBetween,
    /// It says neither which row there is, nor that there is none.
    #[error("it is about no row")]
    NoRow,
    /// It says both, or speaks of a row where none was asked for.
    #[error("it has more than was asked for")]
    TooMuch,
    /// The table has no primary key.
    #[error("the table has no primary key, so no single row can be proved")]
    NoKey,
    /// The text is not a key of the table.
    #[error("\"{0}\" is not a key of the table")]
    Key(String),
}
