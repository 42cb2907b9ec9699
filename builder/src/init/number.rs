//! Whether a cell is a number as people write them, and in which forms it is one.

/// How numbers are written: the decimal point, and what separates groups of three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) decimal: char,
    pub(super) group: Option<char>,
}

/// The forms that are known; the first that fits wins.
pub(super) const FORMS: [Form; 15] = [
    Form { decimal: '.', group: None },
    Form { decimal: '.', group: Some(',') },
    Form { decimal: '.', group: Some(' ') },
    Form { decimal: '.', group: Some('\u{a0}') },
    Form { decimal: '.', group: Some('\u{202f}') },
    Form { decimal: '.', group: Some('\u{2009}') },
    Form { decimal: '.', group: Some('\'') },
    Form { decimal: '.', group: Some('\u{2019}') },
    Form { decimal: ',', group: None },
    Form { decimal: ',', group: Some('.') },
    Form { decimal: ',', group: Some(' ') },
    Form { decimal: ',', group: Some('\u{a0}') },
    Form { decimal: ',', group: Some('\u{202f}') },
    Form { decimal: ',', group: Some('\u{2009}') },
    Form { decimal: ',', group: Some('\'') },
];

/// A set of forms, a bit each.
pub(super) type Forms = u16;

/// Every form.
pub(super) const ALL: Forms = (1 << FORMS.len()) - 1;

/// What is beside a number in its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// `$`, `EUR`
    Currency(String),
    /// `%`, `‰`
    Percent(String),
    /// `kg`: a word that may be a unit.
    Unit(String),
}

/// A cell that is a number in some form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) forms: Forms,
    pub(super) mark: Option<Mark>,
    /// There are spaces around it.
    pub(super) padded: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    /// Its digits and separators, without sign and mark.
    pub(super) digits: String,
}

/// Why a cell is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotNumber {
    /// It is something else.
    Other,
    /// A leading zero, which a number would lose.
    LeadingZero,
    /// More digits than an integer can have, or beyond a 64-bit float.
    TooLong,
    /// `(5.00)` or `5.00-`: accounts write negative numbers so.
    Negative,
    /// `12,34,567`: groups that are not of three digits.
    Groups,
}

/// Symbols, abbreviations and ISO 4217 codes of currencies. Codes that are words or units of their own are left out.
const CURRENCIES: [&str; 56] = [
    "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₪", "฿", "₴", "₫", "US$", "CA$", "C$", "A$", "AU$", "NZ$",
    "HK$", "S$", "R$", "EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON",
    "BGN", "TRY", "RUB", "UAH", "CAD", "AUD", "NZD", "HKD", "SGD", "CNY", "INR", "KRW", "BRL", "MXN", "ZAR",
    "ILS", "THB", "kr", "kr.", "zł", "Kč", "Ft", "Fr.",
];

/// Reads a cell.
pub(super) fn scan(cell: &str) -> Result<Number, NotNumber> {
    let text = cell.trim_matches(is_space);
    let bytes = text.as_bytes();
    let plain = Number {
        forms: ALL,
        mark: None,
        padded: text.len() != cell.len(),
        plus: false,
        minus: false,
        digits: String::new(),
    };
    let first = bytes.iter().position(u8::is_ascii_digit).ok_or(NotNumber::Other)?;
    let last = bytes.iter().rposition(u8::is_ascii_digit).ok_or(NotNumber::Other)?;
    if first == 0 && last + 1 == bytes.len() && bytes.len() <= 18 && bytes.iter().all(u8::is_ascii_digit) {
        return match bytes {
            [b'0', _, ..] => Err(NotNumber::LeadingZero),
            _ => Ok(Number { digits: text.to_owned(), ..plain }),
        };
    }
    let (mut before, mut after) = (&text[..first], &text[last + 1..]);
    let mut digits = text[first..=last].to_owned();
    if let Some(rest) = before.strip_suffix(['.', ',']) {
        digits.insert_str(0, &before[rest.len()..]);
        before = rest;
    }
    if let Some(rest) = after.strip_prefix('.').filter(|rest| rest.is_empty()) {
        digits.push('.');
        after = rest;
    }
    let negative = (before.contains('(') && after.contains(')')) || after.trim_matches(is_space) == "-";
    let before = before.replace('(', "");
    let after = after.replace([')'], "");
    let (sign, before) = sign(&before).ok_or(NotNumber::Other)?;
    let after = after.trim_matches(is_space).trim_end_matches('-');
    let mark = match (before.as_str(), after) {
        ("", "") => None,
        (before, "") if CURRENCIES.contains(&before) => Some(Mark::Currency(before.to_owned())),
        ("", after) => Some(suffix(after, text[last + 1..].starts_with(is_space)).ok_or(NotNumber::Other)?),
        _ => return Err(NotNumber::Other),
    };
    let forms = forms(&digits)?;
    if forms == 0 {
        let has_groups = digits.split(',').count() > 2 && !digits.split(',').any(str::is_empty);
        let is_grouped =
            has_groups && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b',' || byte == b'.');
        return Err(if is_grouped { NotNumber::Groups } else { NotNumber::Other });
    }
    match mark {
        Some(Mark::Unit(_)) if negative => return Err(NotNumber::Other), // "(2 rows)"
        _ if negative => return Err(NotNumber::Negative),
        _ => {}
    }
    Ok(Number { forms, mark, plus: sign == Some('+'), minus: sign == Some('-'), digits, ..plain })
}

