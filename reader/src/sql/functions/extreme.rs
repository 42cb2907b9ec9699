//! `coldpress_min(key, value)` and `coldpress_max(key, value)`: the value with the least or the
//! greatest key. Of several spellings with one key it is the first by its bytes, independent of the order
//! of rows.

use std::cmp::Ordering;

use rusqlite::functions::{Aggregate, Context};
use rusqlite::types::Value;
use rusqlite::{Error, Result};

/// What the key of a value that takes the place of another has to be to that one's.
pub(super) struct Extreme(pub(super) Ordering);

/// Key and value.
type Found = Option<(String, String)>;

impl Aggregate<Found, Value> for Extreme {
    fn init(&self, _: &mut Context<'_>) -> Result<Found> {
        Ok(None)
    }

    fn step(&self, context: &mut Context<'_>, found: &mut Found) -> Result<()> {
        let text = |index| context.get_raw(index).as_str_or_null().map_err(Error::from);
        // A value that is missing is neither.
        let (Some(key), Some(value)) = (text(0)?, text(1)?) else { return Ok(()) };
        let better = match found {
            None => true,
            Some((known, spelling)) => {
                let order = key.cmp(known);
                order == self.0 || order.is_eq() && value < spelling.as_str()
            }
        };
        if better {
            *found = Some((key.to_owned(), value.to_owned()));
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, found: Option<Found>) -> Result<Value> {
        Ok(found.flatten().map_or(Value::Null, |(_, value)| Value::Text(value)))
    }
}
