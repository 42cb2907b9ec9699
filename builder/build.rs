//! Gives the program a number that changes with its sources: what it keeps in a cache holds for the
//! program that computed it, and for no other.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() {
    let mut files = vec![];
    for directory in ["src", "../catalog/src", "../datapackage/src"] {
        println!("cargo:rerun-if-changed={directory}");
        // Where the sources are not, nothing is compiled either.
        let _ = collect(Path::new(directory), &mut files);
    }
    println!("cargo:rerun-if-changed=../Cargo.lock");
    files.push("../Cargo.lock".into());
    files.sort();
    let mut hash = DefaultHasher::new();
    for file in &files {
        file.hash(&mut hash);
        fs::read(file).unwrap_or_default().hash(&mut hash);
    }
    println!("cargo:rustc-env=COLDPRESS_SOURCES={:016x}", hash.finish());
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}
