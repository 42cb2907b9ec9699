//! Numbers that are written for people: digits in groups, another decimal point, units around
//! them (Table Schema, `decimalChar`, `groupChar`, `bareNumber`).

use super::number;
use crate::schema::Options;

/// How a field's numbers are written, where not as the standard's default has it.
#[derive(Debug, Clone)]
pub(super) struct NumberFormat {
    /// `None` for integers, which have no fraction.
    decimal: Option<Box<str>>,
    group: Option<Box<str>>,
    /// Whether text around the number is to be removed.
    strip: bool,
}

/// Why a text has no number in the default form, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotNormal {
    /// There is no digit, or a point that is not the decimal point.
    Syntax,
    /// A separator that does not separate groups of three digits.
    Groups,
    /// Something around the number may be its sign: `(5.00)`, `5.00-`.
    Sign,
}

impl NotNormal {
    pub(super) fn help(self) -> Option<&'static str> {
        match self {
            Self::Syntax => None,
            Self::Groups => Some("`groupChar` separates groups of three digits, as in 1 234 567"),
            Self::Sign => Some("write a negative number with a minus before its digits, as in -5"),
        }
    }
}

impl NumberFormat {
    /// `None` where the default form is meant.
    pub(super) fn new(options: &Options) -> Option<Self> {
        Self::of(options, Some(options.decimal_char.as_deref().unwrap_or(".")))
    }

    /// The same for integers.
    pub(super) fn of_integers(options: &Options) -> Option<Self> {
        Self::of(options, None)
    }

    fn of(options: &Options, decimal: Option<&str>) -> Option<Self> {
        let default = decimal.is_none_or(|decimal| decimal == ".")
            && options.group_char.is_none()
            && !options.strip_non_numeric;
        (!default).then(|| Self {
            decimal: decimal.map(Into::into),
            group: options.group_char.as_deref().map(Into::into),
            strip: options.strip_non_numeric,
        })
    }

    /// The number in the default form.
    pub(super) fn normalize(&self, cell: &str) -> Result<String, NotNormal> {
        if number::is_word(cell) {
            return Ok(cell.to_owned());
        }
        let number = if self.strip { self.bare(cell)? } else { cell.to_owned() };
        let (whole, fraction) = match self.decimal.as_deref().and_then(|point| number.split_once(point)) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number.as_str(), None),
        };
        let mut normal = match &self.group {
            Some(group) => ungroup(whole, group)?,
            None => whole.to_owned(),
        };
        // A point has no meaning here unless it is the decimal point.
        if normal.contains('.') || fraction.is_some_and(|fraction| fraction.contains('.')) {
            return Err(NotNormal::Syntax);
        }
        if let Some(fraction) = fraction {
            normal.push('.');
            normal.push_str(fraction);
        }
        Ok(normal)
    }

    /// The number without the text around it: from its first digit, with the decimal point and
    /// the sign before it, to its last.
    fn bare(&self, cell: &str) -> Result<String, NotNormal> {
        let first = cell.find(|c: char| c.is_ascii_digit()).ok_or(NotNormal::Syntax)?;
        let end = cell.rfind(|c: char| c.is_ascii_digit()).ok_or(NotNormal::Syntax)? + 1;
        let (mut before, after) = (&cell[..first], &cell[end..]);
        let mut start = first;
        if let Some(rest) = self.decimal.as_deref().and_then(|point| before.strip_suffix(point)) {
            start -= before.len() - rest.len();
            before = rest;
        }
        // "-5", "EUR -5", "- 5" and "-EUR 5"; "EUR-5" too, as there is nothing else it could mean.
        let (near, far) = (before.trim_end(), before.trim_start());
        let negative = near.ends_with(MINUS) || far.starts_with(MINUS);
        // Accounts write a loss as (5.00) or 5.00-, typesetters with a dash.
        let beyond = after.trim();
        if before.contains('(') && after.contains(')')
            || beyond.starts_with(|c| is_dash(c) || MINUS.contains(&c))
                && !beyond.chars().nth(1).is_some_and(char::is_alphanumeric)
            || beyond.ends_with(|c| is_dash(c) || MINUS.contains(&c))
            || near.ends_with(is_dash)
            || far.starts_with(is_dash)
        {
            return Err(NotNormal::Sign);
        }
        Ok(format!("{}{}", if negative { "-" } else { "" }, &cell[start..end]))
    }
}

/// The hyphen of every keyboard, and the sign itself.
const MINUS: [char; 2] = ['-', '\u{2212}'];

/// The dashes that are taken for a minus (U+2010 to U+2015, and the small and wide forms).
fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// The digits without their separators: up to three, then groups of three. Anything else may be a decimal
/// point: 12.50 is not 1250.
fn ungroup(whole: &str, group: &str) -> Result<String, NotNormal> {
    let Some((first, rest)) = whole.split_once(group) else { return Ok(whole.to_owned()) };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = first.strip_prefix(['-', '+']).unwrap_or(first);
    if !(1..=3).contains(&unsigned.len())
        || !is_digits(unsigned)
        || !rest.split(group).all(|part| part.len() == 3 && is_digits(part))
    {
        return Err(NotNormal::Groups);
    }
    Ok(whole.replace(group, ""))
}

#[cfg(test)]
mod tests {
    use super::{NotNormal, NumberFormat};
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
            ("", ",", false, "12,34", None),
            ("", ",", false, "1234,567", None),
            ("", ",", false, "12,3456", None),
            (",", ".", false, "12.50", None),
            (",", ".", false, "1.2345,6", None),
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
            ("", "", true, "(5.00)", None),
            ("", "", true, "$ (5.00)", None),
            ("", "", true, "5.00-", None),
            ("", "", true, "5.00 EUR-", None),
            ("", "", true, "\u{2013}5", None),
            ("", "", true, "\u{2212}5 EUR", Some("-5")),
            ("", "", true, "5 (net)", Some("5")),
            ("", "", true, "(approx.) 5", Some("5")),
            ("", "", true, "12-month", Some("12")),
            ("", "", true, "5 of 7", Some("5 of 7")),
            (",", ".", true, "1.234,5 kg", Some("1234.5")),
        ] {
            assert_eq!(format(decimal, group, strip).normalize(cell).ok().as_deref(), normal, "{cell}");
        }
        // An integer has no decimal point, so a point may group its digits.
        let options = Options { group_char: Some(".".to_owned()), ..Options::default() };
        let integers = NumberFormat::of_integers(&options).unwrap();
        for (cell, normal) in [
            ("1.000", Ok("1000")),
            ("-12.345.678", Ok("-12345678")),
            ("7", Ok("7")),
            ("12.50", Err(NotNormal::Groups)),
            ("1.5", Err(NotNormal::Groups)),
        ] {
            assert_eq!(integers.normalize(cell), normal.map(str::to_owned), "{cell}");
        }
    }
}
