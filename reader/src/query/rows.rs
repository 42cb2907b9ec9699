//! Rows one after another.

use super::Fetched;
use crate::error::Error;
use crate::sql::Label;

/// How many rows there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RowCount {
    pub(crate) rows: u64,
    /// There are more than were asked for.
    pub(crate) more: bool,
}

/// Where rows come from.
pub(crate) trait Rows<'a> {
    /// Goes through the rows; `each` gets every row that is shown. Errors: those of reading, and
    /// those of `each`, which end it.
    fn each(
        &mut self,
        each: impl FnMut(&mut Fetched<'_, 'a>) -> Result<(), Error>,
    ) -> Result<RowCount, Error>;

    /// The names of the members that a row makes, in order.
    fn labels(&self) -> Vec<&'a Label>;
}
