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
    /// A search for words, and in which language.
    Search { operator: &'static Operator, configuration: Option<String>, value: String },
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
    let start = scanner.clone();
    let negated = scanner.eat("not.");
    let Some(operator) = Operator::beginning(scanner.rest()) else {
        if negated {
            return Err(scanner.fail(OPERATOR));
        }
        if scanner.eat("not") {
            return Err(scanner.fail("delimiter (.)"));
        }
        return Err(start.fail_with(mismatch(start.rest(), "not"), &format!("\"not\" or {OPERATOR}")));
    };
    scanner.eat(operator.name);
    let (mut quantifier, mut configuration) = (None, None);
    if operator.quantified && scanner.eat("(") {
        quantifier = Some(self::quantifier(scanner)?);
    } else if operator.family == Family::Search && scanner.eat("(") {
        configuration = Some(self::configuration(scanner)?);
    }
    if !scanner.eat(".") {
        return Err(scanner.fail(OPERATOR));
    }
    let test = match operator.family {
        Family::List => Test::In(list(scanner)?),
        Family::Truth => Test::Is(truth(scanner)?),
        Family::Search => Test::Search { operator, configuration, value: value(scanner, until) },
        _ => Test::Compare { operator, quantifier, value: value(scanner, until) },
    };
    Ok((negated, test))
}

fn quantifier(scanner: &mut Scanner<'_>) -> Result<Quantifier> {
    let quantifier = if scanner.eat("any") {
        Quantifier::Any
    } else if scanner.eat("all") {
        Quantifier::All
    } else {
        return Err(scanner.fail_with(mismatch(scanner.rest(), "any"), OPERATOR));
    };
    if scanner.eat(")") { Ok(quantifier) } else { Err(scanner.fail(OPERATOR)) }
}

fn configuration(scanner: &mut Scanner<'_>) -> Result<String> {
    let name = scanner.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '$'));
    if name.is_empty() || !scanner.eat(")") {
        return Err(scanner.fail(OPERATOR));
    }
    Ok(name.trim().to_owned())
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
    scanner.closes()?;
    // An empty list: there is no way to write a list of one empty text.
    if elements == [""] {
        elements.clear();
    }
    Ok(elements)
}

fn truth(scanner: &mut Scanner<'_>) -> Result<Truth> {
    let words = [
        ("null", Truth::Null),
        ("not_null", Truth::NotNull),
        ("true", Truth::True),
        ("false", Truth::False),
        ("unknown", Truth::Unknown),
    ];
    let rest = scanner.rest();
    let same = |word: &str| {
        rest.bytes().zip(word.bytes()).take_while(|(one, other)| one.eq_ignore_ascii_case(other)).count()
    };
    let found = words.iter().find(|(word, _)| same(word) == word.len());
    let read =
        found.map_or_else(|| words.iter().map(|(word, _)| same(word)).max(), |(word, _)| Some(word.len()));
    for _ in 0..read.unwrap_or(0) {
        scanner.next();
    }
    found
        .map(|(_, truth)| *truth)
        .ok_or_else(|| scanner.fail("isVal: (null, not_null, true, false, unknown)"))
}
