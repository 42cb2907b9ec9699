//! Why descriptors can not be loaded at all.

use std::io;
use std::path::PathBuf;

/// What stops the tool itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// A directory can not be listed.
    #[error("can't list the directory {}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A descriptor can not be read.
    #[error("can't read {}", path.display())]
    Descriptor {
        /// The descriptor.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}
