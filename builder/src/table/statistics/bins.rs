//! How the values of a column are spread: counts in bins of one width, which grows with the range.
//!
//! Bins begin at multiples of their width, and each width is a multiple of the one before, so bins are merged
//! without a value being counted anew, and what comes out follows from the values alone.

use catalog::Histogram;

/// Bins that are counted; the histogram has fewer.
const MOST: i64 = 200;
/// Bars of a histogram.
const BARS: i64 = 20;
/// The finest bins of numbers are as wide as ten to the power of this.
const FINEST: i32 = -9;
/// A number has this many digits before its bin at most, so that a double counts bins exactly.
const DIGITS: i32 = 15;

/// What is counted, and so how wide bins can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// Powers of ten, from 1 on.
    Integers,
    /// Powers of ten, from [`FINEST`] on.
    Reals,
    /// Months, years, decades and so on.
    Months,
}

/// Counts in bins.
#[derive(Debug)]
pub(super) struct Bins {
    scale: Scale,
    /// How often the width has grown.
    level: i32,
    /// What follows from the scale and the level.
    unit: Unit,
    /// The first bin, in widths from 0 on.
    first: i64,
    counts: Vec<u64>,
}

/// How wide bins are.
#[derive(Debug, Clone, Copy)]
struct Unit {
    /// Of integers and months.
    width: i64,
    /// Of reals: bins are this many to 1, or the other way round where `is_fraction` is false.
    power: f64,
    is_fraction: bool,
    /// Reals from here on have bins that a double does not count exactly.
    limit: f64,
}

impl Unit {
    fn new(scale: Scale, level: i32) -> Self {
        let exponent = level + FINEST;
        Self {
            width: match scale {
                Scale::Integers => 10_i64.pow(level as u32), // a bin holds the whole range before it overflows
                Scale::Reals => 0,
                Scale::Months => months(level),
            },
            power: power(exponent.abs()),
            is_fraction: exponent < 0,
            limit: power(exponent + DIGITS),
        }
    }

    /// The bin that holds the number, by the comparison that a filter makes: with the bin's bounds as the nearest
    /// doubles.
    #[inline]
    fn bin(self, number: f64) -> i64 {
        let bound = |bin: i64| {
            let bin = bin as f64; // fewer than 2^53
            if self.is_fraction { bin / self.power } else { bin * self.power }
        };
        let near = if self.is_fraction { number * self.power } else { number / self.power };
        let found = near as i64 - i64::from(near < (near as i64) as f64);
        if number < bound(found) {
            found - 1
        } else if number >= bound(found + 1) {
            found + 1
        } else {
            found
        }
    }
}

impl Bins {
    pub(super) fn new(scale: Scale) -> Self {
        Self { scale, level: 0, unit: Unit::new(scale, 0), first: 0, counts: vec![] }
    }

    #[inline]
    pub(super) fn integer(&mut self, number: i64) {
        self.add(|unit| number.div_euclid(unit.width));
    }

    /// False where the number is in no bin.
    #[inline]
    pub(super) fn real(&mut self, number: f64) -> bool {
        if number.is_nan() || number.abs() >= 1e22 {
            return false;
        }
        while number.abs() >= self.unit.limit {
            self.widen();
        }
        self.add(|unit| unit.bin(number));
        true
    }

    #[inline]
    pub(super) fn month(&mut self, month: i64) {
        self.add(|unit| month.div_euclid(unit.width));
    }

    #[inline]
    fn add(&mut self, bin: impl Fn(Unit) -> i64) {
        loop {
            let found = bin(self.unit);
            if self.counts.is_empty() {
                self.first = found;
                self.counts.push(1);
                return;
            }
            let last = self.first + (self.counts.len() as i64 - 1);
            if self.first <= found && found <= last {
                self.counts[(found - self.first) as usize] += 1;
                return;
            }
            let span = i128::from(last.max(found)) - i128::from(self.first.min(found));
            if span >= i128::from(MOST) {
                self.widen();
            } else if found > last {
                self.counts.resize((found - self.first) as usize + 1, 0);
            } else {
                let added = (self.first - found) as usize;
                self.counts.splice(0..0, std::iter::repeat_n(0, added));
                self.first = found;
            }
        }
    }

    #[cold]
    fn widen(&mut self) {
        let factor = match self.scale {
            Scale::Months if self.level == 0 => 12,
            _ => 10,
        };
        self.level += 1;
        self.unit = Unit::new(self.scale, self.level);
        let first = self.first.div_euclid(factor);
        let mut counts: Vec<u64> = vec![];
        for (place, rows) in self.counts.iter().enumerate() {
            let bin = ((self.first + place as i64).div_euclid(factor) - first) as usize;
            counts.resize(counts.len().max(bin + 1), 0);
            counts[bin] += rows;
        }
        (self.first, self.counts) = (first, counts);
    }

