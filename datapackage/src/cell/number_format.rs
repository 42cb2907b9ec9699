//! Numbers that are written for people: digits in groups, another decimal point, units around
//! them (Table Schema, `decimalChar`, `groupChar`, `bareNumber`).

use super::number;
use crate::schema::Options;

/// How a field's numbers are written, where not as the standard's default has it.
#[derive(Debug, Clone)]
pub(super) struct NumberFormat {
    decimal: Box<str>,
    group: Option<Box<str>>,
    /// Whether text around the number is to be removed.
    strip: bool,
}

impl NumberFormat {
    /// `None` where the default form is meant.
    pub(super) fn new(options: &Options) -> Option<Self> {
        let default =
            options.decimal_char.is_none() && options.group_char.is_none() && !options.strip_non_numeric;
        (!default).then(|| Self {
            decimal: options.decimal_char.as_deref().unwrap_or(".").into(),
            group: options.group_char.as_deref().map(Into::into),
            strip: options.strip_non_numeric,
        })
    }

    /// The number in the default form; `None` where a separator is misplaced.
    pub(super) fn normalize(&self, cell: &str) -> Option<String> {
        if number::is_word(cell) {
            return Some(cell.to_owned());
        }
        let number = if self.strip { self.bare(cell)? } else { cell.to_owned() };
        let (whole, fraction) = match number.split_once(&*self.decimal) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number.as_str(), None),
        };
        let mut normal = match &self.group {
            Some(group) => ungroup(whole, group)?,
            None => whole.to_owned(),
        };
        // A point has no meaning here unless it is the decimal point.
        if normal.contains('.') || fraction.is_some_and(|fraction| fraction.contains('.')) {
            return None;
        }
        if let Some(fraction) = fraction {
            normal.push('.');
            normal.push_str(fraction);
        }
        Some(normal)
    }

    /// The number without the text around it: from its first digit, with the decimal point and
    /// the sign before it, to its last.
    fn bare(&self, cell: &str) -> Option<String> {
        let first = cell.find(|c: char| c.is_ascii_digit())?;
        let end = cell.rfind(|c: char| c.is_ascii_digit())? + 1;
        let mut before = &cell[..first];
        let mut start = first;
        if let Some(rest) = before.strip_suffix(&*self.decimal) {
            start -= self.decimal.len();
            before = rest;
        }
        // "-5", "EUR -5", "- 5" and "-EUR 5"; "EUR-5" too, as there is nothing else it could mean.
        let sign =
            if before.trim_end().ends_with('-') || before.trim_start().starts_with('-') { "-" } else { "" };
        Some(format!("{sign}{}", &cell[start..end]))
    }
}

/// The digits without their separators, each of which must be between digits.
fn ungroup(whole: &str, group: &str) -> Option<String> {
    let mut parts = whole.split(group);
    let mut digits = parts.next()?.to_owned();
    for part in parts {
        if !digits.ends_with(|c: char| c.is_ascii_digit()) || !part.starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        digits.push_str(part);
    }
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::NumberFormat;
    use crate::schema::Options;

    #[test]
    fn formats() {
        let format = |decimal: &str, group: &str, strip| {
            let option = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let options = Options {
                decimal_char: option(decimal),
                group_char: option(group),
                strip_non_numeric: strip,
                ..Options::default()
            };
            NumberFormat::new(&options).unwrap()
        };
        for (decimal, group, strip, cell, normal) in [
            (",", ".", false, "1.234.567,89", Some("1234567.89")),
            (",", "", false, "1,5", Some("1.5")),
            (",", "", false, "1.5", None),
            (",", "", false, "1,5,5", Some("1.5,5")),
            ("", ",", false, "1,234", Some("1234")),
            ("", ",", false, "-1,234.5e3", Some("-1234.5e3")),
            ("", ",", false, ",1", None),
            ("", ",", false, "1,,2", None),
            ("", ",", false, "1,234,", None),
            ("", ",", false, "1.5,5", Some("1.5,5")),
            ("", " ", false, "10 000", Some("10000")),
            ("", "\u{a0}", false, "10\u{a0}000", Some("10000")),
            ("", "", true, "95%", Some("95")),
            ("", "", true, "EUR 95.50", Some("95.50")),
            ("", "", true, "€-95", Some("-95")),
            ("", "", true, "-$5", Some("-5")),
            ("", "", true, "$.5", Some(".5")),
            ("", "", true, "abc", None),
            ("", "", true, "5 of 7", Some("5 of 7")),
            (",", ".", true, "1.234,5 kg", Some("1234.5")),
        ] {
            assert_eq!(format(decimal, group, strip).normalize(cell).as_deref(), normal, "{cell}");
        }
    }
}
