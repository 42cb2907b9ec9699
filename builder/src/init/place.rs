//! How a descriptor names a file, and how a descriptor is written.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::failure::Failure;

/// The directory of a descriptor.
pub(super) fn output_directory(output: &Path) -> &Path {
    output.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file's path as a descriptor in `directory` says it. Errors: the file is elsewhere, or hidden.
pub(super) fn file_in(file: &Path, directory: &Path) -> Result<String, Failure> {
    let root = fs::canonicalize(directory).map_err(Failure::io("read", directory))?;
    let full = fs::canonicalize(file).map_err(Failure::io("read", file))?;
    let file = file.display();
    let below = full.strip_prefix(&root).map_err(|_| {
        let directory = directory.display();
        Failure::Refused(format!("`{file}` must be in `{directory}` or below, where its descriptor goes"))
    })?;
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    let parts = parts.ok_or_else(|| {
        Failure::Refused(format!("`{file}`: a descriptor can't name a path that is not UTF-8"))
    })?;
    if let Some(hidden) = parts.iter().find(|part| part.starts_with('.')) {
        return Err(Failure::Refused(format!("`{file}`: `{hidden}` is hidden, so it can't be published")));
    }
    Ok(parts.join("/"))
}

/// Writes a descriptor: beside the target first, so that there is never half of one. `replaces` is for one that has
/// been read.
pub(super) fn write(output: &Path, text: &[u8], replaces: bool) -> Result<(), Failure> {
    // A link stays a link.
    let target = if replaces { fs::canonicalize(output) } else { Ok(output.to_owned()) };
    let target = target.map_err(Failure::io("write", output))?;
    let mut file =
        tempfile::NamedTempFile::new_in(output_directory(&target)).map_err(Failure::io("write", output))?;
    file.write_all(text).map_err(Failure::io("write", output))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let readable = match fs::metadata(&target) {
            Ok(metadata) if replaces => metadata.permissions(),
            _ => fs::Permissions::from_mode(0o644),
        };
        file.as_file().set_permissions(readable).map_err(Failure::io("write", output))?;
    }
    file.as_file().sync_all().map_err(Failure::io("write", output))?;
    let written = if replaces { file.persist(&target) } else { file.persist_noclobber(&target) };
    match written {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Failure::Refused(format!("`{}` has been written by another program", output.display())))
        }
        Err(error) => Err(Failure::io("write", output)(error.error)),
    }
}
