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

/// What can stand behind a field's name.
const FIELD: &str = "letter, digit, \"-\", \"->>\", \"->\" or delimiter (.)";

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
    let operator = ahead.clone();
    let any = ahead.eat("or");
    let joins = any || ahead.eat("and");
    if joins && (depth == 0 || ahead.opens()) {
        *scanner = ahead;
        return tree(scanner, negated, any, depth);
    }
    if !scanner.peek().is_some_and(|c| c.is_alphanumeric() || matches!(c, '"' | '_' | '$')) {
        return Err(scanner.fail(BRANCH));
    }
    // What looks like a join and is no filter is a misspelt join.
    let misspelt = |error| match (negated, joins) {
        (_, true) => ahead.fail("\"(\""),
        (true, false) => {
            operator.fail_with(filter::mismatch(operator.rest(), "and"), "logic operator (and, or)")
        }
        (false, false) => error,
    };
    let field = Field::parse(scanner)?;
    if !scanner.eat(".") {
        return Err(misspelt(scanner.fail(FIELD)));
    }
    let (negated, test) = filter::test(scanner, Until::Delimiter)
        .map_err(|error| if negated { misspelt(error) } else { error })?;
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
    scanner.closes()?;
    Ok(Condition::Tree { negated, any, branches })
}
