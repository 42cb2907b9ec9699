//! Numbers in sentences.

/// `1 cell`, `2 cells`, `120 442 cells`.
pub fn count(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    let plural = match number {
        1 => "",
        _ if noun.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{} {noun}{plural}", grouped(number))
}

/// `120 442`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{count, grouped};

    #[test]
    fn sentences() {
        assert_eq!(count(0_u64, "row"), "0 rows");
        assert_eq!(count(1_usize, "row"), "1 row");
        assert_eq!(count(2_u64, "mismatch"), "2 mismatches");
        assert_eq!(count(120_442_u64, "row"), "120 442 rows");
        assert_eq!([grouped(999), grouped(1000), grouped(1_234_567)], ["999", "1 000", "1 234 567"]);
    }
}
