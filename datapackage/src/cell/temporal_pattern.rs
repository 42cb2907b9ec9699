//! date, time and datetime in other forms than the default: strptime patterns and `any` (Table
//! Schema, `datetime`). The value is stored in the default form, so that texts of one column
//! compare.

use jiff::civil::{Date, Time};
use jiff::fmt::rfc2822;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;

use super::problem::{CellProblem, quoted};
use super::{date, datetime, time};

/// Which parts the values of a field have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    Date,
    Time,
    Datetime,
}

impl Parts {
    fn name(self) -> &'static str {
        match self {
            Self::Date => "a date",
            Self::Time => "a time",
            Self::Datetime => "a datetime",
        }
    }

    /// A broken-down time in the default form.
    fn write(self, found: &BrokenDownTime) -> Option<String> {
        match self {
            Self::Date => Some(written_date(found.to_date().ok()?)),
            Self::Time => Some(written_time(found.to_time().ok()?)),
            Self::Datetime => {
                let moment = found.to_datetime().ok()?;
                let zone = found.offset().map(written_offset).unwrap_or_default();
                Some(format!("{}T{}{zone}", written_date(moment.date()), written_time(moment.time())))
            }
        }
    }
}

fn written_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

fn written_time(time: Time) -> String {
    let mut text = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    if time.subsec_nanosecond() != 0 {
        let digits = format!("{:09}", time.subsec_nanosecond());
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
    text
}

fn written_offset(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    if minutes == 0 {
        return "Z".to_owned();
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// A strptime pattern.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    text: Box<str>,
    parts: Parts,
    /// The pattern as jiff reads it: `%z` is `+hhmm` to it, and `+hh:mm` and `Z` too to strptime.
    forms: Vec<Form>,
}

#[derive(Debug, Clone)]
struct Form {
    text: Box<str>,
    /// Whether it ends with the letter that means UTC.
    utc: bool,
}

impl Pattern {
    /// The pattern, if it gives all parts of a value back; or why not.
    pub(super) fn new(text: &str, parts: Parts) -> Result<Self, String> {
        let pattern = Self::unchecked(text, parts);
        // A moment whose parts all differ, written and read again.
        let noon = jiff::civil::date(2019, 11, 23).at(17, 45, 58, 0);
        let zoned = noon
            .to_zoned(jiff::tz::TimeZone::fixed(Offset::constant(2)))
            .map_err(|error| error.to_string())?;
        let written = jiff::fmt::strtime::format(text, &zoned).map_err(|error| error.to_string())?;
        let read = BrokenDownTime::parse(text, &written).map_err(|error| error.to_string())?;
        let date = || read.to_date().is_ok_and(|date| date == noon.date());
        let time = || {
            read.to_time().is_ok_and(|time| time.hour() == 17 && [0, 45].contains(&time.minute()))
                && read.hour().is_some()
        };
        let whole = match parts {
            Parts::Date => date(),
            Parts::Time => time(),
            // A day without a time of day is its midnight, as strptime has it.
            Parts::Datetime => date() && (read.hour().is_none() || time()),
        };
        if whole { Ok(pattern) } else { Err(format!("it leaves out a part of {}", parts.name())) }
    }

    fn unchecked(text: &str, parts: Parts) -> Self {
        let form = |text: String, utc| Form { text: text.into(), utc };
        let ends_in_utc = text.ends_with('Z') && !text.ends_with("%Z");
        let mut forms = vec![form(text.to_owned(), ends_in_utc)];
        if text.contains("%z") && !text.contains("%%z") {
            forms.push(form(text.replace("%z", "%:z"), false));
            forms.push(form(text.replace("%z", "Z"), true));
        }
        Self { text: text.into(), parts, forms }
    }

    pub(super) fn parts(&self) -> Parts {
        self.parts
    }

    pub(super) fn parse(&self, cell: &str) -> Result<String, CellProblem> {
        self.read(cell).ok_or_else(|| self.problem(cell))
    }

    fn read(&self, cell: &str) -> Option<String> {
        self.forms.iter().find_map(|form| self.read_form(form, cell))
    }

    fn read_form(&self, form: &Form, cell: &str) -> Option<String> {
        let found = BrokenDownTime::parse(&*form.text, cell).ok()?;
        // What jiff takes and strptime does not: a leap second becomes 59, "24" the year 24.
        if found.second() == Some(59) && cell.contains("60") {
            let written = found.to_string(&*form.text).ok()?;
            if written.matches("60").count() != cell.matches("60").count() {
                return None;
            }
        }
        if let Some(year) = found.year()
            && (year < 1 || (year < 1000 && !cell.contains(&format!("{year:04}"))))
        {
            return None;
        }
        let written = self.parts.write(&found)?;
        let utc = form.utc && self.parts == Parts::Datetime;
        Some(if utc { written + "Z" } else { written })
    }

    #[cold]
    fn problem(&self, cell: &str) -> CellProblem {
        let problem =
            CellProblem::type_error(format!("{} is not {} ({})", quoted(cell), self.parts.name(), self.text));
        let default = match self.parts {
            Parts::Date => date::parse(cell.as_bytes()).is_ok(),
            Parts::Time => time::parse(cell.as_bytes()).is_some(),
            Parts::Datetime => datetime::parse(cell).is_ok(),
        };
        if default {
            problem.with_help("the field's `format` does not allow the default form")
        } else {
            problem
        }
    }
}

const DATES: [&str; 9] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d-%b-%Y",
];
const TIMES: [&str; 8] =
    ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%I %p", "%H%M%S"];

/// A value in format `any`: the forms that mean one thing only. Days and months in figures with
/// the year last (01/02/2024) mean two, so they are refused.
pub(super) fn parse_any(cell: &str, parts: Parts) -> Result<String, CellProblem> {
    let text = cell.trim();
    let found = match parts {
        Parts::Date => by(&DATES, parts, text),
        Parts::Time => by(&TIMES, parts, text),
        Parts::Datetime => any_datetime(text),
    };
    found.ok_or_else(|| {
        let problem =
            CellProblem::type_error(format!("{} is not {} in a known form", quoted(cell), parts.name()));
        problem.with_help("set `format` to its pattern, such as `%d/%m/%Y`")
    })
}

fn by(patterns: &[&str], parts: Parts, text: &str) -> Option<String> {
    patterns.iter().find_map(|pattern| Pattern::unchecked(pattern, parts).read(text))
}

fn any_datetime(text: &str) -> Option<String> {
    // PostgreSQL writes zones without minutes: `2024-01-02 03:04:05+00`.
    if let [.., b'0'..=b'9', b'+' | b'-', b'0'..=b'9', b'0'..=b'9'] = text.as_bytes()
        && text.contains(':')
    {
        return any_datetime(&format!("{text}:00"));
    }
    if datetime::parse(text).is_ok_and(|found| found.time.0 < 24) {
        return Some(text.to_owned());
    }
    if let Ok(zoned) = rfc2822::parse(text) {
        let offset = written_offset(zoned.offset());
        return Some(format!("{}T{}{offset}", written_date(zoned.date()), written_time(zoned.time())));
    }
    if let Some(midnight) = by(&DATES, Parts::Date, text) {
        return Some(format!("{midnight}T00:00:00"));
    }
    DATES.iter().find_map(|date| {
        TIMES.iter().find_map(|time| {
            [" ", "T", ", "].iter().find_map(|between| {
                ["", "%z", " %z"].iter().find_map(|zone| {
                    let pattern = format!("{date}{between}{time}{zone}");
                    Pattern::unchecked(&pattern, Parts::Datetime).read(text)
                })
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Parts, Pattern, parse_any};

    #[test]
    fn patterns() {
        for (parts, pattern, cell, stored) in [
            (Parts::Date, "%d/%m/%Y", "12/11/2018", Some("2018-11-12")),
            (Parts::Date, "%d/%m/%Y", "2/1/2018", Some("2018-01-02")),
            (Parts::Date, "%d/%m/%y", "12/11/68", Some("2068-11-12")),
            (Parts::Date, "%d/%m/%y", "12/11/69", Some("1969-11-12")),
            (Parts::Date, "%Y%j", "2024060", Some("2024-02-29")),
            (Parts::Date, "%d %b %Y", "29 Feb 2024", Some("2024-02-29")),
            (Parts::Date, "%d. %B %Y", "1. march 2024", Some("2024-03-01")),
            (Parts::Date, "%G-W%V-%u", "2024-W01-1", Some("2024-01-01")),
            (Parts::Date, "100%% %Y-%m-%d", "100% 2024-01-02", Some("2024-01-02")),
            (Parts::Date, "%d/%m/%Y", "31/04/2018", None),
            (Parts::Date, "%d/%m/%Y", "12/11/18", None),
            (Parts::Date, "%d/%m/%Y", "12/11/2018 ", None),
            (Parts::Date, "%d/%m/%Y", "12/13/2018", None),
            (Parts::Date, "%Y-%m-%d", "0024-01-02", Some("0024-01-02")),
            (Parts::Time, "%H:%M", "7:05", Some("07:05:00")),
            (Parts::Time, "%I:%M %p", "12:30 AM", Some("00:30:00")),
            (Parts::Time, "%H:%M:%S.%f", "07:05:01.250", Some("07:05:01.25")),
            (Parts::Time, "%H:%M:%S", "24:00:00", None),
            (Parts::Time, "%H:%M:%S", "23:59:60", None),
            (Parts::Datetime, "%d/%m/%Y %H:%M:%S", "12/11/2018 09:15:32", Some("2018-11-12T09:15:32")),
            (
                Parts::Datetime,
                "%Y-%m-%dT%H:%M:%S%z",
                "2018-11-12T09:15:32+0530",
                Some("2018-11-12T09:15:32+05:30"),
            ),
            (
                Parts::Datetime,
                "%Y-%m-%dT%H:%M:%S%z",
                "2018-11-12T09:15:32+0000",
                Some("2018-11-12T09:15:32Z"),
            ),
            (
                Parts::Datetime,
                "%Y-%m-%dT%H:%M:%S%z",
                "2018-11-12T09:15:32-05:00",
                Some("2018-11-12T09:15:32-05:00"),
            ),
            (Parts::Datetime, "%Y-%m-%dT%H:%M:%S%z", "2018-11-12T09:15:32Z", Some("2018-11-12T09:15:32Z")),
            (Parts::Datetime, "%Y-%m-%dT%H:%M:%SZ", "2018-11-12T09:15:32Z", Some("2018-11-12T09:15:32Z")),
            (Parts::Datetime, "%Y-%m-%d", "2018-11-12", Some("2018-11-12T00:00:00")),
        ] {
            let pattern = Pattern::new(pattern, parts).unwrap();
            assert_eq!(pattern.parse(cell).ok().as_deref(), stored, "{pattern:?} {cell}");
        }
    }

    #[test]
    fn patterns_that_can_not_be_used() {
        for (parts, pattern) in [
            (Parts::Date, "%d/%m"),
            (Parts::Date, "%H:%M"),
            (Parts::Time, "%Y"),
            (Parts::Time, "%M:%S"),
            (Parts::Datetime, "%H:%M"),
            (Parts::Date, "%Y-%m-%d %Z"),
            (Parts::Date, "%Y-%m-%d %!"),
            (Parts::Date, "%"),
        ] {
            assert!(Pattern::new(pattern, parts).is_err(), "{pattern}");
        }
    }

    #[test]
    fn any() {
        for (parts, cell, stored) in [
            (Parts::Date, "2024/01/26", Some("2024-01-26")),
            (Parts::Date, "20240126", Some("2024-01-26")),
            (Parts::Date, "26 January 2024", Some("2024-01-26")),
            (Parts::Date, "Jan 26, 2024", Some("2024-01-26")),
            (Parts::Date, "26/01/2024", None),
            (Parts::Date, "24-01-26", None),
            (Parts::Date, "yesterday", None),
            (Parts::Time, "7:05 pm", Some("19:05:00")),
            (Parts::Time, "19:05", Some("19:05:00")),
            (Parts::Datetime, "2024-01-26 15:00", Some("2024-01-26T15:00:00")),
            (Parts::Datetime, "2024-01-26T15:00:00.300-05:00", Some("2024-01-26T15:00:00.300-05:00")),
            (Parts::Datetime, "2024-01-26 15:00:00Z", Some("2024-01-26T15:00:00Z")),
            (Parts::Datetime, "2024-01-26 15:00:00+02:00", Some("2024-01-26T15:00:00+02:00")),
            (Parts::Datetime, "2024-01-26 15:00:00.5-05", Some("2024-01-26T15:00:00.5-05:00")),
            (Parts::Datetime, "2024-01-26T15:00:00+00", Some("2024-01-26T15:00:00+00:00")),
            (Parts::Datetime, "Fri, 26 Jan 2024 15:00:00 +0100", Some("2024-01-26T15:00:00+01:00")),
            (Parts::Datetime, "2024-01-26", Some("2024-01-26T00:00:00")),
            (Parts::Datetime, "01/02/2024 10:00", None),
        ] {
            assert_eq!(parse_any(cell, parts).ok().as_deref(), stored, "{cell}");
        }
    }
}
