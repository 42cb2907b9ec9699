//! The forms of dates, times and datetimes that are recognised.

use catalog::ColumnType;

use datapackage::cell::Parser;
use datapackage::schema::Field;

/// Which part comes first where all are figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The form has one reading.
    Known,
    Day,
    Month,
    Year,
}

/// A form of a type.
pub(super) struct Temporal {
    pub(super) field_type: ColumnType,
    /// The field's `format`; `None` for the default.
    pub(super) format: Option<String>,
    pub(super) order: Order,
    parser: Parser,
    /// What the punctuation of such a cell must be; `None` where it varies.
    shape: Option<String>,
}

/// Dates, the usual first.
const DATES: [(&str, Order); 27] = [
    ("%Y/%m/%d", Order::Known),
    ("%Y.%m.%d", Order::Known),
    ("%d.%m.%Y", Order::Known),
    ("%d.%m.%y", Order::Known),
    ("%d/%m/%Y", Order::Day),
    ("%m/%d/%Y", Order::Month),
    ("%d-%m-%Y", Order::Day),
    ("%m-%d-%Y", Order::Month),
    ("%d/%m/%y", Order::Day),
    ("%m/%d/%y", Order::Month),
    ("%d-%m-%y", Order::Day),
    ("%m-%d-%y", Order::Month),
    ("%y-%m-%d", Order::Year),
    ("%d %b %Y", Order::Known),
    ("%d %B %Y", Order::Known),
    ("%d. %b %Y", Order::Known),
    ("%d. %B %Y", Order::Known),
    ("%d-%b-%Y", Order::Known),
    ("%d-%B-%Y", Order::Known),
    ("%d/%b/%Y", Order::Known),
    ("%d-%b-%y", Order::Known),
    ("%d %b %y", Order::Known),
    ("%b %d, %Y", Order::Known),
    ("%B %d, %Y", Order::Known),
    ("%b %d %Y", Order::Known),
    ("%B %d %Y", Order::Known),
    ("%Y%m%d", Order::Known),
];

/// How many of [`DATES`], and the default form, are written with a time of day too.
const WITH_TIMES: usize = 10;

/// Times of day.
const TIMES: [&str; 4] = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];

/// Datetimes that programs write.
const OF_PROGRAMS: [&str; 9] = [
    "%Y-%m-%dT%H:%M%z",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S%z",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S UTC",
    "%Y%m%dT%H%M%S",
    "%d/%b/%Y:%H:%M:%S %z",
    "any",
];

/// Every form, in the order in which they win.
pub(super) fn all() -> Vec<Temporal> {
    let new = |field_type, format: Option<&str>, order| Temporal::new(field_type, format, order);
    let mut all = vec![new(ColumnType::Date, None, Order::Known)];
    all.extend(DATES.iter().map(|(format, order)| new(ColumnType::Date, Some(format), *order)));
    all.push(new(ColumnType::Datetime, None, Order::Known));
    for (date, order) in [("%Y-%m-%d", Order::Known)].iter().chain(&DATES[..WITH_TIMES]) {
        for time in TIMES {
            all.push(new(ColumnType::Datetime, Some(&format!("{date} {time}")), *order));
        }
    }
    all.extend(OF_PROGRAMS.iter().map(|format| new(ColumnType::Datetime, Some(format), Order::Known)));
    all.push(new(ColumnType::Time, None, Order::Known));
    all.extend(TIMES[1..].iter().map(|format| new(ColumnType::Time, Some(format), Order::Known)));
    all.push(new(ColumnType::Yearmonth, None, Order::Known));
    all
}

impl Temporal {
    fn new(field_type: ColumnType, format: Option<&str>, order: Order) -> Self {
        let field = Field { format: format.map(str::to_owned), ..Field::new("", field_type) };
        let fixed = format.filter(|format| *format != "any" && !format.contains("%z"));
        let shape = fixed.map(|format| {
            let cell = format.replace("%b", "x").replace("%B", "x").replace("%p", "x").replace('%', "");
            // A directive's letter stands for digits, except those that are names now.
            shape(&cell.replace(['Y', 'y', 'm', 'd', 'H', 'I', 'M', 'S'], "0"))
        });
        Self { field_type, format: format.map(str::to_owned), order, parser: Parser::new(&field), shape }
    }

