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
    /// It is about another version.
    #[error("it is about {}", .0.as_ref().map_or("the rows of now".to_owned(), |version| format!("version {version}")))]
    OtherVersion(Option<String>),
    /// The manifest has no root of a history.
    #[error("the manifest has no root of earlier versions")]
    NoHistory,
    /// A row, its place, the table's name, columns or key, or the version is not that of the release.
    #[error("it is not of the release: its paths do not lead to the root")]
    Table,
    /// The path is not one of a table of that size.
    #[error("its path is not one of a table of that many rows")]
    Path,
    /// The bytes are not those of a row of this table.
    #[error("the leaf of {0} is not a row of the table")]
    Leaf(&'static str),
    /// The row is shown with other values than those that are proved.
    #[error("the row is shown with other values than its leaf has")]
    Values,
    /// The row has another key than the one asked for.
    #[error("it is about another key")]
    OtherKey,
    /// There is one row beside the key, or none, and that is not where the table begins or ends.
    #[error("its rows are not all that are beside the key: there may be a row between them")]
    Gap,
    /// The key is not between the rows.
    #[error("the key is not between its rows")]
    NotBetween,
    /// It says neither which row there is, nor that there isn't one.
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
