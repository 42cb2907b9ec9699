//! Ordinary files of many kinds: `builder init` writes exactly the expected descriptor and says exactly what it doubts;
//! `check` takes what it wrote, or finds the file's own fault, and it builds.
//!
//! Each directory of tests/init/ has one file, its `datapackage.json`, `stderr.txt`, and, where they are not usual,
//! `check.txt` (the findings) and `options.txt`. `COLDPRESS_WRITE_EXPECTED=1` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::Workspace;

/// The files of a case that are not its data.
const EXPECTED: [&str; 4] = ["datapackage.json", "stderr.txt", "check.txt", "options.txt"];

#[test]
fn what_init_writes_for_ordinary_files() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/init");
    let mut cases: Vec<PathBuf> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= 50);
    let failed: Vec<String> = cases.iter().filter_map(|case| run(case).err()).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Why a case fails.
fn run(case: &Path) -> Result<(), String> {
    let data = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    let data = data.filter(|path| !EXPECTED.iter().any(|name| path.ends_with(name))).collect::<Vec<_>>();
    let [data] = &data[..] else { return Err(format!("{}: one data file is expected", case.display())) };
    let path = format!("datasets/d/{}", data.file_name().unwrap().to_str().unwrap());
    let workspace = Workspace::new().file(&path, fs::read(data).unwrap());
    let options = fs::read_to_string(case.join("options.txt")).unwrap_or_default();
    let arguments: Vec<&str> =
        ["init", path.as_str()].into_iter().chain(options.split_whitespace()).collect();
    let ran = workspace.run(&arguments);
    expect(case, "stderr.txt", &ran.stderr)?;
    if ran.code != Some(0) {
        let written = workspace.path("datasets/d/datapackage.json").exists();
        return if written { Err(format!("{}: refused, but written", case.display())) } else { Ok(()) };
    }
    let descriptor = String::from_utf8(workspace.read("datasets/d/datapackage.json")).unwrap();
    expect(case, "datapackage.json", &descriptor)?;
    let checked = workspace.run(&["check", "--quiet"]);
    expect(case, "check.txt", &checked.stdout)?;
    let built = workspace.run(&["build", "--quiet"]);
    if built.code != checked.code {
        return Err(format!("{}: {}", case.display(), built.stderr));
    }
    Ok(())
}

/// Compares a text with the one in a file; no file is an empty text.
fn expect(case: &Path, name: &str, found: &str) -> Result<(), String> {
    let path = case.join(name);
    if std::env::var_os("COLDPRESS_WRITE_EXPECTED").is_some() {
        if found.is_empty() {
            let _ = fs::remove_file(&path);
        } else {
            fs::write(&path, found).unwrap();
        }
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    match found == expected {
        true => Ok(()),
        false => Err(format!("{}:\nexpected:\n{expected}\nfound:\n{found}", path.display())),
    }
}
