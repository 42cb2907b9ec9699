//! duration: XML Schema's duration, `PnYnMnDTnHnMnS` (Table Schema, `duration`). The text is kept
//! unchanged.

use std::cmp::Ordering;

use super::problem::{CellProblem, quoted};

/// A length of time: months and seconds don't turn into each other (XML Schema 1.1, 3.3.6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Duration {
    months: i64,
    /// In nanoseconds; finer digits are read but not compared.
    nanoseconds: i128,
}

/// `None` where the text is not a duration, or one that is out of range.
pub(super) fn parse(cell: &str) -> Option<Duration> {
    let (sign, rest) = match cell.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, cell),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    if date.is_empty() && time.is_none() {
        return None;
    }
    let [years, months, days] = parts(date, ["Y", "M", "D"])?;
    let [hours, minutes, seconds] = parts(time.unwrap_or(""), ["H", "M", "S"])?;
    let number = |digits: &str| -> Option<i64> {
        let whole = digits.bytes().all(|b| b.is_ascii_digit());
        if digits.is_empty() { Some(0) } else { digits.parse().ok().filter(|_| whole) }
    };
    let (whole, fraction) = match seconds.split_once('.') {
        Some((whole, fraction)) if !whole.is_empty() && !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (seconds, ""),
    };
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let nine = format!("{:0<9}", &fraction[..fraction.len().min(9)]);
    let total = i128::from(number(days)?) * 86_400
        + i128::from(number(hours)?) * 3600
        + i128::from(number(minutes)?) * 60
        + i128::from(number(whole)?);
    Some(Duration {
        months: sign * number(years)?.checked_mul(12)?.checked_add(number(months)?)?,
        nanoseconds: i128::from(sign) * (total * 1_000_000_000 + nine.parse::<i128>().ok()?),
    })
}

/// The digits before each designator, in this order, each at most once.
fn parts<'a>(mut text: &'a str, designators: [&str; 3]) -> Option<[&'a str; 3]> {
    let mut found = [""; 3];
    for (part, designator) in found.iter_mut().zip(designators) {
        if let Some((digits, rest)) = text.split_once(designator) {
            if digits.is_empty() {
                return None;
            }
            (*part, text) = (digits, rest);
        }
    }
    text.is_empty().then_some(found)
}

impl PartialOrd for Duration {
    /// `None` where it depends on the months meant: one is longer only if it is longer from each
    /// of four days on (XML Schema 1.0, 3.2.6.2).
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        // From 1696-09, 1697-02, 1903-03 and 1903-07 on.
        const STARTS: [i64; 4] = [1696 * 12 + 8, 1697 * 12 + 1, 1903 * 12 + 2, 1903 * 12 + 6];
        let mut orders = STARTS.map(|start| self.end(start).cmp(&other.end(start))).into_iter();
        let first = orders.next()?;
        orders.all(|order| order == first).then_some(first)
    }
}

impl Duration {
    /// Nanoseconds from a fixed day to the end of the duration that begins in that month.
    fn end(self, start: i64) -> i128 {
        let month = start.saturating_add(self.months);
        let (year, month) = (i128::from(month.div_euclid(12)), i128::from(month.rem_euclid(12)));
        // Days from 0000-03-01, counted by years that begin in March.
        let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
        let days = year * 365 + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (month * 153 + 2) / 5;
        days * 86_400_000_000_000 + self.nanoseconds
    }
}

#[cold]
pub(super) fn problem(cell: &str) -> CellProblem {
    CellProblem::type_error(format!("{} is not a duration (PnYnMnDTnHnMnS)", quoted(cell)))
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering::{Equal, Greater, Less};

    use super::parse;

    #[test]
    fn durations() {
        for cell in ["P1Y", "P1Y2M3DT4H5M6.789S", "-P1D", "PT0S", "P0Y", "PT1M", "P1M", "PT36H", "P10000Y"] {
            assert!(parse(cell).is_some(), "{cell}");
        }
        for cell in [
            "",
            "P",
            "PT",
            "P1",
            "1Y",
            "P1YT",
            "P1D1Y",
            "P1H",
            "PT1D",
            "P-1Y",
            "PT1.5H",
            "PT.5S",
            "PT5.S",
            "P1W",
            "p1y",
            "+P1D",
            "P1Y1Y",
            "P99999999999999999999Y",
        ] {
            assert!(parse(cell).is_none(), "{cell}");
        }
    }

    #[test]
    fn order() {
        for (a, b, order) in [
            ("P1Y", "P12M", Some(Equal)),
            ("P1D", "PT24H", Some(Equal)),
            ("P1M", "P30D", None),
            ("P1M", "P27D", Some(Greater)),
            ("P1M", "P32D", Some(Less)),
            ("PT1.5S", "PT1.50S", Some(Equal)),
            ("-P1D", "PT0S", Some(Less)),
            ("P1Y", "P364D", Some(Greater)),
            ("P1Y", "P365D", None),
            ("P5M", "P152D", None),
        ] {
            assert_eq!(parse(a).unwrap().partial_cmp(&parse(b).unwrap()), order, "{a} {b}");
        }
    }
}
