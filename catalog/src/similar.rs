//! "Did you mean": the name that was probably meant.

/// The name among `names` that is most like `name`, case aside; of equals the first. `None` where
/// none is close: more than a third of the letters would have to change.
pub fn similar<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const CLOSE: f64 = 0.66; // `prize` and `price` have 0.8, `id` and `di` 0.5
    let lower = name.to_lowercase();
    names
        .into_iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(&lower, &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness >= CLOSE)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn the_closest_name_wins() {
        assert_eq!(similar("prize", ["name", "price", "prices"]), Some("price"));
        assert_eq!(similar("NAME", ["name"]), Some("name"));
        assert_eq!(similar("ab", ["ac", "bb"]), None);
        assert_eq!(similar("di", ["id"]), None);
    }
}
