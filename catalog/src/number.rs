//! A double as clients see it.

/// Appends a number as JSON: the fewest digits that give it back, a whole one without a fraction; an
/// infinity, for which JSON has no number (RFC 8259, section 6), as a string.
pub fn write_number(number: f64, out: &mut Vec<u8>) {
    if number.is_infinite() {
        out.extend_from_slice(if number > 0.0 { b"\"Infinity\"" } else { b"\"-Infinity\"" });
        return;
    }
    serde_json::to_writer(&mut *out, &number).expect("a Vec takes every byte");
    if out.ends_with(b".0") {
        out.truncate(out.len() - 2);
    }
}

/// How many bytes [`write_number`] appends. Most numbers have a few decimal places and so few digits that no other
/// number is nearer: theirs are counted without being written.
#[inline]
pub fn number_length(number: f64) -> u64 {
    // 15 digits come back from any double, so the decimal that is found is the shortest (IEEE 754).
    let scaled = (number * PLACES) as i64;
    let near = [scaled, scaled.saturating_add(number.signum() as i64)];
    let digits = near.into_iter().find(|digits| *digits as f64 / PLACES == number);
    match digits.filter(|digits| *digits != 0 && digits.unsigned_abs() < MOST) {
        Some(digits) => {
            let (whole, places) =
                (digits.unsigned_abs() / PLACES as u64, digits.unsigned_abs() % PLACES as u64);
            let places = match places {
                0 => 0,
                _ if !places.is_multiple_of(10) => 5,
                _ if !places.is_multiple_of(100) => 4,
                _ if !places.is_multiple_of(1000) => 3,
                _ => 2,
            };
            u64::from(whole.checked_ilog10().unwrap_or(0)) + 1 + places + u64::from(digits < 0)
        }
        None => written_length(number),
    }
}

/// Four decimal places.
const PLACES: f64 = 1e4;

/// One more than 15 digits.
const MOST: u64 = 1_000_000_000_000_000;

#[inline(never)]
fn written_length(number: f64) -> u64 {
    let mut text = Vec::with_capacity(32);
    write_number(number, &mut text);
    text.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_what_is_written() {
        let mut numbers = vec![0.0, -0.0, f64::INFINITY, f64::MIN_POSITIVE, f64::MAX, 0.1 + 0.2, 1e15, 1e-5];
        for exponent in -8..18 {
            for digits in
                [1, 2, 5, 9, 10, 99, 100, 12_345, 99_999, 100_001, 123_456_789, 999_999_999_999_999_i64]
            {
                let exponent: i32 = exponent;
                numbers.push(format!("{digits}e{}", -exponent).parse().unwrap());
            }
        }
        for number in numbers.clone().into_iter().chain(numbers.into_iter().map(|number| -number)) {
            assert_eq!(number_length(number), written_length(number), "{number:e}");
        }
    }
}
