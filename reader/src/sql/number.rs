//! Doubles as text, the same everywhere: in JSON, in CSV and in a cast.

/// The shortest digits that give the same double back; whole numbers without a fraction, as
/// JavaScript writes them.
pub(crate) fn text(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let mut text = serde_json::to_string(&number).unwrap_or_default();
    if text.ends_with(".0") {
        text.truncate(text.len() - 2);
    }
    text
}

/// The exact quotient of a sum of integers and their count, to 16 decimals, or as many as
/// PostgreSQL's `avg` gives if those are more (`select_div_scale`: at least 16 digits that
/// count), without zeros at the end.
pub(crate) fn average(sum: i128, count: i64) -> String {
    let (dividend, divisor) = (sum.unsigned_abs(), u128::from(count.unsigned_abs()).max(1));
    let scale = scale(dividend, divisor);
    let mut digits = vec![];
    let mut rest = dividend % divisor;
    for _ in 0..=scale {
        rest *= 10;
        digits.push((rest / divisor) as u8);
        rest %= divisor;
    }
    let mut whole = dividend / divisor;
    // Half away from zero, on the digit behind the last.
    if digits.pop().is_some_and(|next| next >= 5) {
        let carried = digits.iter_mut().rev().find_map(|digit| {
            *digit = (*digit + 1) % 10;
            (*digit != 0).then_some(())
        });
        if carried.is_none() {
            whole += 1;
        }
    }
    let digits: String = digits.into_iter().map(|digit| char::from(b'0' + digit)).collect();
    let sign = if sum < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{digits}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// PostgreSQL counts in digits of base 10,000.
fn scale(dividend: u128, divisor: u128) -> i32 {
    let parts = |number: u128| {
        let (mut weight, mut first) = (0, number);
        while first >= 10_000 {
            first /= 10_000;
            weight += 1;
        }
        (weight, first)
    };
    let ((weight, first), (of_divisor, first_of_divisor)) = (parts(dividend), parts(divisor));
    let quotient: i32 = weight - of_divisor - i32::from(first <= first_of_divisor);
    16 - quotient.min(0) * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_exact() {
        for (sum, count, expected) in [
            (300, 2, "150"),
            (1, 3, "0.33333333333333333333"),
            (2, 3, "0.66666666666666666667"),
            (-1, 8, "-0.125"),
            (0, 5, "0"),
            (i64::MAX.into(), 2, "4611686018427387903.5"),
            (2 * i128::from(i64::MIN), 2, "-9223372036854775808"),
            (8800, 8, "1100"),
        ] {
            assert_eq!(average(sum, count), expected, "{sum}/{count}");
        }
    }

    #[test]
    fn whole_numbers_have_no_fraction() {
        assert_eq!(text(100.0), "100");
        assert_eq!(text(0.1), "0.1");
        assert_eq!(text(1e300), "1e+300");
        assert_eq!(text(f64::NEG_INFINITY), "-Infinity");
    }
}
