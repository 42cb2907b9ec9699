//! Where Terraform's state is stored.

use serde::{Deserialize, Serialize};

/// The object in S3 that holds the state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backend {
    /// The bucket.
    pub bucket: String,
    /// The object's key.
    pub key: String,
    /// The bucket's region.
    pub region: String,
}
