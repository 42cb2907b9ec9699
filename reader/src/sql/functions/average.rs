//! `coldpress_avg(value)`: the exact average of integers, as the text of its digits.

use rusqlite::Result;
use rusqlite::functions::{Aggregate, Context};
use rusqlite::types::ValueRef;

use crate::sql::number;

pub(super) struct Average;

/// The sum, and how many there are.
type Sum = (i128, i64);

impl Aggregate<Sum, Option<String>> for Average {
    fn init(&self, _: &mut Context<'_>) -> Result<Sum> {
        Ok((0, 0))
    }

    fn step(&self, context: &mut Context<'_>, (sum, count): &mut Sum) -> Result<()> {
        if let ValueRef::Integer(value) = context.get_raw(0) {
            *sum += i128::from(value);
            *count += 1;
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, sum: Option<Sum>) -> Result<Option<String>> {
        Ok(sum.filter(|(_, count)| *count > 0).map(|(sum, count)| number::average(sum, count)))
    }
}
