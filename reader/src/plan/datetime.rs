//! Dates and times as they may stand in a URL -> the form in which they are compared.

use catalog::ColumnType;

/// A date as `yyyy-mm-dd`, from that, `yyyy-m-d`, `yyyy/mm/dd` or `yyyymmdd`. A time of day and a
/// zone may follow, as `toISOString()` writes them: as in PostgreSQL's cast they change nothing.
pub(crate) fn date(text: &str) -> Option<String> {
    let Moment { date: (year, month, day), .. } = Moment::parse(text)?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// A time of day as `hh:mm:ss`, digits of a second behind it; seconds may be left out. A zone may
/// follow, and changes nothing.
pub(crate) fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let zone = zone(text);
    let (seconds, fraction) = parse_time(text[..zone].trim())?;
    offset(&text[zone..])?;
    Some(clock(seconds, fraction))
}

/// A point in time as `yyyy-mm-ddThh:mm:ss` in UTC, digits of a second behind it without zeros at
/// the end. What has no zone is taken for UTC, as PostgreSQL does it where its zone is UTC; what
/// has no time is the start of the day.
pub(crate) fn instant(text: &str) -> Option<String> {
    // Of five digits of a year the first is 0 up to 9999.
    sortable(text)?.strip_prefix('0').map(str::to_owned)
}

/// The same with five digits of a year, so that the order of these texts is the order of time: the
/// last hours of 9999 are in 10000 where their zone is west of UTC.
pub(super) fn sortable(text: &str) -> Option<String> {
    let Moment { date: (year, month, day), seconds, fraction, offset } = Moment::parse(text)?;
    let seconds = days(year, month, day) * 86_400 + seconds - offset;
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    (year >= 0)
        .then(|| format!("{year:05}-{month:02}-{day:02}T{}", clock(seconds.rem_euclid(86_400), fraction)))
}

/// Two texts between which a column has every spelling of the instant of this key, in any zone: 16 hours before and behind
/// it, more than any zone is off. What is a smaller text than the first one is earlier, what is a larger one than the second is
/// later. `None` at the ends of the calendar.
pub(crate) fn around(key: &str) -> Option<(String, String)> {
    let seconds = seconds(key.strip_prefix('0')?)?;
    let text = |seconds: i64| {
        let text = instant_of(seconds);
        text.strip_suffix('Z').filter(|text| text.len() == 19 && !text.starts_with('-')).map(str::to_owned)
    };
    Some((text(seconds - 16 * 3600)?, text(seconds + 16 * 3600)?))
}

/// Seconds since 1970 of a point in time, as [`instant`] reads it.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let Moment { date: (year, month, day), seconds, offset, .. } = Moment::parse(text)?;
    Some((days(year, month, day) - days(1970, 1, 1)) * 86_400 + seconds - offset)
}

/// That many seconds since 1970 as `yyyy-mm-ddThh:mm:ssZ`.
pub(crate) fn instant_of(seconds: i64) -> String {
    let (year, month, day) = civil(days(1970, 1, 1) + seconds.div_euclid(86_400));
    format!("{year:04}-{month:02}-{day:02}T{}Z", clock(seconds.rem_euclid(86_400), ""))
}

/// Whether the text is written like a value of the type, with a number that no calendar or clock has.
pub(crate) fn is_out_of_range(of: ColumnType, text: &str) -> bool {
    // The same with numbers that are in every range.
    let mut within = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        within.push_str(before);
        within.push_str(match end {
            1 | 2 => "01",
            8 => "20240101",
            _ => &digits[..end],
        });
        rest = &digits[end..];
    }
    within.push_str(rest);
    match of {
        ColumnType::Date => date(&within).is_some(),
        ColumnType::Time => time(&within).is_some(),
        ColumnType::Datetime => sortable(&within).is_some(),
        _ => false,
    }
}

/// What a text says of a point in time.
struct Moment<'a> {
    date: (i64, i64, i64),
    /// Since midnight, as the clock shows it there.
    seconds: i64,
    fraction: &'a str,
    /// Seconds east of UTC.
    offset: i64,
}

impl<'a> Moment<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
        let rest = text[end..].get(1..).unwrap_or_default().trim();
        let zone = zone(rest);
        let (seconds, fraction) = match rest[..zone].trim() {
            "" if rest.is_empty() => (0, ""),
            time => parse_time(time)?,
        };
        Some(Self { date: parse_date(&text[..end])?, seconds, fraction, offset: offset(&rest[zone..])? })
    }
}

/// Where a time of day ends and its zone begins.
fn zone(time: &str) -> usize {
    time.find(['Z', 'z', '+', '-']).unwrap_or(time.len())
}

fn clock(seconds: i64, fraction: &str) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{hours:02}:{minutes:02}:{seconds:02}{point}{fraction}")
}

