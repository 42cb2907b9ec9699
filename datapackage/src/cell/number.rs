//! number: decimal digits, an optional point, an optional exponent, as a 64-bit float
//! (Table Schema, `number`).

use super::Value;
use super::problem::{CellProblem, quoted};
use crate::finding::Code;

/// Why a text is not a number that can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotNumber {
    /// Not the standard's form.
    Syntax,
    /// NaN: a number of the standard that SQLite does not have. It is stored as a text (docs/format.md,
    /// "Types").
    NaN,
    /// Beyond a double.
    Range,
}

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// The hot path: no allocation, one pass. At most 15 digits and no exponent give an exact integer
/// and an exact power of ten, so one division rounds correctly (Clinger's fast path).
#[inline]
pub(super) fn parse(cell: &str) -> Result<f64, NotNumber> {
    let bytes = cell.as_bytes();
    let (negative, unsigned) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    if unsigned.len() > 15 {
        return parse_slow(cell);
    }
    let (mantissa, whole) = leading_digits(unsigned, 0);
    let (mantissa, fraction) = match unsigned.get(whole) {
        None => (mantissa, 0),
        Some(b'.') => {
            let (mantissa, fraction) = leading_digits(&unsigned[whole + 1..], mantissa);
            if whole + 1 + fraction != unsigned.len() {
                return parse_slow(cell);
            }
            (mantissa, fraction)
        }
        Some(_) => return parse_slow(cell),
    };
    if whole + fraction == 0 {
        return Err(NotNumber::Syntax);
    }
    let value = mantissa as f64 / POWERS[fraction];
    // 0.0 and not -0.0: JSON's -0 would be a difference that nobody meant.
    Ok(if negative && mantissa != 0 { -value } else { value })
}

/// The number that the leading digits continue, and how many they are. At most 18 together.
#[inline]
fn leading_digits(bytes: &[u8], mut number: u64) -> (u64, usize) {
    for (at, byte) in bytes.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return (number, at);
        }
        number = number * 10 + u64::from(digit);
    }
    (number, bytes.len())
}

/// Long numbers, exponents, words.
#[cold]
fn parse_slow(cell: &str) -> Result<f64, NotNumber> {
    let unsigned = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    if unsigned.eq_ignore_ascii_case("inf") {
        return Ok(if cell.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY });
    }
    if cell.eq_ignore_ascii_case("nan") {
        return Err(NotNumber::NaN);
    }
    // Rust's own grammar is the standard's, except for the words that it accepts too.
    if !unsigned.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) {
        return Err(NotNumber::Syntax);
    }
    let value: f64 = cell.parse().map_err(|_| NotNumber::Syntax)?;
    if value.is_infinite() {
        return Err(NotNumber::Range);
    }
    Ok(if value == 0.0 { 0.0 } else { value })
}

/// Whether a cell is one of the words that the standard takes for numbers.
pub(super) fn is_word(cell: &str) -> bool {
    let unsigned = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    unsigned.eq_ignore_ascii_case("inf") || cell.eq_ignore_ascii_case("nan")
}

/// The value of a cell that is not a decimal number: it may be NaN.
#[cold]
pub(super) fn not_number(cell: &str, why: NotNumber) -> Result<Value<'static>, CellProblem> {
    match why {
        NotNumber::NaN => Ok(Value::Text(catalog::NAN.into())),
        why => Err(problem(cell, why)),
    }
}

#[cold]
pub(super) fn problem(cell: &str, why: NotNumber) -> CellProblem {
    match why {
        NotNumber::Range => {
            CellProblem::type_error(format!("{} is beyond the range of a 64-bit float", quoted(cell)))
        }
        NotNumber::Syntax | NotNumber::NaN => {
            let problem = CellProblem::type_error(format!("{} is not a number", quoted(cell)));
            match advice(cell) {
                Some(help) => problem.with_help(help),
                None => problem,
            }
        }
    }
}

fn advice(cell: &str) -> Option<String> {
    if matches!(parse(cell.trim()), Ok(_) | Err(NotNumber::NaN)) {
        return Some("remove the spaces around it".to_owned());
    }
    let with_point = cell.replacen(',', ".", 1);
    if cell.matches(',').count() == 1 && !cell.contains('.') && parse(&with_point).is_ok() {
        return Some(
            "if the comma is the decimal point, set `\"decimalChar\": \",\"`; if it groups digits, set `\"groupChar\": \",\"`"
                .to_owned(),
        );
    }
    if cell.contains(',') && parse(&cell.replace(',', "")).is_ok() {
        return Some("if the comma groups digits, set `\"groupChar\": \",\"`".to_owned());
    }
    if parse(cell.trim_matches(|c: char| !c.is_ascii_digit() && c != '.' && c != '-')).is_ok() {
        return Some(
            "to remove currency signs, units and percent signs, set `\"bareNumber\": false`".to_owned(),
        );
    }
    None
}

