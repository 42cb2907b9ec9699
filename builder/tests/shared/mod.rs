//! The data that others made. It lies beside the repository, or where COLDPRESS_SHARED says.

use std::path::{Path, PathBuf};

/// A part of it, where it is there; a test that needs it is skipped otherwise, and says so.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("COLDPRESS_SHARED").map_or(beside, PathBuf::from).join(path);
    if shared.exists() {
        return Some(shared);
    }
    eprintln!("skipped: {} is absent (COLDPRESS_SHARED names another place)", shared.display());
    None
}
