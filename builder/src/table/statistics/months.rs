//! Months, counted from the year 0 on.

/// The month of a text that begins with `yyyy-mm`.
#[inline]
pub(super) fn month(text: &[u8]) -> Option<i64> {
    let (date, _) = text.split_at_checked(7)?;
    let mut digits = [0; 6];
    for (digit, byte) in digits.iter_mut().zip(date[..4].iter().chain(&date[5..])) {
        *digit = i64::from(byte.wrapping_sub(b'0'));
    }
    let [millennium, century, decade, year, ten, one] = digits;
    let month = ten * 10 + one;
    let is_month = date[4] == b'-' && digits.iter().all(|digit| *digit < 10) && (1..=12).contains(&month);
    is_month.then(|| (((millennium * 10 + century) * 10 + decade) * 10 + year) * 12 + month - 1)
}

/// A month as `yyyy-mm`.
pub(super) fn text(months: i64) -> String {
    format!("{:04}-{:02}", months.div_euclid(12), months.rem_euclid(12) + 1)
}

#[cfg(test)]
mod tests {
    use super::{month, text};

    #[test]
    fn a_month_is_what_it_was() {
        for date in ["0001-01", "1999-12", "2024-02"] {
            assert_eq!(text(month(format!("{date}-03").as_bytes()).unwrap()), date);
        }
        for other in ["2024-13", "2024-00", "2024", "2024/01", "-024-01", "2024-1x"] {
            assert_eq!(month(other.as_bytes()), None, "{other}");
        }
    }
}
