//! Foreign keys, once every dataset is known: the table, its columns, their types.

use catalog::ForeignKey;

use super::keys::Reference;
use super::package::Package;
use super::section::{FileFindings, similar_field, suggestion};
use crate::finding::{Code, Finding};
use crate::schema::{Dataset, Table};

/// Gives each table those of its foreign keys that hold, and reports the others.
pub(super) fn resolve(packages: Vec<Package>, findings: &mut Vec<Finding>) -> Vec<Dataset> {
    let resolved: Vec<Vec<Vec<ForeignKey>>> = packages
        .iter()
        .map(|package| {
            let tables = package.dataset.tables.iter().zip(&package.references);
            tables
                .map(|(table, references)| {
                    names(table, references, findings);
                    let keys = references.iter();
                    keys.filter_map(|reference| one(&packages, package, table, reference, findings)).collect()
                })
                .collect()
        })
        .collect();
    let datasets = packages.into_iter().zip(resolved);
    datasets
        .map(|(package, keys)| {
            let mut dataset = package.dataset;
            for (table, keys) in dataset.tables.iter_mut().zip(keys) {
                table.foreign_keys = keys;
            }
            dataset
        })
        .collect()
}

/// Reports each given name that another foreign key of the table has.
fn names(table: &Table, references: &[Reference], findings: &mut Vec<Finding>) {
    let named = |reference: &Reference| {
        let name = reference.name.as_ref().map(|(name, _)| name.as_str());
        catalog::constraint(name, &table.name, &reference.columns)
    };
    for (index, reference) in references.iter().enumerate() {
        let Some((name, line)) = &reference.name else { continue };
        // Of two given names, the second is the duplicate.
        let others = references.iter().enumerate().filter(|(other, reference)| match &reference.name {
            Some(_) => *other < index,
            None => true,
        });
        let Some((_, other)) = others.into_iter().find(|(_, other)| named(other) == *name) else { continue };
        let report = &mut FileFindings { path: reference.finding_path.clone(), findings };
        let columns = |reference: &Reference| reference.columns.join("`, `");
        let message = format!(
            "resource `{}`: foreign key (`{}`): name \"{}\" is that of the foreign key (`{}`)",
            table.name,
            columns(reference),
            name.escape_debug(),
            columns(other)
        );
        let help = other.name.is_none().then(|| {
            "a foreign key without a name has the one that PostgreSQL would give it: <table>_<columns>_fkey".to_owned()
        });
        report.error_with_help(*line, Code::InvalidProperty, message, help);
    }
}

fn one(
    packages: &[Package],
    package: &Package,
    table: &Table,
    reference: &Reference,
    findings: &mut Vec<Finding>,
) -> Option<ForeignKey> {
    let report = &mut FileFindings { path: reference.finding_path.clone(), findings };
    let owner = format!("resource `{}`: foreign key (`{}`)", table.name, reference.columns.join("`, `"));
    let other = match &reference.table {
        None => table,
        Some(name) => find(packages, package, reference, name, &owner, report)?,
    };
    let mut right = true;
    for (column, referenced) in reference.columns.iter().zip(&reference.references) {
        let Some(field) = other.fields.iter().find(|field| field.name == *referenced) else {
            let message = format!("{owner}: there is no field `{referenced}` in `{}`", other.name);
            let help = similar_field(referenced, &other.fields);
            report.error_with_help(reference.line, Code::UnknownField, message, help);
            right = false;
            continue;
        };
        let own = table.fields.iter().find(|field| field.name == *column)?;
        if own.field_type != field.field_type {
            let message = format!(
                "{owner}: `{column}` is of type {}, `{}.{referenced}` of type {}",
                own.field_type.name(),
                other.name,
                field.field_type.name()
            );
            report.error(reference.line, Code::ReferenceType, message);
            right = false;
        }
    }
    if right && !is_key(other, &reference.references) {
        let columns = reference.references.join("`, `");
        let message = format!("{owner}: (`{columns}`) is not a key of `{}`", other.name);
        let help = format!("make it the `primaryKey` of `{}`, or one of its `uniqueKeys`", other.name);
        report.error_with_help(reference.line, Code::ReferenceNotUnique, message, help);
        right = false;
    }
    right.then(|| ForeignKey {
        name: reference.name.as_ref().map(|(name, _)| name.clone()),
        columns: reference.columns.clone(),
        table: other.name.clone(),
        references: reference.references.clone(),
    })
}

/// The table of that name: in the dataset that the key names, or in its own, or in any other.
fn find<'p>(
    packages: &'p [Package],
    own: &'p Package,
    reference: &Reference,
    name: &str,
    owner: &str,
    report: &mut FileFindings<'_>,
) -> Option<&'p Table> {
    let in_package = |package: &'p Package| package.dataset.tables.iter().find(|table| table.name == name);
    let searched: Vec<&'p Package> = match &reference.package {
        Some(dataset) => packages.iter().filter(|package| package.dataset.name == *dataset).collect(),
        None => {
            let others = packages.iter().filter(|package| package.dataset.path != own.dataset.path);
            std::iter::once(own).chain(others).collect()
        }
    };
    if let (true, Some(dataset)) = (searched.is_empty(), &reference.package) {
        let message = format!("{owner}: there is no dataset `{dataset}`");
        let help = suggestion(dataset, packages.iter().map(|package| package.dataset.name.as_str()));
        report.error_with_help(reference.line, Code::UnknownTable, message, help);
        return None;
    }
    if let Some(table) = searched.iter().find_map(|package| in_package(package)) {
        return Some(table);
    }
    let declared = || searched.iter().flat_map(|package| &package.declared).map(|(name, _)| name.as_str());
    // A table that is declared but can't be used has its own findings.
    if !declared().any(|declared| declared == name) {
        let message = format!("{owner}: there is no table `{name}`");
        report.error_with_help(reference.line, Code::UnknownTable, message, suggestion(name, declared()));
    }
    None
}

/// Whether the columns, in any order, are the primary key or a unique key.
fn is_key(table: &Table, columns: &[String]) -> bool {
    let same =
        |key: &Vec<String>| key.len() == columns.len() && columns.iter().all(|column| key.contains(column));
    same(&table.primary_key) || table.unique_keys.iter().any(same)
}
