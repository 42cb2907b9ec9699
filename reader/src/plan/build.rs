//! The selected items and what is asked of each level -> the tree.

use std::collections::BTreeMap;
use std::rc::Rc;

use catalog::{ColumnType, Storage, Table};

use super::node::{By, Child, Node, Order, Output, Path, Scalar, Shape, Shown};
use super::relation::Relation;
use super::scalar::scalar;
use super::tables::Tables;
use super::{aggregated, cast, condition, find, meant};
use crate::config::Config;
use crate::error::{Code, Error};
use crate::request::{Column, Embed, Function, Item, Level, Parameters, Term};

/// The most tables in a read: SQLite joins 64.
const MAX_TABLES: usize = 32;

/// The most values per row over all levels: SQLite yields 2,000 columns.
pub(crate) const MAX_VALUES: usize = 1000;

/// The most terms of an order.
const MAX_TERMS: usize = 32;

/// Builds one tree.
pub(super) struct Builder<'a> {
    tables: &'a dyn Tables,
    config: &'a Config,
    levels: BTreeMap<Vec<String>, Level>,
    /// Nodes and values so far.
    nodes: usize,
    values: usize,
}

impl<'a> Builder<'a> {
    /// The tree of a read of `table`.
    pub(super) fn tree(
        table: Rc<Table>,
        parameters: Parameters,
        tables: &'a dyn Tables,
        config: &'a Config,
    ) -> Result<Node, Error> {
        let Parameters { select, levels, cursor: _, having, distinct } = parameters;
        let mut builder = Self { tables, config, levels, nodes: 0, values: 0 };
        let items = select.unwrap_or_default();
        let items = if items.is_empty() { &[Item::Star][..] } else { &items };
        let mut root = builder.node(table, items, &mut vec![])?;
        root.distinct = distinct;
        aggregated::check_distinct(&root)?;
        root.having = having.map(|condition| aggregated::having(&root, &condition)).transpose()?;
        root.limited_by_us = root.limit.is_none();
        let page = root.limit.unwrap_or(config.default_limit);
        root.over_maximum = !root.limited_by_us && page > config.max_limit;
        root.limit = Some(page.min(config.max_limit));
        match builder.levels.into_keys().next() {
            Some(path) => {
                let error = not_embedded(&root, &path, items);
                let prefix = format!("{}.", path.join("."));
                Err(match meant::pointed(&root.table, |column| column.starts_with(&prefix)) {
                    Some(hint) => error.hint(hint),
                    None => error,
                })
            }
            None => Ok(root),
        }
    }

    fn node(&mut self, table: Rc<Table>, items: &[Item], path: &mut Vec<String>) -> Result<Node, Error> {
        let number = self.nodes;
        self.nodes += 1;
        if self.nodes > MAX_TABLES {
            return Err(too_much("embeds", MAX_TABLES - 1));
        }
        let level = self.levels.remove(path.as_slice()).unwrap_or_default();
        let mut node = Node {
            number,
            outputs: vec![],
            conditions: vec![],
            having: None,
            distinct: false,
            order: vec![],
            limit: level.page.limit,
            offset: level.page.offset.unwrap_or(0),
            after: None,
            limited_by_us: false,
            over_maximum: false,
            children: vec![],
            table,
        };
        // Embeds first: an error in the way to a table comes before one in a column.
        for item in items {
            if let Item::Embed(embed) = item {
                self.embed(&mut node, embed, path)?;
            }
        }
        let mut embeds = 0;
        for item in items {
            match item {
                Item::Star => self.star(&mut node)?,
                Item::Column(column) => self.column(&mut node, column)?,
                Item::Embed(_) => {
                    node.outputs.push(Output::Child(embeds));
                    embeds += 1;
                }
            }
        }
        for condition in &level.conditions {
            let condition = condition::condition(&node.table, &node.children, condition)?;
            node.conditions.push(condition);
        }
        let terms = level.order.unwrap_or_default();
        if terms.len() > MAX_TERMS {
            return Err(too_much("terms of an order", MAX_TERMS));
        }
        for term in &terms {
            let order = order(&mut node, term)?;
            node.order.push(order);
        }
        Ok(node)
    }

    fn count_value(&mut self) -> Result<(), Error> {
        self.values += 1;
        if self.values > MAX_VALUES { Err(too_much("columns", MAX_VALUES)) } else { Ok(()) }
    }

