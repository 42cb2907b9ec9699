//! time, default format: `hh:mm:ss` (Table Schema, `time`).

use super::date::two;
use super::problem::{CellProblem, quoted};

/// Hour, minute, second of `hh:mm:ss`, 00:00:00 to 23:59:59.
#[inline]
pub(super) fn parse(cell: &[u8]) -> Option<(u32, u32, u32)> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = cell else { return None };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    (hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

#[cold]
pub(super) fn problem(cell: &str) -> CellProblem {
    CellProblem::type_error(format!("{} is not a time (hh:mm:ss)", quoted(cell)))
        .with_help("for any other form, set `format`, such as `%H:%M`")
}
