//! How much a client likes what it accepts (RFC 9110, section 12.4.2).

/// A weight in thousandths; `None` where the text is not one.
pub(super) fn thousandths(weight: &str) -> Option<u32> {
    let weight = weight.parse::<f32>().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
    Some((weight * 1000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    /// All that have three digits, of which some are less as a float.
    #[test]
    fn each_weight_is_its_own() {
        for weight in 0..1000 {
            assert_eq!(thousandths(&format!("0.{weight:03}")), Some(weight));
        }
        assert_eq!(
            ["1", "1.000", "1.001", "-0.1", "x", ""].map(thousandths),
            [Some(1000), Some(1000), None, None, None, None]
        );
    }
}
