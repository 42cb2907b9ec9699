//! `coldpress_min(key, value)` and `coldpress_max(key, value)`: the value with the least or the
//! greatest key. Of several spellings with one key it is the first by its bytes, independent of the order
//! of rows.

use std::cmp::Ordering;

use rusqlite::Result;
use rusqlite::functions::{Aggregate, Context};
use rusqlite::types::Value;

/// What the key of a value that takes the place of another has to be to that one's.
pub(super) struct Extreme(pub(super) Ordering);

/// Key and value.
type Found = Option<(Vec<u8>, String)>;

impl Aggregate<Found, Value> for Extreme {
    fn init(&self, _: &mut Context<'_>) -> Result<Found> {
        Ok(None)
    }

    fn step(&self, context: &mut Context<'_>, found: &mut Found) -> Result<()> {
        // A value that is missing is neither.
        let (key, Some(value)) = (context.get_raw(0), context.get_raw(1).as_str_or_null()?) else {
            return Ok(());
        };
        let Some(key) = key.as_bytes_or_null()? else { return Ok(()) };
        let better = match found {
            None => true,
            Some((known, spelling)) => {
                let order = key.cmp(known.as_slice());
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
