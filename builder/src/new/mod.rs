//! A new data repository: an example dataset, the workflow that calls Coldpress's own by version, and Terraform's
//! roots, which call its modules by version. The templates are in the program, so nothing is downloaded.

use std::fs;
use std::io;
use std::path::Path;

use crate::failure::Failure;

/// Each file's path in the repository, and its text. `{{name}}` is the repository's name, `{{coldpress}}` the OWNER/NAME
/// of Coldpress on GitHub, `{{version}}` the version of this program.
const TEMPLATES: [(&str, &str); 12] = [
    (".github/dependabot.yml", include_str!("template/dependabot.yml")),
    (".github/workflows/data.yml", include_str!("template/data.yml")),
    (".gitignore", include_str!("template/gitignore")),
    ("README.md", include_str!("template/README.md")),
    ("datasets/herbs/datapackage.json", include_str!("template/datapackage.json")),
    ("datasets/herbs/herbs.csv", include_str!("template/herbs.csv")),
    ("terraform/.gitignore", include_str!("../../../terraform/.gitignore")),
    ("terraform/bootstrap/main.tf", include_str!("template/bootstrap.tf")),
    ("terraform/release/main.tf", include_str!("template/release.tf")),
    ("terraform/release/root.tf", include_str!("template/release_root.tf")),
    ("terraform/service/main.tf", include_str!("template/service.tf")),
    ("terraform/service/root.tf", include_str!("template/service_root.tf")),
];

/// Where Coldpress is on GitHub: Cargo.toml names it, and tools.yml compares it with the repository that it releases in.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Writes a data repository into `directory`, which may exist if it is empty. Returns the paths of its files, in order.
/// Errors: `directory` has files, or can't be written; then nothing is left in it.
pub fn new(directory: &Path) -> Result<Vec<&'static str>, Failure> {
    let made = match fs::create_dir(directory) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
        Err(error) => return Err(Failure::io("create", directory)(error)),
    };
    if !made && fs::read_dir(directory).map_err(Failure::io("read", directory))?.next().is_some() {
        let directory = directory.display();
        return Err(Failure::Refused(format!(
            "`{directory}` is not empty\n  help: name a directory that does not exist yet, or one without files"
        )));
    }
    fill(directory).inspect_err(|_| {
        // What can't be removed either is no worse than the failure that is reported.
        if made {
            let _ = fs::remove_dir(directory);
        }
    })?;
    Ok(TEMPLATES.iter().map(|(path, _)| *path).collect())
}

/// Writes all files beside their places, then moves them there.
fn fill(directory: &Path) -> Result<(), Failure> {
    let failed = |error| Failure::io("write", directory)(error);
    let full = fs::canonicalize(directory).map_err(failed)?;
    let name = full.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let staged = tempfile::Builder::new().prefix(".new-").tempdir_in(directory).map_err(failed)?;
    for (path, template) in TEMPLATES {
        let file = staged.path().join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(file, filled(template, &name)).map_err(failed)?;
    }
    let mut entries: Vec<_> =
        fs::read_dir(staged.path()).and_then(Iterator::collect::<Result<_, _>>).map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        fs::rename(entry.path(), directory.join(entry.file_name())).map_err(failed)?;
    }
    Ok(())
}

fn filled(template: &str, name: &str) -> String {
    template
        .replace("{{name}}", name)
        .replace("{{coldpress}}", REPOSITORY.trim_start_matches("https://github.com/"))
        .replace("{{version}}", env!("CARGO_PKG_VERSION"))
}
