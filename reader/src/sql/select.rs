//! A tree as statements: one for the root with all rows that stand beside its own, one for each
//! embed of many rows.

use catalog::{ColumnType, quote};
use rusqlite::types::Value;

use super::Statement;
use super::aggregate::{is_integer, sum_in_parts};
use super::condition::{joined, linked, source};
use super::expression::{Bound, alias, named, rowid};
use super::group::{Column, Group};
use super::keyset::{Position, Sorted};
use super::lookup::Lookup;
use super::slot::{Kind, Label, Slot};
use crate::error::{Code, Error};
use crate::plan::{By, Child, Node, Output, Path, Scalar, Shape, Shown};
use crate::request::Function;

/// A statement while it is written.
#[derive(Debug, Default)]
struct Select {
    bound: Bound,
    /// Whether the rows are groups.
    grouped: bool,
    columns: Vec<Column>,
    joins: String,
    /// What holds for groups.
    having: Option<String>,
    children: Vec<Statement>,
}

pub(super) fn rows(root: &Node, position: Option<&Position>) -> Result<Statement, Error> {
    let mut select = Select::of(root);
    let slots = select.slots(root, None)?;
    let mut conditions = select.bound.conditions(root)?;
    select.having(root)?;
    let number = match root.is_grouped() {
        true => None,
        false => Some(select.hidden(rowid(&root.table, root.number)?)),
    };
    if let Some(position) = position {
        let order = select.order(root)?;
        let rowid = rowid(&root.table, root.number)?;
        conditions.extend(select.bound.behind(&order, position, &rowid));
    }
    let rows = root.limit.unwrap_or(u64::MAX);
    let statement = select.finish(root, slots, &from(root), &conditions, rows, true)?;
    Ok(Statement { rowid: number, ..statement })
}

pub(super) fn position(root: &Node, number: i64) -> Result<Statement, Error> {
    let mut select = Select::of(root);
    // For the joins; what is shown does not matter.
    select.slots(root, None)?;
    let order = select.order(root)?;
    select.columns = order.into_iter().map(|term| Column::row(term.value)).collect();
    let rowid = rowid(&root.table, root.number)?;
    let condition = format!("{rowid} = {}", select.bound.bind(Value::Integer(number)));
    let text = select.text(&from(root), &[condition]);
    let Bound { values, functions, words: _ } = select.bound;
    Ok(Statement { text, values, functions, rows: 1, ..Statement::default() })
}

fn from(root: &Node) -> String {
    format!("{} AS {}", quote(&root.table.name), alias(root.number))
}

/// The rows of an embed for one row around it; its keys are the first parameters.
fn child_rows(child: &Child) -> Result<Statement, Error> {
    let mut select = Select::of(&child.node);
    let there = linked(child);
    let mut conditions: Vec<_> = child
        .relation
        .columns
        .iter()
        .map(|(_, column)| format!("{} = ?{}", named(&there, column), select.bound.key()))
        .collect();
    let node = &child.node;
    let slots = select.slots(node, None)?;
    conditions.extend(select.bound.conditions(node)?);
    let (rows, more) = match child.relation.to_one() {
        true => (node.limit.unwrap_or(1).min(1), false),
        false => (node.limit.unwrap_or(u64::MAX), node.limited_by_us),
    };
    select.finish(node, slots, &source(child)?, &conditions, rows, more)
}

pub(super) fn count(root: &Node) -> Result<Statement, Error> {
    let mut select = Select::of(root);
    let from = from(root);
    let text = if root.is_grouped() {
        select.slots(root, None)?;
        let conditions = select.bound.conditions(root)?;
        select.having(root)?;
        format!("SELECT count(*) FROM ({})", select.text(&from, &conditions))
    } else {
        let conditions = select.bound.conditions(root)?;
        format!("SELECT count(*) FROM {from} WHERE {}", joined(&conditions, " AND ", "1"))
    };
    let Bound { values, functions, words: _ } = select.bound;
    Ok(Statement { text, values, functions, rows: 1, ..Statement::default() })
}

impl Select {
    fn of(node: &Node) -> Self {
        Self { grouped: node.is_grouped(), ..Self::default() }
    }

    /// What holds for groups of `node`.
    fn having(&mut self, node: &Node) -> Result<(), Error> {
        let having = node.having.as_ref().map(|condition| self.bound.having(node, condition));
        self.having = having.transpose()?;
        Ok(())
    }

    fn column(&mut self, column: Column) -> usize {
        self.columns.push(column);
        self.columns.len() - 1
    }

    /// A column that is needed and not shown.
    fn hidden(&mut self, sql: String) -> usize {
        let known = self.columns.iter().position(|column| column.sql == sql);
        known.unwrap_or_else(|| self.column(Column::row(sql)))
    }