fn number(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn parse_date(text: &str) -> Option<(i64, i64, i64)> {
    let separator = if text.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = match text.len() {
        8 if !text.contains(separator) => vec![text.get(..4)?, text.get(4..6)?, text.get(6..)?],
        _ => text.split(separator).collect(),
    };
    let [year, month, day] = parts[..] else { return None };
    if year.len() != 4 || ![month, day].iter().all(|part| (1..=2).contains(&part.len())) {
        return None;
    }
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    let exists = (1..=12).contains(&month) && (1..=31).contains(&day) && {
        civil(days(year, month, day)) == (year, month, day)
    };
    exists.then_some((year, month, day))
}

/// Seconds since midnight, and the digits behind the point, without zeros at the end.
fn parse_time(text: &str) -> Option<(i64, &str)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    number(fraction).or_else(|| fraction.is_empty().then_some(0))?;
    let parts: Vec<&str> = match whole.len() {
        4 | 6 if !whole.contains(':') => {
            whole.as_bytes().chunks(2).map(std::str::from_utf8).collect::<Result<_, _>>().ok()?
        }
        _ => whole.split(':').collect(),
    };
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes] => (hours, minutes, &"0"),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let part = |text: &str, most| {
        Some(text).filter(|text| (1..=2).contains(&text.len())).and_then(number).filter(|n| *n <= most)
    };
    let seconds = part(hours, 24)? * 3600 + part(minutes, 59)? * 60 + part(seconds, 60)?;
    (seconds <= 86_400).then(|| (seconds, fraction.trim_end_matches('0')))
}

/// Seconds east of UTC.
fn offset(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.chars().next() {
        None => return Some(0),
        Some('Z' | 'z') => return (zone.len() == 1).then_some(0),
        Some('-') => (-1, &zone[1..]),
        Some(_) => (1, &zone[1..]),
    };
    let digits = digits.replacen(':', "", 1);
    let (hours, minutes) = match digits.len() {
        2 => (number(&digits)?, 0),
        4 => (number(digits.get(..2)?)?, number(digits.get(2..)?)?),
        _ => return None,
    };
    (hours <= 15 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Days since 0000-03-01 in the Gregorian calendar, months counted from March so that the leap
/// day is a year's last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
}

fn civil(days: i64) -> (i64, i64, i64) {
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_in_utc() {
        for (text, expected) in [
            ("2025-01-01", "2025-01-01T00:00:00"),
            ("20250101 00:00", "2025-01-01T00:00:00"),
            ("2025-01-01T10:00:00Z", "2025-01-01T10:00:00"),
            ("2025-01-01 10:00:00.120+02", "2025-01-01T08:00:00.12"),
            ("2025-01-01T01:30:00+02:00", "2024-12-31T23:30:00"),
            ("2024-02-28T23:00:00-0130", "2024-02-29T00:30:00"),
            ("2024-12-31T24:00:00", "2025-01-01T00:00:00"),
        ] {
            assert_eq!(instant(text).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", "Z", "2025-02-29", "2025-13-01", "2025-01-01T25:00", "2025-01-01T10:00 x", "2025-01-01T"]
        {
            let expected = (text == "2025-01-01T").then(|| "2025-01-01T00:00:00".to_owned());
            assert_eq!(instant(text), expected, "{text}");
        }
        assert_eq!(seconds("2025-01-01T10:00:00+02:00").map(instant_of).unwrap(), "2025-01-01T08:00:00Z");
        assert_eq!((seconds("1970-01-01"), seconds("2001-09-09T01:46:40Z")), (Some(0), Some(1_000_000_000)));
        assert_eq!(instant("9999-12-31T23:00:00-02:00"), None);
        assert_eq!(sortable("9999-12-31T23:00:00-02:00").as_deref(), Some("10000-01-01T01:00:00"));
        let between = around("02024-03-01T08:00:00.5").unwrap();
        assert_eq!(between, ("2024-02-29T16:00:00".into(), "2024-03-02T00:00:00".into()));
        for key in ["10000-01-01T01:00:00", "09999-12-31T23:00:00", "00000-01-01T01:00:00", ""] {
            assert_eq!(around(key), None, "{key}");
        }
        assert_eq!(time("10:05").as_deref(), Some("10:05:00"));
        assert_eq!(date("20240229").as_deref(), Some("2024-02-29"));
        assert_eq!(date("20230229"), None);
        assert_eq!(time("10:05:00.50+02:00").as_deref(), Some("10:05:00.5"));
        for (of, text, expected) in [
            (ColumnType::Date, "2024-02-30", true),
            (ColumnType::Date, "20241301", true),
            (ColumnType::Date, "2024-02-30x", false),
            (ColumnType::Date, "", false),
            (ColumnType::Time, "12:60:00", true),
            (ColumnType::Time, "noon", false),
            (ColumnType::Datetime, "2024-01-01T25:00:00.5Z", true),
            (ColumnType::Datetime, "2024-13-01 10:00+01", true),
            (ColumnType::Datetime, "x", false),
        ] {
            assert_eq!(is_out_of_range(of, text), expected, "{text}");
        }
        // As PostgreSQL 15 casts them.
        for text in [
            "2024-01-01T00:00:00.000Z",
            "2024-01-01T23:00:00-05:00",
            "2024-01-01 10:00",
            "2024-1-1",
            "2024/1/1",
            "2024-01-01T24:00:00Z",
        ] {
            assert_eq!(date(text).as_deref(), Some("2024-01-01"), "{text}");
        }
        for text in
            ["2024-01-01T25:00:00Z", "2024-01-01 x", "24-1-1", "2024-1/1", "2024-001-1", "2024--1", "-"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
