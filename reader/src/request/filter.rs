//! Filters: `column=eq.value`.
//!
//! ```text
//! test -> "not."? (operator quantifier? "." value | "in." list | "is." truth)
//! ```

use super::name::{Field, quoted};
use super::operator::{Family, Operator};
use super::scanner::{Result, Scanner};

/// A test of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) field: Field,
    pub(crate) negated: bool,
    pub(crate) test: Test,
}

/// What is tested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// An operator with a value, or with several and a quantifier.
    Compare { operator: &'static Operator, quantifier: Option<Quantifier>, value: String },
    /// One of these.
    In(Vec<String>),
    /// Null, true, false or unknown.
    Is(Truth),
}

/// Which of several values must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    All,
}

/// What `is` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Null,
    NotNull,
    True,
    False,
    Unknown,
}

/// Where a value ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// With the parameter.
    End,
    /// At the next comma or closing parenthesis, unless it is quoted or an array.
    Delimiter,
}

const OPERATOR: &str = "operator (eq, gt, ...)";

/// What stands behind a column's name: whether it is negated, and the test.
pub(super) fn test(scanner: &mut Scanner<'_>, until: Until) -> Result<(bool, Test)> {
    let negated = scanner.eat("not.");
    let start = scanner.clone();
    let word = scanner.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
    let Some(operator) = Operator::named(word) else {
        if negated {
            return Err(start.fail(OPERATOR));
        }
        return Err(start.fail_with(mismatch(start.rest(), "not"), &format!("\"not\" or {OPERATOR}")));
    };
    let mut quantifier = None;
    if operator.quantified {
        if scanner.eat("(any)") {
            quantifier = Some(Quantifier::Any);
        } else if scanner.eat("(all)") {
            quantifier = Some(Quantifier::All);
        }
    } else if operator.family == Family::Search && scanner.eat("(") {
        scanner.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '$'));
        if !scanner.eat(")") {
            return Err(scanner.fail("\")\""));
        }
    }
    if !scanner.eat(".") {
        return Err(scanner.fail(OPERATOR));
    }
    let test = match operator.family {
        Family::List => Test::In(list(scanner)?),
        Family::Truth => Test::Is(truth(scanner)?),
        _ => Test::Compare { operator, quantifier, value: value(scanner, until) },
    };
    Ok((negated, test))
}

/// The first character in which `text` differs from `keyword`.
pub(super) fn mismatch(text: &str, keyword: &str) -> Option<char> {
    let mut expected = keyword.chars();
    text.chars().find(|c| expected.next() != Some(*c))
}

fn value(scanner: &mut Scanner<'_>, until: Until) -> String {
    match until {
        Until::End => scanner.take_while(|_| true).to_owned(),
        Until::Delimiter => array(scanner).unwrap_or_else(|| element(scanner)),
    }
}

/// `{...}`, whose commas don't part values.
fn array(scanner: &mut Scanner<'_>) -> Option<String> {
    let mut ahead = scanner.clone();
    if !ahead.eat("{") {
        return None;
    }
    let inside = ahead.take_while(|c| !matches!(c, '{' | '}'));
    if !ahead.eat("}") {
        return None;
    }
    *scanner = ahead;
    Some(format!("{{{inside}}}"))
}

/// A quoted text, if a delimiter follows it; otherwise everything up to the next delimiter.
fn element(scanner: &mut Scanner<'_>) -> String {
    if scanner.peek() == Some('"') {
        let mut ahead = scanner.clone();
        if let Ok(text) = quoted(&mut ahead)
            && matches!(ahead.peek(), None | Some(',' | ')'))
        {
            *scanner = ahead;
            return text;
        }
    }
    scanner.take_while(|c| !matches!(c, ',' | ')')).to_owned()
}

fn list(scanner: &mut Scanner<'_>) -> Result<Vec<String>> {
    scanner.expect("(")?;
    let mut elements = vec![element(scanner)];
    while scanner.eat(",") {
        elements.push(element(scanner));
    }
    scanner.expect(")")?;
    // An empty list: there is no way to write a list of one empty text.
    if elements == [""] {
        elements.clear();
    }
    Ok(elements)
}

fn truth(scanner: &mut Scanner<'_>) -> Result<Truth> {
    let start = scanner.clone();
    let word = scanner.take_while(|c| c.is_ascii_alphabetic() || c == '_');
    Ok(match word.to_ascii_lowercase().as_str() {
        "null" => Truth::Null,
        "not_null" => Truth::NotNull,
        "true" => Truth::True,
        "false" => Truth::False,
        "unknown" => Truth::Unknown,
        _ => return Err(start.fail("isVal: (null, not_null, true, false, unknown)")),
    })
}
