//! Data Package v2 and Table Schema v2: descriptors with line numbers, and the values of cells.
//!
//! A cell is processed in one direction: `descriptor` reads what it must be into the types of `schema`, `cell` turns
//! its text into a value or a problem. A problem is a `finding` with file, line and code.
//!
//! Deliberately absent: reading CSV files and what becomes of the rows.

pub mod cell;
pub mod count;
pub mod descriptor;
pub mod encoding;
pub mod finding;
mod json_string;
pub mod names;
pub mod schema;
