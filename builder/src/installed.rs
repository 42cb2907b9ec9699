//! Programs that are installed with this one.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// A program of that name: the one beside this program, as an archive has them, else the first in PATH. The inner error is
/// the place beside this program, if the program is not installed. Errors: this program's own path is unknown.
pub fn installed(name: &str) -> Result<Result<PathBuf, PathBuf>, Failure> {
    let own = env::current_exe().map_err(Failure::io("find", Path::new("builder")))?;
    let beside = own.with_file_name(name);
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places =
        std::iter::once(beside.clone()).chain(env::split_paths(&path).map(|place| place.join(name)));
    Ok(places.find(|place| place.is_file()).ok_or(beside))
}