/// A warning where a number is not served with the digits in the file. `digits` is
/// `cell` in the default form, and `value` what it was parsed to.
#[inline(always)]
pub(super) fn warning(cell: &str, digits: &str, value: f64) -> Option<CellProblem> {
    // Up to 15 significant digits always come back, unless the value is too small to be a normal
    // double (IEEE 754).
    if digits.len() <= 15 && (value.abs() >= 1e-300 || !digits.bytes().any(|byte| byte | 0x20 == b'e')) {
        return None;
    }
    precision_warning(cell, digits, value)
}

#[cold]
fn precision_warning(cell: &str, digits: &str, value: f64) -> Option<CellProblem> {
    let served = served(value);
    if value.is_infinite() || Decimal::new(digits) == Decimal::new(&served) {
        return None;
    }
    Some(CellProblem {
        code: Code::InexactNumber,
        message: format!("{} is stored as {served}: a 64-bit float has no more digits", quoted(cell)),
        help: Some("if every digit counts, use type `string`".to_owned()),
    })
}

/// The digits that clients get. Where two decimal numbers are equally short and equally near to a
/// double, writers differ in which they choose, so it must be the one that answers are written with.
fn served(value: f64) -> String {
    let mut json = vec![];
    catalog::write_number(value, &mut json);
    String::from_utf8(json).unwrap_or_default()
}

/// A decimal number's digits, without leading and trailing zeros, and the exponent of the first.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    /// `text` has been parsed as a number before.
    fn new(text: &str) -> Self {
        let unsigned = text.trim_start_matches(['+', '-']);
        let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], unsigned[at + 1..].parse::<i64>().unwrap_or(i64::MAX / 2)),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        let zeros = all().take_while(|digit| *digit == b'0').count();
        let mut digits: Vec<u8> = all().skip(zeros).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        if digits.is_empty() {
            return Self { digits, exponent: 0 };
        }
        Self { digits, exponent: exponent + whole.len() as i64 - zeros as i64 }
    }
}

#[cfg(test)]
mod tests {
    use super::{NotNumber, parse, warning};

    #[test]
    fn numbers() {
        for (cell, value) in [
            ("0", 0.0),
            ("-1.23", -1.23),
            ("12678967.543233", 12_678_967.543_233),
            ("+100000.00", 100_000.0),
            ("210", 210.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1e3", 1000.0),
            ("1.5E-3", 0.0015),
            ("1E+2", 100.0),
            ("0.1", 0.1),
            ("123456789012345678901234567890", 1.234_567_890_123_456_8e29),
        ] {
            assert_eq!(parse(cell), Ok(value), "{cell}");
        }
        for cell in
            ["", "-", ".", "+.", "1,5", "1.2.3", "e5", "1e", "1e+", " 1", "1 ", "infinity", "0x1", "1e5.0"]
        {
            assert_eq!(parse(cell), Err(NotNumber::Syntax), "{cell}");
        }
        for cell in ["NaN", "nan"] {
            assert_eq!(parse(cell), Err(NotNumber::NaN), "{cell}");
        }
        for cell in ["INF", "inf", "+INF"] {
            assert_eq!(parse(cell), Ok(f64::INFINITY), "{cell}");
        }
        assert_eq!(parse("-inf"), Ok(f64::NEG_INFINITY));
        for cell in ["1e309", "-1e309"] {
            assert_eq!(parse(cell), Err(NotNumber::Range), "{cell}");
        }
    }

    #[test]
    fn zero_has_no_sign() {
        for cell in ["-0", "-0.0", "-0e0", "-0.00000000000000000000"] {
            assert!(parse(cell).unwrap().is_sign_positive(), "{cell}");
        }
    }

    #[test]
    fn warnings_are_about_digits_that_do_not_come_back() {
        for cell in
            ["0.1", "100000000000000000000", "0.10000000000000000000", "1e300", "9007199254740993e0", "1e-5"]
        {
            let inexact = cell == "9007199254740993e0";
            assert_eq!(warning(cell, cell, parse(cell).unwrap()).is_some(), inexact, "{cell}");
        }
        for cell in ["9007199254740993", "3.14159265358979323846", "1e-400", "0.12345678901234567"] {
            assert!(warning(cell, cell, parse(cell).unwrap()).is_some(), "{cell}");
        }
    }
}
