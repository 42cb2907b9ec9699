//! What a descriptor says, as types: datasets, tables, their files, dialects and fields
//! (Data Package v2, Data Resource v2, Table Dialect v2, Table Schema v2).
//!
//! Deliberately absent: reading descriptors (`descriptor`) and cells (`cell`).

mod constraints;
mod data_file;
mod dataset;
mod dialect;
mod field;
mod table;

pub use constraints::Constraints;
pub use data_file::{DataFile, Hash, HashAlgorithm};
pub use dataset::Dataset;
pub use dialect::Dialect;
pub use field::{Field, Options};
pub use table::{FieldsMatch, Table};
