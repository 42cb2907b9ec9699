//! The SQL that finds rows whose foreign key points nowhere.

use catalog::quote;

/// One side of a foreign key, by the names that this database uses.
pub(crate) struct Side<'a> {
    pub(crate) table: &'a str,
    pub(crate) columns: &'a [String],
}

/// `FROM .. WHERE ..` over the referring rows, named `c`, that have no partner. A row in which
/// any of the columns is null refers to nothing (SQL's MATCH SIMPLE, and Table Schema's own rule
/// for missing values).
pub(crate) fn rows_without_partner(from: &Side<'_>, to: &Side<'_>) -> String {
    format!("FROM {} AS c WHERE {} AND {}", quote(from.table), present(from), no_partner(from, to))
}

/// The same over the values that occur in the referring rows, each once: where an index gives
/// them in order that saves a look-up for every repetition.
pub(crate) fn values_without_partner(from: &Side<'_>, to: &Side<'_>) -> String {
    let columns: Vec<String> = from.columns.iter().map(|column| quote(column)).collect();
    format!(
        "FROM (SELECT DISTINCT {} FROM {} AS c WHERE {}) AS c WHERE {}",
        columns.join(", "),
        quote(from.table),
        present(from),
        no_partner(from, to)
    )
}

fn present(from: &Side<'_>) -> String {
    let present = from.columns.iter().map(|column| format!("c.{} IS NOT NULL", quote(column)));
    present.collect::<Vec<_>>().join(" AND ")
}

fn no_partner(from: &Side<'_>, to: &Side<'_>) -> String {
    let equal = from
        .columns
        .iter()
        .zip(to.columns)
        .map(|(column, referred)| format!("p.{} = c.{}", quote(referred), quote(column)));
    let equal = equal.collect::<Vec<_>>().join(" AND ");
    format!("NOT EXISTS (SELECT 1 FROM {} AS p WHERE {equal})", quote(to.table))
}