    fn star(&mut self, node: &mut Node) -> Result<(), Error> {
        for (index, column) in node.table.schema.columns.iter().enumerate() {
            self.count_value()?;
            let whole = Scalar { column: index, path: Path::Whole, cast: None, before: column.column_type };
            node.outputs.push(Output::Value { label: None, shown: Shown::Scalar(whole) });
        }
        Ok(())
    }

    fn column(&mut self, node: &mut Node, column: &Column) -> Result<(), Error> {
        self.count_value()?;
        let table = &node.table;
        let mut aggregate = column.aggregate;
        let mut field = column.field.as_ref();
        // Since before there were aggregates `count` counts rows, where no column has that name.
        if let Some(name) = field
            && aggregate.is_none()
            && name.name == "count"
            && name.path.is_empty()
            && table.column("count").is_none()
        {
            (aggregate, field) = (Some(Function::Count), None);
        }
        let of = match field {
            Some(field) => {
                let mut scalar = scalar(table, field)?;
                scalar.cast = match column.cast.as_deref() {
                    Some(name) if is_integer(scalar.before) && cast::keeps_integers(name) => None,
                    name => name.map(cast::named).transpose()?,
                };
                Some(scalar)
            }
            None => None,
        };
        // The cast in `count::text` is that of the count.
        let outer = column.aggregate_cast.as_deref().or(column.cast.as_deref().filter(|_| of.is_none()));
        // Integers, their sum and their average are exact.
        let exact = of.as_ref().is_none_or(|of| is_integer(of.of()));
        let outer = outer.filter(|name| !(exact && cast::keeps_integers(name)));
        let outer = outer.map(cast::named).transpose()?;
        let natural = match (aggregate, field) {
            (Some(function), _) => function.name(),
            (None, Some(field)) => field.label(),
            (None, None) => "count",
        };
        let label = column.alias.clone().unwrap_or_else(|| natural.to_owned());
        let shown = match (aggregate, of) {
            (Some(function), of) => {
                fits(function, of.as_ref())?;
                Shown::Aggregate { function, of, cast: outer }
            }
            (None, Some(scalar)) => Shown::Scalar(scalar),
            (None, None) => Shown::Aggregate { function: Function::Count, of: None, cast: outer },
        };
        node.outputs.push(Output::Value { label: Some(label), shown });
        Ok(())
    }

    fn embed(&mut self, node: &mut Node, embed: &Embed, path: &mut Vec<String>) -> Result<(), Error> {
        let relation = find::find(&node.table, &embed.name, embed.hint.as_deref(), self.tables)?;
        let foreign = self.tables.table(&relation.foreign)?;
        let foreign = foreign.ok_or_else(|| Error::release("a foreign key names no table"))?;
        let label = embed.alias.clone().unwrap_or_else(|| embed.name.clone());
        if node.children.iter().any(|child| child.label == label) {
            return Err(Error::new(
                Code::RepeatedEmbed,
                format!("table name \"{label}\" specified more than once"),
            )
            .hint(format!("give one of them another name, as in other:{}(*)", embed.name)));
        }
        path.push(label.clone());
        let mut child = self.node(foreign, &embed.items, path)?;
        path.pop();
        let empty = child.outputs.iter().all(|output| match output {
            Output::Value { .. } => false,
            Output::Child(index) => child.children[*index].shape == Shape::Hidden,
        });
        let shape = match (embed.spread, relation.to_one()) {
            _ if empty => Shape::Hidden,
            (false, true) => Shape::Object,
            (false, false) => Shape::Array,
            (true, true) => Shape::SpreadOne,
            (true, false) => Shape::SpreadMany,
        };
        if shape == Shape::SpreadMany && child.is_grouped() {
            return Err(Error::new(Code::NotImplemented, "Feature not implemented")
                .details("Aggregates are not implemented for one-to-many or many-to-many spreads."));
        }
        self.page(&mut child, &relation);
        node.children.push(Child {
            label,
            relation,
            node: child,
            shape,
            inner: embed.inner,
            ordered_by: false,
        });
        Ok(())
    }

    /// The maximum holds on every level.
    fn page(&self, child: &mut Node, relation: &Relation) {
        let most = self.config.max_limit;
        if !relation.to_one() && child.limit.is_none_or(|limit| limit > most) {
            child.limit = Some(most);
            child.limited_by_us = true;
        }
    }
}

