//! datetime, default format: XML Schema's dateTime, `yyyy-mm-ddThh:mm:ss`, then optional digits
//! of a second and an optional time zone (Table Schema, `datetime`).
//!
//! The text is stored unchanged. Years have four digits: SQLite's own functions and the order of
//! the texts know no others.

use super::date::{self, NotDate, two};
use super::problem::{CellProblem, quoted};

/// A point in time, in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Datetime<'a> {
    pub(super) date: (u32, u32, u32),
    /// Hour (0 to 23), minute, second.
    pub(super) time: (u32, u32, u32),
    /// The digits after the second's point.
    pub(super) fraction: &'a str,
    /// Minutes east of UTC; `None` where no zone is given.
    pub(super) offset: Option<i32>,
}

impl Datetime<'_> {
    /// Seconds from 0000-03-01 on, and nanoseconds; finer digits don't count. Without a zone it is
    /// taken as UTC, so that all datetimes of a column can be compared.
    pub(super) fn instant(&self) -> (i64, u32) {
        let (year, month, day) = (i64::from(self.date.0), i64::from(self.date.1), i64::from(self.date.2));
        // By years that begin in March, so that the leap day is the last one.
        let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
        let days = year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (month * 153 + 2) / 5
            + day
            - 1;
        let (hour, minute, second) = self.time;
        let seconds =
            i64::from(hour * 3600 + minute * 60 + second) - i64::from(self.offset.unwrap_or(0)) * 60;
        let nine = format!("{:0<9}", &self.fraction[..self.fraction.len().min(9)]);
        (days * 86_400 + seconds, nine.parse().unwrap_or(0))
    }
}

/// One text for all spellings of a point in time: in any zone, and with zeros after its
/// last digit or not. A datetime without a zone is one in UTC. `None` for a text that is no datetime.
pub fn instant(text: &str) -> Option<String> {
    let found = parse(text).ok()?;
    let (seconds, _) = found.instant();
    Some(format!("{seconds}.{}", found.fraction.trim_end_matches('0')))
}

/// How a datetime spells its second and its zone. Those that spell both alike are equal only if their texts
/// are.
pub fn spelling(text: &str) -> (&str, usize) {
    let rest = text.get(19..).unwrap_or_default();
    let digits = rest
        .strip_prefix('.')
        .map_or(0, |rest| 1 + rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len()));
    (&rest[digits..], digits)
}

#[inline]
pub(super) fn parse(cell: &str) -> Result<Datetime<'_>, NotDate> {
    let bytes = cell.as_bytes();
    if bytes.len() < 19 || bytes[10] != b'T' || !cell.is_ascii() {
        return Err(NotDate::Syntax);
    }
    let date = date::parse(&bytes[..10])?;
    let time = clock(&bytes[11..19]).ok_or(NotDate::Syntax)?;
    let (fraction, zone) = match cell[19..].strip_prefix('.') {
        Some(rest) => {
            let end = rest.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
            if end == 0 {
                return Err(NotDate::Syntax);
            }
            rest.split_at(end)
        }
        None => ("", &cell[19..]),
    };
    // As in `time`, and in RFC 3339, which JSON Schema refers to.
    if time.0 == 24 {
        return Err(NotDate::Calendar);
    }
    Ok(Datetime { date, time, fraction, offset: offset(zone.as_bytes())? })
}

/// `hh:mm:ss`, 24 included (XML Schema, 3.2.7.1: the end of a day).
fn clock(bytes: &[u8]) -> Option<(u32, u32, u32)> {
    let [h1, h2, b':', m1, m2, b':', s1, s2] = bytes else { return None };
    let (hour, minute, second) = (two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?);
    (hour <= 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

/// Nothing, `Z`, or `+hh:mm` to 14:00 (XML Schema, 3.2.7.3).
fn offset(zone: &[u8]) -> Result<Option<i32>, NotDate> {
    match zone {
        [] => Ok(None),
        [b'Z'] => Ok(Some(0)),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = two(*h1, *h2).zip(two(*m1, *m2)).ok_or(NotDate::Syntax)?;
            if minutes > 59 || hours * 60 + minutes > 14 * 60 {
                return Err(NotDate::Syntax);
            }
            let east = (hours * 60 + minutes) as i32;
            Ok(Some(if *sign == b'-' { -east } else { east }))
        }
        _ => Err(NotDate::Syntax),
    }
}

#[cold]
pub(super) fn problem(cell: &str, why: NotDate) -> CellProblem {
    match why {
        NotDate::Calendar => {
            let problem = CellProblem::type_error(format!("{} is a time that does not exist", quoted(cell)));
            match cell.get(11..13) {
                Some("24") => problem.with_help("midnight is 00:00:00, on the day that begins with it"),
                _ => problem,
            }
        }
        NotDate::Syntax => {
            let problem =
                CellProblem::type_error(format!("{} is not a datetime (yyyy-mm-ddThh:mm:ss)", quoted(cell)));
            problem.with_help("for any other form, set `format`, such as `%Y-%m-%d %H:%M:%S`")
        }
    }
}