    /// Whether a cell has this form; `punctuation` is its [`shape`].
    pub(super) fn fits(&self, cell: &str, punctuation: &str) -> bool {
        match (&self.shape, self.format.as_deref()) {
            (Some(shape), _) if shape != punctuation => return false,
            // `any` reads dates as midnights, which only the file's author may say.
            (_, Some("any")) if !punctuation.starts_with("0-0-0 0:0:0") => return false,
            // Eight digits are a date of our time, or a number.
            (_, Some("%Y%m%d")) if cell.len() != 8 || !("19".."21").contains(&&cell[..2]) => return false,
            _ => {}
        }
        self.parser.parse(cell).is_ok()
    }

    /// Whether it is `any`.
    pub(super) fn is_any(&self) -> bool {
        self.format.as_deref() == Some("any")
    }

    /// Whether `any` has this form too.
    pub(super) fn is_in_any(&self) -> bool {
        matches!(self.format.as_deref(), Some("%Y-%m-%d %H:%M:%S" | "%Y-%m-%d %H:%M"))
    }

    /// Whether its years have two digits.
    pub(super) fn has_short_years(&self) -> bool {
        self.format.as_ref().is_some_and(|format| format.contains("%y"))
    }

    /// What a value of it is.
    pub(super) fn described(&self) -> String {
        let a = match self.field_type {
            ColumnType::Date => "a date",
            ColumnType::Datetime => "a datetime",
            ColumnType::Time => "a time",
            _ => "a year and month",
        };
        match &self.format {
            Some(format) => format!("{a} ({format})"),
            None => a.to_owned(),
        }
    }
}

/// A cell with `0` for each run of digits and `x` for each run of letters. `None` where it can't be a date or time.
pub(super) fn punctuation(cell: &str) -> Option<String> {
    (4..=40).contains(&cell.len()).then(|| shape(cell)).filter(|shape| shape.contains('0'))
}

fn shape(cell: &str) -> String {
    let mut shape = String::with_capacity(cell.len());
    for c in cell.chars() {
        let c = match c {
            c if c.is_ascii_digit() => '0',
            c if c.is_alphabetic() => 'x',
            c => c,
        };
        if !(matches!(c, '0' | 'x') && shape.ends_with(c)) {
            shape.push(c);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let all = all();
        for (cell, formats) in [
            ("2024-01-26", "date"),
            ("2024/01/26", "date %Y/%m/%d"),
            ("31.12.2025", "date %d.%m.%Y"),
            ("1.2.25", "date %d.%m.%y"),
            ("01/02/2025", "date %d/%m/%Y|date %m/%d/%Y"),
            ("13/02/2025", "date %d/%m/%Y"),
            ("02/13/2025", "date %m/%d/%Y"),
            ("24-01-26", "date %d-%m-%y|date %y-%m-%d"),
            ("5 March 2024", "date %d %B %Y"),
            ("05-Mar-24", "date %d-%b-%y"),
            ("Mar 5, 2024", "date %b %d, %Y"),
            ("20240126", "date %Y%m%d"),
            ("30240126", ""),
            ("2024-01-26T15:00:00Z", "datetime|datetime %Y-%m-%dT%H:%M:%S%z"),
            ("2024-01-02 03:04:05", "datetime %Y-%m-%d %H:%M:%S|datetime any"),
            ("2024-01-02 03:04:05.250", "datetime any"),
            ("2024-01-02 03:04:05 UTC", "datetime %Y-%m-%d %H:%M:%S UTC"),
            (
                "2024-01-02 03:04:05+00:00",
                "datetime %Y-%m-%d %H:%M:%S%z|datetime %Y-%m-%d %H:%M:%S %z|datetime any",
            ),
            ("2024-01-02 03:04", "datetime %Y-%m-%d %H:%M"),
            ("31.12.2025 23:59", "datetime %d.%m.%Y %H:%M"),
            ("1/31/2025 3:05 PM", "datetime %m/%d/%Y %I:%M %p"),
            ("2024-01-02T03:04", "datetime %Y-%m-%dT%H:%M"),
            ("10/Oct/2000:13:55:36 -0700", "datetime %d/%b/%Y:%H:%M:%S %z"),
            ("15:00:00", "time"),
            ("15:00", "time %H:%M"),
            ("3:05 PM", "time %I:%M %p"),
            ("2024-01", "yearmonth"),
            ("2024-13-01", ""),
            ("1.5", ""),
            ("Cup", ""),
        ] {
            let shape = punctuation(cell);
            let fits = all.iter().filter(|known| shape.as_ref().is_some_and(|shape| known.fits(cell, shape)));
            let names: Vec<String> = fits
                .map(|known| {
                    let format = known.format.as_ref().map_or(String::new(), |format| format!(" {format}"));
                    format!("{}{format}", known.field_type.name())
                })
                .collect();
            assert_eq!(names.join("|"), formats, "{cell}");
        }
    }
}
