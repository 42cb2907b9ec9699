//! Conditions that are joined: `and=(...)`, `or=(...)`, nested and negated.
//!
//! ```text
//! tree -> "not."? ("and" | "or") "(" branch ("," branch)* ")"
//! branch -> tree | field "." test
//! ```

use super::filter::{self, Filter, Until};
use super::name::Field;
use super::scanner::{Result, Scanner};
use super::{MAX_DEPTH, too_deep};

/// A condition on rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Condition {
    Filter(Filter),
    Tree { negated: bool, any: bool, branches: Vec<Condition> },
}

const BRANCH: &str = "field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)";

/// The value of an `and`, `or`, `not.and` or `not.or` parameter, whose name is `operator`.
pub(super) fn parse(operator: &str, value: &str) -> Result<Condition> {
    let text = format!("{operator}{value}");
    let mut scanner = Scanner::shown("logic tree", value, &text);
    let condition = branch(&mut scanner, 0)?;
    scanner.end("end of input").map(|()| condition)
}

fn branch(scanner: &mut Scanner<'_>, depth: usize) -> Result<Condition> {
    if depth > MAX_DEPTH {
        return Err(too_deep("conditions"));
    }
    scanner.blanks();
    let mut ahead = scanner.clone();
    let negated = ahead.eat("not.");
    let any = ahead.eat("or");
    if any || ahead.eat("and") {
        ahead.blanks();
        if ahead.peek() == Some('(') || depth == 0 {
            *scanner = ahead;
            return tree(scanner, negated, any, depth);
        }
    }
    if !scanner.peek().is_some_and(|c| c.is_alphanumeric() || matches!(c, '"' | '_' | '$')) {
        return Err(scanner.fail(BRANCH));
    }
    let field = Field::parse(scanner)?;
    if !scanner.eat(".") {
        return Err(scanner.fail("delimiter (.)"));
    }
    let (negated, test) = filter::test(scanner, Until::Delimiter)?;
    Ok(Condition::Filter(Filter { field, negated, test }))
}

fn tree(scanner: &mut Scanner<'_>, negated: bool, any: bool, depth: usize) -> Result<Condition> {
    scanner.expect("(")?;
    let mut branches = vec![branch(scanner, depth + 1)?];
    scanner.blanks();
    while scanner.eat(",") {
        branches.push(branch(scanner, depth + 1)?);
        scanner.blanks();
    }
    scanner.expect(")")?;
    Ok(Condition::Tree { negated, any, branches })
}
