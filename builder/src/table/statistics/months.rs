//! Months, counted from the year 0 on.

/// The month of a text that begins with `yyyy-mm`.
pub(super) fn month(text: &str) -> Option<i64> {
    let (year, rest) = text.split_once('-')?;
    let month: i64 = rest.get(..2)?.parse().ok()?;
    let year: i64 = year.parse().ok()?;
    (1..=12).contains(&month).then(|| year * 12 + month - 1)
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
            assert_eq!(text(month(&format!("{date}-03")).unwrap()), date);
        }
        assert_eq!(month("2024-13"), None);
        assert_eq!(month("2024"), None);
    }
}