fn is_integer(of: ColumnType) -> bool {
    matches!(of, ColumnType::Integer | ColumnType::Year)
}

/// Whether the function takes values of that type, or PostgreSQL's error.
fn fits(function: Function, of: Option<&Scalar>) -> Result<(), Error> {
    let Some(of) = of.map(Scalar::of) else { return Ok(()) };
    let fits = match function {
        Function::Count | Function::CountDistinct => true,
        Function::Sum | Function::Avg => {
            matches!(of, ColumnType::Integer | ColumnType::Number | ColumnType::Year)
        }
        // As in PostgreSQL, arrays have a least one, and objects have none.
        Function::Min | Function::Max => {
            matches!(of, ColumnType::Array | ColumnType::List)
                || !matches!(of.storage(), Storage::Boolean | Storage::Json)
        }
    };
    if fits {
        return Ok(());
    }
    let call = format!("function {}({}) does not exist", function.name(), condition::name(of));
    Err(Error::new(Code::NoOperator, call).hint(
        "No function matches the given name and argument types. You might need to add explicit type casts.",
    ))
}

fn order(node: &mut Node, term: &Term) -> Result<Order, Error> {
    let nulls_first = term.nulls_first.unwrap_or(term.descending);
    let by = match &term.embed {
        None => match aggregated::named(node, &term.field) {
            Some(output) => By::Aggregate(output),
            None => By::Value { child: None, scalar: scalar(&node.table, &term.field)? },
        },
        Some(embed) => {
            let found = node.children.iter_mut().enumerate().find(|(_, child)| child.label == *embed);
            let Some((index, child)) = found else {
                return Err(unknown_embed(embed));
            };
            if !child.relation.to_one() {
                let message = format!("A related order on '{embed}' is not possible");
                return Err(Error::new(Code::OrderByMany, message).details(format!(
                    "'{}' and '{embed}' do not form a many-to-one or one-to-one relationship",
                    node.table.name
                )));
            }
            child.ordered_by = true;
            // An embed's column goes by the name that it is shown under, or by its own.
            let shown = child.node.outputs.iter().find_map(|output| match output {
                Output::Value { label: Some(label), shown: Shown::Scalar(scalar) }
                    if *label == term.field.name && term.field.path.is_empty() =>
                {
                    Some(scalar.clone())
                }
                _ => None,
            });
            let scalar = match shown {
                Some(scalar) => scalar,
                None => self::scalar(&child.node.table, &term.field)?,
            };
            By::Value { child: Some(index), scalar }
        }
    };
    Ok(Order { by, descending: term.descending, nulls_first })
}

fn too_much(what: &str, most: usize) -> Error {
    let error = Error::new(Code::TooMuch, format!("too many {what}")).details(format!("{most} are allowed"));
    match what {
        "columns" => error.hint("name the columns that you need, as in select=a,b"),
        _ => error,
    }
}

fn unknown_embed(name: &str) -> Error {
    Error::new(Code::NotEmbedded, format!("'{name}' is not an embedded resource in this request"))
        .hint(format!("Verify that '{name}' is included in the 'select' query parameter."))
}

/// The error for a parameter whose path leads nowhere: at the first name that is no embed's.
fn not_embedded(root: &Node, path: &[String], items: &[Item]) -> Error {
    let mut children = &root.children;
    let mut items = items;
    for name in path {
        if let Some(child) = children.iter().find(|child| child.label == *name) {
            children = &child.node.children;
            items = items
                .iter()
                .find_map(|item| match item {
                    Item::Embed(embed) if embed.alias.as_ref().unwrap_or(&embed.name) == name => {
                        Some(embed.items.as_slice())
                    }
                    _ => None,
                })
                .unwrap_or_default();
            continue;
        }
        let aliased = items.iter().find_map(|item| match item {
            Item::Embed(Embed { alias: Some(alias), name: target, .. }) if target == name => Some(alias),
            _ => None,
        });
        let error = unknown_embed(name);
        return match aliased {
            Some(alias) => error
                .details("Target names are not allowed in filters if they have an alias")
                .hint(format!("Change '{name}' to '{alias}' in filters, orders or limits.")),
            None => error,
        };
    }
    unknown_embed(path.last().map_or("", String::as_str))
}