/// The spaces that people and their programs write.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// The sign before or after a currency, and what else there is.
fn sign(before: &str) -> Option<(Option<char>, String)> {
    let signs: Vec<char> = before.chars().filter(|c| matches!(c, '-' | '+' | '\u{2212}')).collect();
    let rest: String = before.chars().filter(|c| !is_space(*c) && !signs.contains(c)).collect();
    let at_an_end = |sign: &char| {
        let before = before.trim_matches(is_space);
        before.starts_with(*sign) || before.ends_with(*sign)
    };
    match signs.as_slice() {
        [] => Some((None, rest)),
        [sign] if at_an_end(sign) => Some((Some(if *sign == '+' { '+' } else { '-' }), rest)),
        _ => None,
    }
}

fn suffix(after: &str, spaced: bool) -> Option<Mark> {
    if CURRENCIES.contains(&after) {
        return Some(Mark::Currency(after.to_owned()));
    }
    if after == "%" || after == "‰" {
        return Some(Mark::Percent(after.to_owned()));
    }
    // "12A" and "5x" are codes; "5 kg" and "21°C" may be quantities.
    let is_unit = after.chars().count() <= 6
        && after.chars().all(|c| c.is_alphabetic() || "°µ/²³%".contains(c))
        && (spaced || after.starts_with('°'));
    is_unit.then(|| Mark::Unit(after.to_owned()))
}

/// The forms in which digits and separators are a number.
fn forms(text: &str) -> Result<Forms, NotNumber> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotNumber::Other);
        }
    }
    // Beyond a 64-bit float.
    if text.len() > 300 || exponent.is_some() && text.parse::<f64>().is_ok_and(f64::is_infinite) {
        return Err(NotNumber::TooLong);
    }
    let runs: Vec<&str> = mantissa.split(|c: char| !c.is_ascii_digit()).collect();
    let separators: Vec<char> = mantissa.chars().filter(|c| !c.is_ascii_digit()).collect();
    if runs[0].len() > 1 && runs[0].starts_with('0') {
        return Err(NotNumber::LeadingZero);
    }
    if separators.is_empty() && exponent.is_none() && text.len() > 15 && text.parse::<i64>().is_err() {
        return Err(NotNumber::TooLong);
    }
    let mut forms = 0;
    for (index, form) in FORMS.iter().enumerate() {
        forms |= Forms::from(is_in(*form, &runs, &separators, exponent.is_some())) << index;
    }
    Ok(forms)
}

fn is_in(form: Form, runs: &[&str], separators: &[char], has_exponent: bool) -> bool {
    let (groups, fraction) = match separators.split_last() {
        Some((last, rest)) if *last == form.decimal => (rest, runs.last()),
        _ => (separators, None),
    };
    let whole = &runs[..=groups.len()];
    let is_grouped = groups.is_empty()
        || form.group.is_some_and(|group| groups.iter().all(|separator| *separator == group))
            && (1..=3).contains(&whole[0].len())
            && !whole[0].starts_with('0')
            && whole[1..].iter().all(|run| run.len() == 3);
    // Programs write exponents, and they write neither groups nor commas.
    let is_usual = !has_exponent || form == FORMS[0];
    let has_digits = !whole[0].is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    is_grouped && is_usual && has_digits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The decimal points and group separators of the forms, such as `. ,|,`.
    fn read(cell: &str) -> String {
        match scan(cell) {
            Err(why) => format!("{why:?}"),
            Ok(number) if number.forms == ALL => "all".to_owned(),
            Ok(number) => {
                let in_it = FORMS.iter().enumerate().filter(|(index, _)| number.forms >> index & 1 == 1);
                let names: Vec<String> = in_it
                    .map(|(_, form)| {
                        format!("{}{}", form.decimal, form.group.map_or(String::new(), String::from))
                    })
                    .collect();
                names.join("|")
            }
        }
    }

    #[test]
    fn forms_of_numbers() {
        let point = ".|.,|. |.\u{a0}|.\u{202f}|.\u{2009}|.'|.\u{2019}";
        let comma = ",|,.|, |,\u{a0}|,\u{202f}|,\u{2009}|,'";
        for (cell, forms) in [
            ("12", "all"),
            ("-12", "all"),
            ("$5", "all"),
            ("5 €", "all"),
            ("12%", "all"),
            (" 7 ", "all"),
            ("0", "all"),
            ("1.5", point),
            (".5", point),
            ("0.125", point),
            ("1,5", comma),
            ("1234,50", comma),
            ("0,125", comma),
            ("1,234", &format!(".,|{comma}")),
            ("1.234", &format!("{point}|,.")),
            ("1,234.5", ".,"),
            ("1.234,5", ",."),
            ("1.234.567", ",."),
            ("1 234,5", ", "),
            ("1\u{202f}234", ".\u{202f}|,\u{202f}"),
            ("1'234.5", ".'"),
            ("1.5e3", "."),
            ("01", "LeadingZero"),
            ("00,5", "LeadingZero"),
            ("12,34,567", "Groups"),
            ("1.2.3", "Other"),
            ("192.168.1.1", "Other"),
            ("(5.00)", "Negative"),
            ("(2 rows)", "Other"),
            ("($1,234.00)", "Negative"),
            ("5.00-", "Negative"),
            ("99999999999999999999", "TooLong"),
            ("1e309", "TooLong"),
            ("A12", "Other"),
            ("12A", "Other"),
            ("2024-01-02", "Other"),
            ("--5", "Other"),
            ("5-6", "Other"),
            ("inf", "Other"),
            ("", "Other"),
        ] {
            assert_eq!(read(cell), forms, "{cell}");
        }
        assert_eq!(scan("12 kg").unwrap().mark, Some(Mark::Unit("kg".to_owned())));
        assert_eq!(scan("-$5").unwrap().mark, Some(Mark::Currency("$".to_owned())));
        assert!(scan("$-5").unwrap().minus && scan("+5").unwrap().plus && scan(" 5").unwrap().padded);
    }
}