    /// The members that rows of `node` make. `within` is the row number of a joined row that is
    /// spread around them: where it is missing, so are they.
    fn slots(&mut self, node: &Node, within: Option<&str>) -> Result<Vec<Slot>, Error> {
        let mut slots = Vec::with_capacity(node.outputs.len());
        for child in node.children.iter().filter(|child| child.ordered_by && !child.is_joined()) {
            self.join(node, child)?;
        }
        for output in &node.outputs {
            match output {
                Output::Value { label, shown: shown @ Shown::Scalar(scalar) } => {
                    let label = node.label(label, shown);
                    let sql = self.bound.scalar(&node.table, node.number, scalar);
                    let group = if self.grouped { self.bound.group(scalar, &sql) } else { Group::Shown };
                    let column = self.column(Column { sql, group: Some(group) });
                    slots.push(Slot::value(label, column, scalar.of()));
                }
                Output::Value { label, shown: shown @ Shown::Aggregate { function, of, cast } } => {
                    let label = node.label(label, shown);
                    slots.push(self.aggregate(node, label, *function, of.as_ref(), *cast, within)?);
                }
                Output::Child(index) => self.child(node, &node.children[*index], within, &mut slots)?,
            }
        }
        Ok(slots)
    }

    fn child(
        &mut self,
        node: &Node,
        child: &Child,
        within: Option<&str>,
        slots: &mut Vec<Slot>,
    ) -> Result<(), Error> {
        let present = || rowid(&child.node.table, child.node.number);
        match child.shape {
            Shape::Hidden => {}
            Shape::SpreadOne => {
                self.join(node, child)?;
                slots.extend(self.slots(&child.node, Some(&present()?))?);
            }
            Shape::Object if child.is_joined() => {
                self.join(node, child)?;
                let present = self.hidden(format!("{} IS NOT NULL", present()?));
                let inner = self.slots(&child.node, None)?;
                slots.push(Slot::Object { label: Label::new(&child.label), present, slots: inner });
            }
            shape => {
                let mut statement = child_rows(child)?;
                statement.lookup = Lookup::of(node, child);
                let here = alias(node.number);
                for (position, (column, _)) in child.relation.columns.iter().enumerate() {
                    let column = self.hidden(named(&here, column));
                    statement.keys.push((position + 1, column));
                }
                self.bound.functions |= statement.functions;
                let guard = within.map(|rowid| self.hidden(format!("{rowid} IS NOT NULL")));
                let index = self.children.len();
                self.children.push(statement);
                slots.push(match shape {
                    Shape::SpreadMany => Slot::Columns { child: index, guard },
                    _ => Slot::Rows {
                        label: Label::new(&child.label),
                        child: index,
                        single: shape == Shape::Object,
                        guard,
                    },
                });
            }
        }
        Ok(())
    }

    /// Puts the child's row beside the parent's, or nulls.
    fn join(&mut self, parent: &Node, child: &Child) -> Result<(), Error> {
        let mut on = self.bound.links(parent, child);
        on.extend(self.bound.conditions(&child.node)?);
        // There is at most one row: a page that leaves it out is empty.
        if child.node.limit == Some(0) || child.node.offset > 0 {
            on.push("0".to_owned());
        }
        self.joins.push_str(&format!(" LEFT JOIN {} ON {}", source(child)?, joined(&on, " AND ", "1")));
        Ok(())
    }

    fn aggregate(
        &mut self,
        node: &Node,
        label: &str,
        function: Function,
        of: Option<&Scalar>,
        cast: Option<ColumnType>,
        within: Option<&str>,
    ) -> Result<Slot, Error> {
        let label = Label::new(label);
        if let (Function::Sum | Function::Avg, Some(of)) = (function, of)
            && is_integer(of.of())
        {
            let value = self.bound.scalar(&node.table, node.number, of);
            if let (Function::Avg, Some(_)) = (function, cast) {
                let average = self.bound.call("avg", &value);
                return Ok(self.aggregated(label, average, ColumnType::Object, cast));
            }
            if cast.is_none() {
                let [high, low] = sum_in_parts(&value);
                let column = self.column(Column::aggregate(high));
                self.column(Column::aggregate(low));
                if function == Function::Sum {
                    return Ok(Slot::Value { label, column, kind: Kind::Sum });
                }
                self.column(Column::aggregate(format!("count({value})")));
                return Ok(Slot::Value { label, column, kind: Kind::Average });
            }
        }
        let (sql, result) = self.bound.aggregate(node, function, of, within);
        Ok(self.aggregated(label, sql, result, cast))
    }

    fn aggregated(
        &mut self,
        label: Label,
        sql: String,
        result: ColumnType,
        cast: Option<ColumnType>,
    ) -> Slot {
        let sql = match cast {
            Some(to) => self.bound.cast(sql, result, to),
            None => sql,
        };
        let kind = Kind::of(cast.unwrap_or(result));
        Slot::Value { label, column: self.column(Column::aggregate(sql)), kind }
    }

