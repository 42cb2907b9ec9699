//! The values of a column that has few, each with its rows.

/// Longer texts are nothing to choose from.
const LONGEST: usize = 100;

/// Distinct values with their rows, until there are too many.
#[derive(Debug)]
pub(super) struct Values<T> {
    most: usize,
    /// `None` once there were more than `most`. What is frequent moves to the front.
    found: Option<Vec<(T, u64)>>,
}

impl<T> Values<T> {
    pub(super) fn new(most: usize) -> Self {
        Self { most, found: Some(vec![]) }
    }

    pub(super) fn of<const N: usize>(counted: [(T, u64); N]) -> Self {
        let found = counted.into_iter().filter(|(_, rows)| *rows > 0).collect();
        Self { most: N, found: Some(found) }
    }

    #[inline]
    fn add(&mut self, is: impl Fn(&T) -> bool, value: impl FnOnce() -> T) {
        let Some(found) = &mut self.found else { return };
        match found.iter().position(|(known, _)| is(known)) {
            Some(0) => found[0].1 += 1,
            Some(place) => {
                found[place].1 += 1;
                found.swap(place, place - 1);
            }
            None if found.len() == self.most => self.found = None,
            None => found.push((value(), 1)),
        }
    }
}

impl<T: PartialEq + Copy> Values<T> {
    #[inline]
    pub(super) fn number(&mut self, number: T) {
        self.add(|known| *known == number, || number);
    }
}

impl Values<Box<str>> {
    #[inline]
    pub(super) fn text(&mut self, text: &[u8]) {
        if self.found.is_none() {
            return;
        }
        match std::str::from_utf8(text) {
            Ok(text) if text.len() <= LONGEST => self.add(|known| **known == *text, || text.into()),
            _ => self.found = None,
        }
    }
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
