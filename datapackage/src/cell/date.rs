//! date, default format: `yyyy-mm-dd`, a day that exists (Table Schema, `date`).

use super::problem::{CellProblem, quoted};

/// Why a text is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotDate {
    /// Not `yyyy-mm-dd`.
    Syntax,
    /// The form is right, the day does not exist.
    Calendar,
}

/// Year, month, day of `yyyy-mm-dd`. Years are 0001 to 9999.
#[inline]
pub(super) fn parse(cell: &[u8]) -> Result<(u32, u32, u32), NotDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = cell else {
        return Err(NotDate::Syntax);
    };
    let (Some(century), Some(of_century), Some(month), Some(day)) =
        (two(*y1, *y2), two(*y3, *y4), two(*m1, *m2), two(*d1, *d2))
    else {
        return Err(NotDate::Syntax);
    };
    let year = century * 100 + of_century;
    if year == 0 || month == 0 || month > 12 || day == 0 || (day > 28 && day > days(year, month)) {
        return Err(NotDate::Calendar);
    }
    Ok((year, month, day))
}

/// Two digits.
#[inline]
pub(super) fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 { None } else { Some(u32::from(tens) * 10 + u32::from(ones)) }
}

/// How many days a month has, in the Gregorian calendar (also before 1582, as ISO 8601 has it).
pub(super) fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cold]
pub(super) fn problem(cell: &str, why: NotDate) -> CellProblem {
    match why {
        NotDate::Calendar => {
            CellProblem::type_error(format!("{} is a date that does not exist", quoted(cell)))
        }
        NotDate::Syntax => CellProblem::type_error(format!("{} is not a date (yyyy-mm-dd)", quoted(cell)))
            .with_help("for any other form, set `format`, such as `%d/%m/%Y`"),
    }
}

#[cfg(test)]
mod tests {
    use super::{NotDate, parse};

    #[test]
    fn dates() {
        for cell in ["2024-01-26", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "1582-10-10"] {
            assert!(parse(cell.as_bytes()).is_ok(), "{cell}");
        }
        for cell in
            ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0000-01-01", "2024-01-00"]
        {
            assert_eq!(parse(cell.as_bytes()), Err(NotDate::Calendar), "{cell}");
        }
        for cell in
            ["", "2024-1-26", "2024/01/26", "20240126", "2024-01-26 ", "2024-01-26T00:00:00", "+024-01-01"]
        {
            assert_eq!(parse(cell.as_bytes()), Err(NotDate::Syntax), "{cell}");
        }
    }
}
