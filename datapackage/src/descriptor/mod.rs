//! datapackage.json, .yaml or .yml -> typed schema (Data Package v2, v1 read too).
//!
//! Everything a descriptor says is either taken into the types of `schema`, kept in `about` as
//! documentation, or named in a finding. Deliberately absent: opening the CSV files and what a
//! cell's text means (`cell`).

mod constraints;
mod dialect;
mod document;
mod field;
mod files;
mod keys;
mod load;
mod load_error;
mod missing_values;
mod options;
mod package;
mod part;
mod references;
mod resource;
pub mod resources;
mod root;
mod schema;
mod section;
mod syntax;
pub mod version;

pub use load::load;
pub use load_error::LoadError;
pub use root::DESCRIPTORS;
pub use syntax::MAX_BYTES;
