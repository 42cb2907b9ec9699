//! examples/library, the tables of the examples in docs/query.md, with a history.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use builder::history::Options;
use serde_json::Value;

use crate::package::Files;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/library");
const DESCRIPTOR: &str = "datapackage.json";

/// The files of a Data Package by name.
type Package = BTreeMap<String, String>;

/// The release of the example, built once.
pub(crate) fn release() -> &'static Files {
    static RELEASE: OnceLock<Files> = OnceLock::new();
    RELEASE.get_or_init(|| {
        let repository = tempfile::tempdir().unwrap();
        let root = repository.path();
        git(root, "", &["init", "--quiet", "--object-format=sha1", "--initial-branch=main"]);
        let now = read();
        for (version, date, package) in history(&now) {
            write(root, &package);
            git(root, date, &["add", "--all"]);
            git(root, date, &["commit", "--quiet", "--message", version]);
        }
        write(root, &now);
        Files::build(root, Some(&Options { cache: None, ..Options::default() }))
    })
}

/// Its versions, of which the first one begins the feed: a book came and another one went, a price
/// was changed, and `genres` got another key. `scraps` is not committed.
fn history(now: &Package) -> [(&'static str, &'static str, Package); 3] {
    let mut package = now.clone();
    package.remove("scraps.csv").unwrap();
    edit_descriptor(&mut package, |descriptor| {
        let resources = descriptor["resources"].as_array_mut().unwrap();
        resources.retain(|resource| resource["name"] != "scraps");
    });
    let third = package.clone();
    edit(&mut package, "books.csv", "2,Solaris,2,2,9,", "2,Solaris,2,2,8,");
    edit_descriptor(&mut package, |descriptor| {
        descriptor["version"] = "1.1.0".into();
        let resources = descriptor["resources"].as_array_mut().unwrap();
        let genres = resources.iter_mut().find(|resource| resource["name"] == "genres").unwrap();
        genres["schema"]["primaryKey"] = "name".into();
        genres["schema"]["uniqueKeys"] = serde_json::json!([["id"]]);
    });
    let second = package.clone();
    edit(&mut package, "books.csv", "4,Beowulf,4,,,,\n", "5,Kallocain,4,,7.5,192,1940-01-01\n");
    edit(&mut package, "books_genres.csv", "4,4\n", "");
    edit_descriptor(&mut package, |descriptor| descriptor["version"] = "1.0.0".into());
    [
        ("1.0.0", "2024-01-10T08:00:00Z", package),
        ("1.1.0", "2024-03-01T12:30:00Z", second),
        ("1.2.0", "2024-06-05T17:00:00Z", third),
    ]
}

fn edit(package: &mut Package, file: &str, from: &str, to: &str) {
    let text = package.get_mut(file).unwrap();
    assert_eq!(text.matches(from).count(), 1, "`{from}` in {file}");
    *text = text.replace(from, to);
}

fn edit_descriptor(package: &mut Package, edit: impl FnOnce(&mut Value)) {
    let text = package.get_mut(DESCRIPTOR).unwrap();
    let mut descriptor = serde_json::from_str(text).unwrap();
    edit(&mut descriptor);
    *text = serde_json::to_string_pretty(&descriptor).unwrap();
}

fn read() -> Package {
    let files = std::fs::read_dir(EXAMPLE).unwrap().map(|entry| {
        let entry = entry.unwrap();
        (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
    });
    files.collect()
}

fn write(root: &Path, package: &Package) {
    for (name, text) in package {
        std::fs::write(root.join(name), text).unwrap();
    }
}

pub(crate) fn git(root: &Path, date: &str, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(root).args(arguments);
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "A").env(format!("GIT_{role}_EMAIL"), "a@example.org");
        command.env(format!("GIT_{role}_DATE"), date);
    }
    // A hook's variables would point Git at the hook's repository.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
