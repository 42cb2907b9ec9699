//! Patterns of `like`, `ilike`, `match` and `imatch`: compiled, and matched in steps that can be
//! stopped. A call of one is a single step to SQLite, however long it takes, so each asks by itself
//! whether its time is over.

mod classes;
mod like;
mod regex;
mod search;

pub(crate) use like::{Like, globs, range};
pub(crate) use regex::compiled;
