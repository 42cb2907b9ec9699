//! Where the states of Terraform's roots are stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The objects in S3 that hold the states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backend {
    /// The bucket.
    pub bucket: String,
    /// The bucket's region.
    pub region: String,
    /// The object's key, by root.
    pub keys: BTreeMap<String, String>,
}
