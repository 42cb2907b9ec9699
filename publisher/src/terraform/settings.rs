//! The settings of another account than that of the roots' `terraform.tfvars`, such as one for staging: `NAME.tfvars`
//! beside it. Which of a root's variables they set, and to what, Terraform alone decides.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::init::InitRoots;
use crate::store::Failure;

/// Where Terraform finds the settings that were chosen. It reads such files after `terraform.tfvars`.
const CHOSEN: &str = "settings.auto.tfvars";

/// The file in which a person sets what a root's variables are. A data repository's roots have none for settings: they are
/// arguments in `main.tf`.
pub(crate) fn settings_file(root: &Path) -> PathBuf {
    let has_variables = root.join("variables.tf").is_file();
    root.join(if has_variables { "terraform.tfvars" } else { "main.tf" })
}

/// Puts `NAME.tfvars` of each root that has it in force, and without a name none: the names of these files. Errors: no
/// root has such a file.
pub(super) fn choose(directory: &Path, name: Option<&str>) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for root in InitRoots::Both.names() {
        let root = directory.join(root);
        let chosen = root.join(CHOSEN);
        if let Some(file) = name.map(|name| root.join(format!("{name}.tfvars"))).filter(|file| file.is_file())
        {
            std::fs::copy(&file, &chosen).map_err(Failure::io("write", &chosen))?;
            found.push(file.display().to_string());
        } else if let Err(error) = std::fs::remove_file(&chosen)
            && error.kind() != ErrorKind::NotFound
        {
            return Err(Failure::io("delete", &chosen)(error));
        }
    }
    match name {
        Some(name) if found.is_empty() => Err(Failure::refused(
            format!("there are no settings `{name}`"),
            format!(
                "write those that differ into {directory}/service/{name}.tfvars or {directory}/release/{name}.tfvars, and commit it",
                directory = directory.display()
            ),
        )),
        _ => Ok(found),
    }
}
