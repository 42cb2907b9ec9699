//! One Data Package.

use super::Table;

/// One Data Package: a directory with a descriptor.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The package's `name`, or the directory's name where it has none.
    pub name: String,
    /// The package's `version`, as given.
    pub version: Option<String>,
    /// The descriptor's path below the datasets directory, with `/` between the parts.
    pub path: String,
    /// The descriptor as JSON, without `resources`.
    pub about: String,
    /// Its tabular resources, in the descriptor's order.
    pub tables: Vec<Table>,
}