    /// Everything but the order and the page.
    fn text(&self, from: &str, conditions: &[String]) -> String {
        let mut text = String::with_capacity(256);
        text.push_str("SELECT ");
        for (index, column) in self.columns.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(&column.shown());
        }
        if self.columns.is_empty() {
            text.push('1');
        }
        text.push_str(" FROM ");
        text.push_str(from);
        text.push_str(&self.joins);
        if !conditions.is_empty() {
            text.push_str(" WHERE ");
            text.push_str(&joined(conditions, " AND ", "1"));
        }
        let groups: Vec<_> = self.groups().map(|(index, group)| group.sql(index)).collect();
        if self.grouped && !groups.is_empty() {
            text.push_str(" GROUP BY ");
            text.push_str(&groups.join(","));
        }
        if let Some(having) = &self.having {
            text.push_str(" HAVING ");
            text.push_str(having);
        }
        text
    }

    /// What is grouped by, with the indexes of the columns.
    fn groups(&self) -> impl Iterator<Item = (usize, &Group)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(index, column)| Some((index, column.group.as_ref()?)))
    }

    fn finish(
        mut self,
        node: &Node,
        slots: Vec<Slot>,
        from: &str,
        conditions: &[String],
        rows: u64,
        more: bool,
    ) -> Result<Statement, Error> {
        let mut order: Vec<_> = self.order(node)?.iter().map(Sorted::to_sql).collect();
        if node.is_grouped() {
            order.extend(self.groups().map(|(index, group)| format!("{} NULLS LAST", group.order(index))));
        } else {
            // The file's order, also between equals: pages don't overlap.
            order.push(rowid(&node.table, node.number)?);
        }
        let mut text = self.text(from, conditions);
        if !order.is_empty() {
            text.push_str(" ORDER BY ");
            text.push_str(&order.join(", "));
        }
        let asked = rows.saturating_add(more.into());
        let offset = if node.after.is_some() { 0 } else { node.offset };
        if asked < u64::MAX || offset > 0 {
            // The limit is written out: SQLite looks at a bound one while it plans, and so would
            // compile the statement anew for every request. There are few different limits.
            let limit = asked.min(i64::MAX.unsigned_abs());
            text.push_str(&format!(" LIMIT {limit} OFFSET {}", self.bound.bind(integer(offset))));
        }
        let Bound { values, functions, words: _ } = self.bound;
        Ok(Statement {
            text,
            values,
            slots,
            children: self.children,
            rows,
            functions,
            ..Statement::default()
        })
    }

    /// The terms of the order, without the last one, which leaves no two rows equal.
    fn order(&mut self, node: &Node) -> Result<Vec<Sorted>, Error> {
        let grouped = node.is_grouped();
        let mut terms = vec![];
        for order in &node.order {
            let (child, scalar) = match &order.by {
                By::Value { child, scalar } => (*child, scalar),
                By::Aggregate(output) => {
                    let values = self.bound.order_of_groups(node, *output).into_iter();
                    let (descending, nulls_first) = (order.descending, Some(order.nulls_first));
                    terms.extend(values.map(|value| Sorted { value, descending, nulls_first }));
                    continue;
                }
            };
            let ordered = child.map_or(node, |child| &node.children[child].node);
            terms.push(Sorted {
                value: match grouped {
                    true => self.grouped_by(ordered, scalar)?,
                    false => self.bound.sortable(&ordered.table, ordered.number, scalar),
                },
                descending: order.descending,
                nulls_first: (child.is_some() || !has_value(node, scalar)).then_some(order.nulls_first),
            });
        }
        Ok(terms)
    }

    /// Groups can be ordered only by what they are grouped by.
    fn grouped_by(&mut self, node: &Node, scalar: &Scalar) -> Result<String, Error> {
        let (table, number) = (&node.table, node.number);
        let shown = [
            self.bound.scalar(table, number, scalar),
            self.bound.scalar(table, number, &Scalar { cast: None, ..scalar.clone() }),
        ];
        let found = self.groups().find(|(index, _)| shown.contains(&self.columns[*index].sql));
        found.map(|(index, group)| group.order(index)).ok_or_else(|| {
            let column = &table.schema.columns[scalar.column].name;
            Error::new(
                Code::NotGrouped,
                format!(
                    "column \"{}.{column}\" must appear in the GROUP BY clause or be used in an aggregate function",
                    table.name
                ),
            )
            .hint("select it, so that rows are grouped by it too")
        })
    }
}

/// Whether the ordered column has a value in every row, so that nulls have no place.
fn has_value(node: &Node, scalar: &Scalar) -> bool {
    let has_value = |index: usize| {
        let column = &node.table.schema.columns[index];
        column.required || node.table.schema.primary_key.contains(&column.name)
    };
    scalar.path == Path::Whole && has_value(scalar.column)
}

fn integer(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}
