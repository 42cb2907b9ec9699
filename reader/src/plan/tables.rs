//! What the plan needs of the catalog.

use std::rc::Rc;

use catalog::Table;

use crate::error::Error;

/// The tables of a release. A name that is not there is an answer, not an error.
pub(crate) trait Tables {
    fn table(&self, name: &str) -> Result<Option<Rc<Table>>, Error>;
}
