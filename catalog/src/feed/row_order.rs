//! In which order a table's rows were before a version, said by the order that they have in it.
//!
//! A row that both have goes by its place in the version, from 0; the rows that the version removed
//! follow these numbers, in the order of their keys' bytes. Runs of numbers are written as two: the
//! difference of the first one from the end of the run before, and the length; in LEB128, base64.
//!
//! Deliberately absent: the usual order, in which a version only appends rows. It is not written.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::leb128;

/// The order that those numbers are, as text; `None` where they are 0, 1, 2 and so on.
pub fn row_order_text(numbers: &[u32]) -> Option<String> {
    if numbers.iter().zip(0..).all(|(number, place)| *number == place) {
        return None;
    }
    let (mut bytes, mut end) = (vec![], 0_i64);
    for run in numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next)) {
        let first = run.first().map_or(0, |first| i64::from(*first));
        leb128::write(leb128::zigzag(first - end), &mut bytes);
        leb128::write(run.len() as u64, &mut bytes);
        end = first + run.len() as i64;
    }
    Some(STANDARD_NO_PAD.encode(bytes))
}

/// The numbers of an order that has `rows` of them, run by run, or `None` where the text is not one.
pub fn row_order(text: &str, rows: usize) -> Option<Vec<Range<u32>>> {
    let bytes = STANDARD_NO_PAD.decode(text).ok()?;
    let bytes = &mut &bytes[..];
    let (mut runs, mut left, mut end) = (vec![], rows, 0_i64);
    while !bytes.is_empty() {
        let first = end.checked_add(leb128::unzigzag(leb128::read(bytes)?))?;
        let length = leb128::read(bytes)?;
        left = left.checked_sub(usize::try_from(length).ok()?)?;
        end = first.checked_add(i64::try_from(length).ok()?)?;
        runs.push(u32::try_from(first).ok()?..u32::try_from(end).ok()?);
    }
    (left == 0).then_some(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_read_as_it_was_written() {
        for numbers in [vec![1, 0], vec![0, 1, 7, 2, 3], vec![5, 4, 3, 2, 1, 0], vec![u32::MAX - 1, 9]] {
            let text = row_order_text(&numbers).unwrap();
            let read = |rows| Some(row_order(&text, rows)?.into_iter().flatten().collect::<Vec<_>>());
            assert_eq!(read(numbers.len()), Some(numbers.clone()), "{text}");
            assert_eq!(row_order(&text, numbers.len() + 1), None);
            assert_eq!(row_order(&text, numbers.len() - 1), None);
        }
        assert_eq!(row_order_text(&[0, 1, 2]), None);
        assert_eq!(row_order_text(&[]), None);
        assert_eq!(row_order("*", 1), None);
    }

    #[test]
    fn a_row_in_the_middle_costs_a_few_bytes() {
        let numbers: Vec<u32> = (0..2_000).chain([4_999]).chain(2_000..4_999).collect();
        assert_eq!(row_order_text(&numbers).unwrap().len(), 14);
    }
}
