//! Aggregates as SQL: what groups show, and what they are filtered and ordered by.

use catalog::ColumnType;

use super::expression::Bound;
use crate::error::Error;
use crate::plan::{Comparison, Condition, Node, Output, Scalar, Shown};
use crate::request::Function;

/// Whether sums and averages of the type are exact.
pub(super) fn is_integer(of: ColumnType) -> bool {
    matches!(of, ColumnType::Integer | ColumnType::Year)
}

/// The sum of integers in two parts, which together have room for every sum: that of the upper 32 bits, and
/// that of the lower ones.
pub(super) fn sum_in_parts(value: &str) -> [String; 2] {
    [format!("sum({value} >> 32)"), format!("sum({value} & 4294967295)")]
}

/// The same so that one is less than another where the sum is: the lower part has 32 bits.
fn sum_in_order(value: &str) -> [String; 2] {
    let [high, low] = sum_in_parts(value);
    [format!("({high} + ({low} >> 32))"), format!("({low} & 4294967295)")]
}

/// That sum by the number of values: the whole part of the average, rounded down, and the rest.
fn average_in_order([high, low]: [String; 2], count: &str) -> [String; 2] {
    let carried = format!("(({high} % {count} + {count}) % {count})");
    let rest = format!("({carried} << 32 | {low})");
    [
        format!("({high} - {carried}) / {count} * 4294967296 + {rest} / {count}"),
        format!("{rest} % {count} * 1.0 / {count}"),
    ]
}

/// The sum of integers as one number: an integer if it has 64 bits, where SQLite's `sum` fails if it has not.
fn wide_sum(value: &str) -> String {
    let [high, low] = sum_in_order(value);
    format!(
        "CASE WHEN {high} BETWEEN -2147483648 AND 2147483647 THEN {high} << 32 | {low} \
         ELSE {high} * 4294967296.0 + {low} END"
    )
}

impl Bound {
    /// The aggregate as one value, and its type; without one it counts rows, those where `within` is there.
    pub(super) fn aggregate(
        &mut self,
        node: &Node,
        function: Function,
        of: Option<&Scalar>,
        within: Option<&str>,
    ) -> (String, ColumnType) {
        let Some(of) = of else {
            return (format!("count({})", within.unwrap_or("*")), ColumnType::Integer);
        };
        let value = self.scalar(&node.table, node.number, of);
        match function {
            Function::Count => (format!("count({value})"), ColumnType::Integer),
            Function::CountDistinct => {
                let key = self.key_of(Comparison::equality(of.of()), value);
                (format!("count(DISTINCT {key})"), ColumnType::Integer)
            }
            Function::Sum | Function::Avg if of.has_nan(&node.table) => {
                let (name, nan) = (function.name(), catalog::NAN);
                // SQLite would take the text for 0. It is greater than any number.
                let sql = format!("CASE WHEN max({value}) = '{nan}' THEN '{nan}' ELSE {name}({value}) END");
                (sql, ColumnType::Number)
            }
            Function::Avg => (format!("avg({value})"), ColumnType::Number),
            Function::Min | Function::Max => (self.extreme(function, of, &value), of.of()),
            Function::Sum => (format!("sum({value})"), of.of()),
        }
    }

    /// What groups are ordered by where it is the output of that index, the first term first.
    pub(super) fn order_of_groups(&mut self, node: &Node, output: usize) -> Vec<String> {
        let Some(Output::Value { shown: Shown::Aggregate { function, of, cast }, .. }) =
            node.outputs.get(output)
        else {
            return vec![];
        };
        if let (Function::Sum | Function::Avg, Some(of), None) = (function, of, cast)
            && is_integer(of.of())
        {
            let value = self.scalar(&node.table, node.number, of);
            let sum = sum_in_order(&value);
            return match function {
                Function::Sum => sum.into(),
                _ => average_in_order(sum, &format!("count({value})")).into(),
            };
        }
        let (mut sql, mut result) = self.aggregate(node, *function, of.as_ref(), None);
        if let Some(to) = *cast {
            (sql, result) = (self.cast(sql, result, to), to);
        }
        vec![self.key_of(Comparison::order(result), sql)]
    }

    /// What holds for groups.
    pub(super) fn having(&mut self, node: &Node, condition: &Condition) -> Result<String, Error> {
        let all = |bound: &mut Self, conditions: &[Condition], operator: &str| {
            let each = conditions.iter().map(|condition| bound.having(node, condition));
            each.collect::<Result<Vec<_>, _>>().map(|each| format!("({})", each.join(operator)))
        };
        match condition {
            Condition::Test(scalar, check) => {
                let aggregates = node.outputs.iter().filter_map(|output| match output {
                    Output::Value { shown: Shown::Aggregate { function, of, cast }, .. } => {
                        Some((*function, of.as_ref(), *cast))
                    }
                    _ => None,
                });
                let Some((function, of, cast)) = aggregates.into_iter().nth(scalar.column) else {
                    return Err(Error::release("a condition on groups names no aggregate"));
                };
                let (mut sql, result) = self.aggregate(node, function, of, None);
                if let (Function::Sum, Some(of), None) = (function, of, cast)
                    && is_integer(of.of())
                {
                    sql = wide_sum(&self.scalar(&node.table, node.number, of));
                }
                let value = cast.map_or(sql.clone(), |to| self.cast(sql, result, to));
                Ok(self.check_of(value, check))
            }
            Condition::Not(inner) => Ok(format!("NOT ({})", self.having(node, inner)?)),
            Condition::All(each) => all(self, each, " AND "),
            Condition::Any(each) => all(self, each, " OR "),
            Condition::Search { .. } | Condition::Embed { .. } => {
                Err(Error::release("a condition on groups is of rows"))
            }
        }
    }
}
