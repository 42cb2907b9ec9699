//! year and yearmonth: XML Schema's gYear and gYearMonth (Table Schema, `year`, `yearmonth`).

use super::date::two;
use super::problem::{CellProblem, quoted};

/// Four digits or more (more only without a leading zero), with an optional minus. Time zones,
/// which gYear allows, are refused: an integer can't hold them.
#[inline]
pub(super) fn parse_year(cell: &str) -> Option<i64> {
    let (negative, digits) = match cell.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        bytes => (false, bytes),
    };
    if digits.len() < 4 || digits.len() > 18 || (digits.len() > 4 && digits[0] == b'0') {
        return None;
    }
    let mut year = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        year = year * 10 + i64::from(byte - b'0');
    }
    Some(if negative { -year } else { year })
}

#[cold]
pub(super) fn year_problem(cell: &str) -> CellProblem {
    CellProblem::type_error(format!("{} is not a year (yyyy)", quoted(cell)))
}

/// `yyyy-mm`, four-digit years only: the order of the texts knows no others.
#[inline]
pub(super) fn parse_yearmonth(cell: &str) -> Option<()> {
    let [y1, y2, y3, y4, b'-', m1, m2] = cell.as_bytes() else { return None };
    two(*y1, *y2)?;
    two(*y3, *y4)?;
    matches!(two(*m1, *m2)?, 1..=12).then_some(())
}

#[cold]
pub(super) fn yearmonth_problem(cell: &str) -> CellProblem {
    CellProblem::type_error(format!("{} is not a year and month (yyyy-mm)", quoted(cell)))
}
