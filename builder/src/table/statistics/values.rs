//! The values of a column that has few, each with its rows.

/// Longer texts are nothing to choose from.
const LONGEST: usize = 100;

/// Distinct values with their rows, until there are too many.
#[derive(Debug)]
pub(super) struct Values<T> {
    most: usize,
    /// `None` once there were more than `most`.
    found: Option<Vec<(T, u64)>>,
    /// For each hash of a text one more than its place in `found`, or 0; texts with the same hash follow each other.
    places: [u8; PLACES],
}

/// More than twice as many as there are values.
const PLACES: usize = 64;

impl<T> Values<T> {
    pub(super) fn new(most: usize) -> Self {
        debug_assert!(most < PLACES / 2);
        Self { most, found: Some(vec![]), places: [0; PLACES] }
    }

    pub(super) fn of<const N: usize>(counted: [(T, u64); N]) -> Self {
        let found = counted.into_iter().filter(|(_, rows)| *rows > 0).collect();
        Self { most: N, found: Some(found), places: [0; PLACES] }
    }
}

impl<T: PartialEq + Copy> Values<T> {
    #[inline]
    pub(super) fn number(&mut self, number: T) {
        let Some(found) = &mut self.found else { return };
        match found.iter().position(|(known, _)| *known == number) {
            Some(place) => found[place].1 += 1,
            None if found.len() == self.most => self.found = None,
            None => found.push((number, 1)),
        }
    }
}

impl Values<Box<str>> {
    /// Found by a hash: a search from the first on, which ends now here and now there, is one that no processor
    /// predicts.
    #[inline]
    pub(super) fn text(&mut self, text: &[u8]) {
        let Some(found) = &mut self.found else { return };
        let mut hash = hash(text);
        while let Some(place) = self.places[hash % PLACES].checked_sub(1) {
            let (known, rows) = &mut found[usize::from(place)];
            if known.as_bytes() == text {
                *rows += 1;
                return;
            }
            hash += 1;
        }
        match std::str::from_utf8(text) {
            Ok(text) if text.len() <= LONGEST && found.len() < self.most => {
                found.push((text.into(), 1));
                self.places[hash % PLACES] = found.len() as u8;
            }
            _ => self.found = None,
        }
    }
}

/// Of a text's length, first and last bytes: enough to tell a few from each other.
#[inline]
fn hash(text: &[u8]) -> usize {
    let (first, last) = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (u32::from_le_bytes(*first), u32::from_le_bytes(*last)),
        _ => text.iter().fold((0, 0), |(first, last), byte| (first << 8 | u32::from(*byte), last)),
    };
    let mixed = (u64::from(first) << 32 | u64::from(last)) ^ text.len() as u64;
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

impl<T: PartialOrd> Values<T> {
    /// The most frequent value first, then in order; none where they hardly occur twice, or there is only one.
    pub(super) fn finish(self, rows: u64, text: impl Fn(&T) -> String) -> Vec<(String, u64)> {
        let Some(mut found) = self.found else { return vec![] };
        if found.len() < 2 || (found.len() as u64) * 2 > rows {
            return vec![];
        }
        found.sort_by(|(a, of_a), (b, of_b)| {
            of_b.cmp(of_a).then(a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal))
        });
        found.into_iter().map(|(value, rows)| (text(&value), rows)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Values;

    fn counted(texts: &[&str]) -> Vec<(String, u64)> {
        let mut values = Values::new(3);
        texts.iter().for_each(|text| values.text(text.as_bytes()));
        values.finish(texts.len() as u64, |text| text.to_string())
    }

    #[test]
    fn the_order_of_rows_does_not_matter() {
        let expected = [("a".to_owned(), 3), ("b".to_owned(), 2), ("c".to_owned(), 2)];
        assert_eq!(counted(&["c", "a", "b", "a", "c", "b", "a"]), expected);
        assert_eq!(counted(&["b", "b", "a", "c", "a", "a", "c"]), expected);
    }

    #[test]
    fn too_many_or_too_rare_are_none() {
        assert_eq!(counted(&["a", "a", "b", "b", "c", "c", "d", "d"]), []);
        assert_eq!(counted(&["a", "b", "b"]), []);
        assert_eq!(counted(&["a", "a", "a"]), []);
        let long = "x".repeat(101);
        assert_eq!(counted(&[&long, &long, "a", "a"]), []);
    }

    #[test]
    fn numbers_are_in_their_order() {
        let mut values = Values::new(3);
        [10, 9, 10, 9].into_iter().for_each(|number| values.number(number));
        assert_eq!(values.finish(4, i64::to_string), [("9".to_owned(), 2), ("10".to_owned(), 2)]);
    }
}
