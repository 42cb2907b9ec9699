//! A table's keys, as indexes of its fields.

use datapackage::schema::Table;

/// The primary key, empty for a table without one.
pub(crate) fn primary_key(table: &Table) -> Vec<usize> {
    fields(table, &table.primary_key)
}

/// The primary key and the unique keys, without those over the same fields as an earlier one.
pub(crate) fn unique_keys(table: &Table) -> Vec<Vec<usize>> {
    let mut keys: Vec<Vec<usize>> = Vec::new();
    for names in std::iter::once(&table.primary_key).chain(&table.unique_keys) {
        let key = fields(table, names);
        if !key.is_empty() && !keys.iter().any(|other| same_fields(other, &key)) {
            keys.push(key);
        }
    }
    keys
}

/// The field whose values can be SQLite's row numbers, if they ascend: a primary key of one
/// integer.
pub(crate) fn row_number(table: &Table) -> Option<usize> {
    match primary_key(table)[..] {
        [field] if table.fields[field].field_type.storage() == catalog::Storage::Integer => Some(field),
        _ => None,
    }
}

/// The fields of these names. Names that the table does not have, which are findings of the
/// descriptor, are left out.
pub(crate) fn fields(table: &Table, names: &[String]) -> Vec<usize> {
    names.iter().filter_map(|name| table.fields.iter().position(|field| field.name == *name)).collect()
}

/// Whether an index over `index` finds rows by the fields `wanted`: they are its first ones, in
/// any order.
pub(crate) fn serves(index: &[usize], wanted: &[usize]) -> bool {
    index.len() >= wanted.len() && same_fields(&index[..wanted.len()], wanted)
}

/// Whether both have the same fields, in any order.
pub(crate) fn same_fields(a: &[usize], b: &[usize]) -> bool {
    a.len() == b.len() && a.iter().all(|field| b.contains(field))
}
