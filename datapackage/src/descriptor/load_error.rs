//! Why descriptors can not be loaded at all.

use std::path::PathBuf;
use std::{fmt, io};

/// What stops the tool itself.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// A directory can not be listed.
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A descriptor can not be read.
    Descriptor {
        /// The descriptor.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Directory { path, .. } => write!(f, "can't list the directory {}", path.display()),
            Self::Descriptor { path, .. } => write!(f, "can't read {}", path.display()),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Directory { source, .. } | Self::Descriptor { source, .. } => Some(source),
        }
    }
}
