//! The order of rows: `order=price.desc.nullslast,categories(name)`.
//!
//! ```text
//! order -> term ("," term)*
//! term -> (name "(" field ")" | field) (".asc" | ".desc")? (".nullsfirst" | ".nullslast")?
//! ```

use super::filter::mismatch;
use super::name::{Field, name};
use super::scanner::{Result, Scanner};

/// One term of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// The embed whose column it is.
    pub(crate) embed: Option<String>,
    pub(crate) field: Field,
    pub(crate) descending: bool,
    /// Where rows without a value come; `None`: as if null were greater than all values.
    pub(crate) nulls_first: Option<bool>,
}

pub(super) fn parse(value: &str) -> Result<Vec<Term>> {
    let mut scanner = Scanner::new("order", value);
    let mut terms = vec![term(&mut scanner)?];
    while scanner.eat(",") {
        terms.push(term(&mut scanner)?);
    }
    Ok(terms)
}

fn term(scanner: &mut Scanner<'_>) -> Result<Term> {
    scanner.blanks();
    let mut ahead = scanner.clone();
    let embed = match name(&mut ahead) {
        Ok(name) if ahead.eat("(") => Some(name),
        _ => None,
    };
    let field = if embed.is_some() {
        *scanner = ahead;
        let field = Field::parse(scanner)?;
        if !scanner.eat(")") {
            return Err(scanner.fail("\")\""));
        }
        field
    } else {
        Field::parse(scanner)?
    };
    let mut term = Term { embed, field, descending: false, nulls_first: None };
    let mut expecting = "letter, digit, \"-\", \"->>\", \"->\", delimiter (.), \",\" or end of input";
    if !ends(scanner) {
        let words = ["asc", "desc", "nullsfirst", "nullslast"];
        let word = word(scanner, expecting, &words, "\"asc\", \"desc\", \"nullsfirst\" or \"nullslast\"")?;
        expecting = "delimiter (.), \",\" or end of input";
        match word {
            "desc" => term.descending = true,
            "asc" => {}
            nulls => term.nulls_first = Some(nulls == "nullsfirst"),
        }
    }
    if !ends(scanner) && term.nulls_first.is_none() {
        let words = ["nullsfirst", "nullslast"];
        let word = word(scanner, expecting, &words, "\"nullsfirst\" or \"nullslast\"")?;
        term.nulls_first = Some(word == "nullsfirst");
    }
    if !ends(scanner) {
        return Err(scanner.fail_at("\",\" or end of input"));
    }
    Ok(term)
}

fn ends(scanner: &mut Scanner<'_>) -> bool {
    scanner.blanks();
    matches!(scanner.peek(), None | Some(','))
}

/// A point and one of `words`.
fn word(
    scanner: &mut Scanner<'_>,
    before: &str,
    words: &[&'static str],
    expecting: &str,
) -> Result<&'static str> {
    if !scanner.eat(".") {
        return Err(scanner.fail_at(before));
    }
    if let Some(word) = words.iter().find(|word| scanner.rest().starts_with(**word)) {
        scanner.eat(word);
        return Ok(word);
    }
    Err(scanner.fail_with(mismatch(scanner.rest(), words[0]), expecting))
}
