//! integer: an optional sign and decimal digits, within 64 bits (Table Schema, `integer`).

use super::problem::{CellProblem, quoted};

/// Why a text is not an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotInteger {
    /// Something else than a sign and digits.
    Syntax,
    /// Beyond 64 bits.
    Range,
}

/// The hot path: no allocation, one pass.
#[inline]
pub(super) fn parse(cell: &str) -> Result<i64, NotInteger> {
    let bytes = cell.as_bytes();
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    // 18 digits can not overflow.
    if digits.is_empty() || digits.len() > 18 {
        return parse_long(negative, digits);
    }
    let mut value: i64 = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Err(NotInteger::Syntax);
        }
        value = value * 10 + i64::from(digit);
    }
    Ok(if negative { -value } else { value })
}

#[cold]
fn parse_long(negative: bool, digits: &[u8]) -> Result<i64, NotInteger> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(NotInteger::Syntax);
    }
    let mut value: i64 = 0;
    for byte in digits {
        let digit = i64::from(byte - b'0');
        let digit = if negative { -digit } else { digit };
        value = value.checked_mul(10).and_then(|value| value.checked_add(digit)).ok_or(NotInteger::Range)?;
    }
    Ok(value)
}

#[cold]
pub(super) fn problem(cell: &str, why: NotInteger) -> CellProblem {
    match why {
        NotInteger::Range => CellProblem::type_error(format!(
            "{} is beyond the range of an integer ({} to {})",
            quoted(cell),
            i64::MIN,
            i64::MAX
        ))
        .with_help("use type `string` for identifiers with this many digits"),
        NotInteger::Syntax => {
            let problem = CellProblem::type_error(format!("{} is not an integer", quoted(cell)));
            if cell.trim() != cell && parse(cell.trim()).is_ok() {
                problem.with_help("remove the spaces around it")
            } else {
                problem
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{NotInteger, parse};

    #[test]
    fn integers() {
        for (cell, value) in [
            ("0", 0),
            ("-0", 0),
            ("+7", 7),
            ("007", 7),
            ("-42", -42),
            ("999999999999999999", 999_999_999_999_999_999),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("0000000000000000000000001", 1),
        ] {
            assert_eq!(parse(cell), Ok(value), "{cell}");
        }
        for cell in ["", "-", "+", "1.0", "1e3", " 1", "1 ", "--1", "1_000", "٣", "0x10", "1-"] {
            assert_eq!(parse(cell), Err(NotInteger::Syntax), "{cell}");
        }
        for cell in ["9223372036854775808", "-9223372036854775809", "99999999999999999999999999"] {
            assert_eq!(parse(cell), Err(NotInteger::Range), "{cell}");
        }
    }
}
