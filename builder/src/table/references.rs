//! The SQL that finds rows whose foreign key points nowhere.

use catalog::quote;

/// One side of a foreign key, by the names that the database at hand uses.
pub(crate) struct Side<'a> {
    pub(crate) table: &'a str,
    pub(crate) columns: &'a [String],
}

/// `FROM .. WHERE ..` over the referring rows, named `c`, that have no partner. A row in which
/// any of the columns is null refers to nothing (SQL's MATCH SIMPLE, and Table Schema's own rule
/// for missing values).
pub(crate) fn without_partner(from: &Side<'_>, to: &Side<'_>) -> String {
    let present = from.columns.iter().map(|column| format!("c.{} IS NOT NULL", quote(column)));
    let equal = from
        .columns
        .iter()
        .zip(to.columns)
        .map(|(column, referred)| format!("p.{} = c.{}", quote(referred), quote(column)));
    format!(
        "FROM {} AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})",
        quote(from.table),
        present.collect::<Vec<_>>().join(" AND "),
        quote(to.table),
        equal.collect::<Vec<_>>().join(" AND "),
    )
}