    /// The histogram; `None` where all values are in one bin. `text` writes a multiple of the first unit, or of
    /// ten to the power of its second argument.
    pub(super) fn finish(self, text: &dyn Fn(i64, i32) -> String) -> Option<Histogram> {
        if self.counts.len() < 2 {
            return None;
        }
        let last = self.first + (self.counts.len() as i64 - 1);
        let steps: &[i64] = match self.scale {
            Scale::Months if self.level == 0 => &[1, 3, 6, 12, 24, 60, 120],
            _ => &[1, 2, 5, 10, 20, 50, 100],
        };
        let bars = |step: i64| last.div_euclid(step) - self.first.div_euclid(step) + 1;
        let step = *steps.iter().find(|step| bars(**step) <= BARS)?;
        let first = self.first.div_euclid(step);
        if self.scale == Scale::Integers {
            // The outer bounds must be integers that a filter takes.
            let width = 10_i64.pow(self.level as u32);
            for bound in [Some(first), first.checked_add(bars(step))] {
                bound?.checked_mul(step)?.checked_mul(width)?;
            }
        }
        let mut counts = vec![0; bars(step) as usize];
        for (place, rows) in self.counts.iter().enumerate() {
            counts[((self.first + place as i64).div_euclid(step) - first) as usize] += rows;
        }
        let bound = |bar: i64| match self.scale {
            Scale::Months => text((first + bar) * step * months(self.level), 0),
            Scale::Integers => text((first + bar) * step, self.level),
            Scale::Reals => text((first + bar) * step, self.level + FINEST),
        };
        let bounds = (0..=counts.len() as i64).map(bound).collect();
        Some(Histogram { bounds, counts })
    }
}

/// Months of a bin.
fn months(level: i32) -> i64 {
    if level == 0 { 1 } else { 12 * 10_i64.pow(level as u32 - 1) }
}

/// Ten to the power of `exponent`, which a double holds exactly from 0 to 22.
fn power(exponent: i32) -> f64 {
    10_f64.powi(exponent)
}

/// `number × 10^exponent` in digits.
pub(super) fn decimal(number: i64, exponent: i32) -> String {
    if number == 0 {
        return "0".to_owned();
    }
    let sign = if number < 0 { "-" } else { "" };
    let digits = number.unsigned_abs().to_string();
    if exponent >= 0 {
        return format!("{sign}{digits}{}", "0".repeat(exponent as usize));
    }
    let places = exponent.unsigned_abs() as usize;
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Bins, Histogram, Scale, decimal};

    fn integers(numbers: &[i64]) -> Option<Histogram> {
        let mut bins = Bins::new(Scale::Integers);
        numbers.iter().for_each(|number| bins.integer(*number));
        bins.finish(&decimal)
    }

    fn reals(numbers: &[f64]) -> Option<Histogram> {
        let mut bins = Bins::new(Scale::Reals);
        assert!(numbers.iter().all(|number| bins.real(*number)));
        bins.finish(&decimal)
    }

    #[test]
    fn bars_begin_at_round_numbers() {
        let found = integers(&[3, 17, 42, 99]).unwrap();
        assert_eq!(found.bounds.first().unwrap(), "0");
        assert_eq!(found.bounds.last().unwrap(), "100");
        assert_eq!(found.counts.iter().sum::<u64>(), 4);
        let found = reals(&[-0.75, 0.2, 0.31]).unwrap();
        assert_eq!(found.bounds[..2], ["-0.8", "-0.7"]);
        assert_eq!(found.bounds.last().unwrap(), "0.4");
        assert_eq!(integers(&[7, 7]), None);
    }

    #[test]
    fn the_largest_numbers_have_bars() {
        let found = integers(&[i64::MIN / 2, i64::MAX / 2]).unwrap();
        assert_eq!(found.counts.iter().sum::<u64>(), 2);
        for beyond in [[i64::MAX, i64::MAX - 1], [i64::MIN, i64::MAX]] {
            assert_eq!(integers(&beyond), None);
        }
        let mut bins = Bins::new(Scale::Reals);
        assert!(!bins.real(f64::INFINITY) && !bins.real(1e22) && bins.real(-9.9e21));
    }

    #[test]
    fn a_decimal_is_written_in_digits() {
        for (number, exponent, text) in
            [(0, -3, "0"), (5, 2, "500"), (-5, -1, "-0.5"), (120, -2, "1.2"), (100, -2, "1")]
        {
            assert_eq!(decimal(number, exponent), text);
        }
    }

    proptest! {
        /// Each bar has the rows that a filter with its bounds finds, in any order of rows.
        #[test]
        fn a_bar_counts_what_a_filter_finds(
            numbers in prop::collection::vec((-1_000_000_i64..1_000_000, 0_u32..7), 2..60),
        ) {
            let numbers: Vec<f64> =
                numbers.iter().map(|(number, places)| decimal(*number, -(*places as i32)).parse().unwrap()).collect();
            let mut backwards = numbers.clone();
            backwards.reverse();
            let found = reals(&numbers);
            prop_assert_eq!(&found, &reals(&backwards));
            if let Some(Histogram { bounds, counts }) = found {
                let bounds: Vec<f64> = bounds.iter().map(|bound| bound.parse().unwrap()).collect();
                for (bar, rows) in bounds.windows(2).zip(counts) {
                    let inside = numbers.iter().filter(|number| bar[0] <= **number && **number < bar[1]).count();
                    prop_assert_eq!(inside as u64, rows);
                }
            }
        }

        #[test]
        fn an_integers_bar_counts_what_a_filter_finds(numbers in prop::collection::vec(i64::MIN / 2..i64::MAX / 2, 2..60)) {
            if let Some(Histogram { bounds, counts }) = integers(&numbers) {
                let bounds: Vec<i128> = bounds.iter().map(|bound| bound.parse().unwrap()).collect();
                prop_assert!(counts.len() <= 21);
                for (bar, rows) in bounds.windows(2).zip(counts) {
                    let within = |number: &&i64| (bar[0]..bar[1]).contains(&i128::from(**number));
                    prop_assert_eq!(numbers.iter().filter(within).count() as u64, rows);
                }
            }
        }
    }
}
