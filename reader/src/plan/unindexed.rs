//! Which filter or order has SQLite read every row: for the hint of a query that took too long.

use catalog::Table;

use super::node::{By, Condition, Node};

/// The first column without an index that a tree is filtered by, or else ordered by, as a hint.
pub(crate) fn hint(root: &Node) -> String {
    let filter = filtered(root).map(|found| ("filter", found));
    let Some((what, (table, column))) = filter.or_else(|| ordered(root).map(|found| ("order", found))) else {
        return "ask for fewer rows or embeds".to_owned();
    };
    let name = &table.schema.columns[column].name;
    let indexed: Vec<_> = indexed(table).collect();
    let instead = match indexed.as_slice() {
        [] => "no column of it has one".to_owned(),
        names => format!("filter also by one that has: {}", names.join(", ")),
    };
    format!("every row of '{}' is read to {what} by '{name}', which has no index; {instead}", table.name)
}

fn filtered(node: &Node) -> Option<(&Table, usize)> {
    let here = node.conditions.iter().find_map(|condition| scanned(&node.table, condition));
    here.or_else(|| node.children.iter().find_map(|child| filtered(&child.node)))
}

fn scanned<'a>(table: &'a Table, condition: &Condition) -> Option<(&'a Table, usize)> {
    match condition {
        Condition::Test(scalar, _) => {
            let name = &table.schema.columns[scalar.column].name;
            (!indexed(table).any(|known| known == name)).then_some((table, scalar.column))
        }
        Condition::Embed { .. } => None,
        Condition::Not(inner) => scanned(table, inner),
        Condition::Search { .. } => None,
        Condition::All(all) | Condition::Any(all) => all.iter().find_map(|inner| scanned(table, inner)),
    }
}

fn ordered(node: &Node) -> Option<(&Table, usize)> {
    let here = node.order.iter().find_map(|order| {
        let By::Value { child, scalar } = &order.by else { return None };
        let table = match *child {
            Some(child) => &node.children[child].node.table,
            None => &node.table,
        };
        let name = &table.schema.columns[scalar.column].name;
        (!indexed(table).any(|known| known == name)).then_some((&**table, scalar.column))
    });
    here.or_else(|| node.children.iter().find_map(|child| ordered(&child.node)))
}

/// The columns by which rows are found at once: the first of each key. The builder makes an index
/// for each of these, and no other.
fn indexed(table: &Table) -> impl Iterator<Item = &str> {
    let schema = &table.schema;
    let keys = std::iter::once(&schema.primary_key).chain(&schema.unique_keys);
    let mut names: Vec<&str> = vec![];
    for key in keys.chain(schema.foreign_keys.iter().map(|key| &key.columns)) {
        if let Some(first) = key.first()
            && !names.contains(&first.as_str())
        {
            names.push(first);
        }
    }
    names.into_iter()
}
