//! The files of a resource: their paths, which must be inside the dataset's directory
//! (Data Package v2, glossary, "URL or Path").

use std::fs::{self, File};

use super::document::Data;
use super::root::Root;
use super::section::{FileFindings, Section};
use crate::finding::Code;
use crate::schema::{DataFile, Hash, HashAlgorithm};

/// The files that `path` names; `None`, with findings, where one of them can't be used.
pub(super) fn read(
    root: &Root<'_>,
    below: &str,
    section: &Section<'_>,
    report: &mut FileFindings<'_>,
) -> Option<Vec<DataFile>> {
    let node = section.node;
    if let Some(data) = section.get("data") {
        let message = format!("{}: inline `data` is not supported", section.owner);
        let help = "put the rows in a CSV file and name it in `path`".to_owned();
        report.error_with_help(data.line, Code::Unsupported, message, help);
        return None;
    }
    // v0 called it `url`.
    let name = if section.get("path").is_none() && section.get("url").is_some() { "url" } else { "path" };
    if section.get(name).is_none() {
        section.error(node.line, Code::MissingProperty, "`path` is missing", report);
        return None;
    }
    let paths = section.strings(name, report)?;
    if paths.is_empty() {
        section.error(node.line, Code::MissingProperty, "`path` is empty", report);
        return None;
    }
    let mut files: Vec<DataFile> = Vec::new();
    let mut usable = true;
    for (path, line) in &paths {
        match locate(root, below, &section.owner, name, path, *line, report) {
            Some(file) if files.iter().any(|other| other.path == file.path) => {
                let message = format!("`{name}`: \"{path}\" is listed twice");
                section.error(*line, Code::InvalidProperty, &message, report);
                usable = false;
            }
            Some(file) => files.push(file),
            None => usable = false,
        }
    }
    usable &= compression(section, &mut files, report);
    checks(section, &mut files, report);
    usable.then_some(files)
}

/// A file by its path in a descriptor.
pub(super) fn locate(
    root: &Root<'_>,
    below: &str,
    owner: &str,
    property: &str,
    path: &str,
    line: u64,
    report: &mut FileFindings<'_>,
) -> Option<DataFile> {
    let shown = path.escape_debug();
    if let Some(reason) = unsafe_path(path) {
        let message = format!("{owner}: `{property}`: \"{shown}\" {}", reason.text);
        report.error(line, reason.code, message);
        return None;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let directory = below.rsplit_once('/').map_or("", |(directory, _)| directory);
    let file_below = match directory {
        "" => parts.join("/"),
        directory => format!("{directory}/{}", parts.join("/")),
    };
    let file = root.join(&file_below);
    let missing = |reason: String, report: &mut FileFindings<'_>| {
        report.error(line, Code::MissingFile, format!("{owner}: `{property}`: \"{shown}\" {reason}"));
        None
    };
    let metadata = match fs::metadata(&file) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return missing("does not exist".to_owned(), report);
        }
        Err(error) => return missing(format!("can't be read: {}", reason(&error)), report),
    };
    // Symbolic links are followed as long as they stay inside.
    let inside = fs::canonicalize(root.join(directory))
        .and_then(|directory| Ok(fs::canonicalize(&file)?.starts_with(directory)));
    match inside {
        Ok(true) => {}
        Ok(false) => {
            let message = format!(
                "{owner}: `{property}`: \"{shown}\" is a link that points outside the dataset's directory"
            );
            report.error(line, Code::UnsafePath, message);
            return None;
        }
        Err(error) => return missing(format!("can't be read: {}", reason(&error)), report),
    }
    if metadata.is_dir() {
        return missing("is a directory".to_owned(), report);
    }
    // Opening a pipe would wait for its other end.
    if !metadata.is_file() {
        return missing("is not a regular file".to_owned(), report);
    }
    if let Err(error) = File::open(&file) {
        return missing(format!("can't be read: {}", reason(&error)), report);
    }
    let gzip = file_below.to_ascii_lowercase().ends_with(".gz");
    Some(DataFile { file, path: file_below, gzip, bytes: None, hash: None })
}

/// An error of the system without its number, which differs between systems.
fn reason(error: &std::io::Error) -> String {
    error.kind().to_string()
}

struct Refusal {
    code: Code,
    text: &'static str,
}

fn unsafe_path(path: &str) -> Option<Refusal> {
    let refuse = |text| Some(Refusal { code: Code::UnsafePath, text });
    let scheme = path.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    if path.trim().is_empty() {
        return Some(Refusal { code: Code::InvalidProperty, text: "is empty" });
    }
    if scheme {
        return Some(Refusal {
            code: Code::Unsupported,
            text: "is a URL; the data must be in the dataset's directory",
        });
    }
    if path.contains('\0') {
        return refuse("contains a zero byte");
    }
    if path.contains('\\') {
        return refuse("contains a backslash; paths are separated by `/`");
    }
    let drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
    if path.starts_with('/') || drive {
        return refuse("is an absolute path; it must be relative to the descriptor");
    }
    let mut parts = path.split('/');
    if parts.clone().any(|part| part == "..") {
        return refuse("points outside the dataset's directory; `..` is not allowed");
    }
    if parts.any(|part| part.starts_with('.') && part != ".") {
        return refuse("is a hidden file, which is not allowed");
    }
    None
}

/// The `compression` property of the recipe "Compression of resources". Whether all went well.
fn compression(section: &Section<'_>, files: &mut [DataFile], report: &mut FileFindings<'_>) -> bool {
    if section.get("compression").is_none() {
        return true;
    }
    match section.string("compression", report) {
        Some("gz") => {
            files.iter_mut().for_each(|file| file.gzip = true);
            true
        }
        Some("no" | "") => {
            files.iter_mut().for_each(|file| file.gzip = false);
            true
        }
        Some(other) => {
            let line = section.get("compression").map_or(section.node.line, |node| node.line);
            let message = format!("compression \"{other}\" is not supported, only gz");
            section.error(line, Code::Unsupported, &message, report);
            false
        }
        None => false,
    }
}

/// `bytes` and `hash`, which can be checked where there is one file.
fn checks(section: &Section<'_>, files: &mut [DataFile], report: &mut FileFindings<'_>) {
    let bytes = section.integer("bytes", 0, report);
    let hash = hash(section, report);
    if let [file] = files {
        file.bytes = bytes;
        file.hash = hash;
        return;
    }
    for name in ["bytes", "hash"] {
        if let (Some(node), true) = (section.get(name), files.len() > 1) {
            let message =
                format!("{}: `{name}` is not checked where `path` lists several files", section.owner);
            report.warning(node.line, Code::Unsupported, message, None);
        }
    }
}

fn hash(section: &Section<'_>, report: &mut FileFindings<'_>) -> Option<Hash> {
    let text = section.string("hash", report)?;
    let node = section.get("hash")?;
    debug_assert!(matches!(node.data, Data::String(_)));
    let (name, digest) = text.split_once(':').unwrap_or(("md5", text));
    let (algorithm, length) = match name.to_ascii_lowercase().as_str() {
        "md5" => (HashAlgorithm::Md5, 32),
        "sha1" => (HashAlgorithm::Sha1, 40),
        "sha256" => (HashAlgorithm::Sha256, 64),
        "sha512" => (HashAlgorithm::Sha512, 128),
        _ => {
            let message = format!("{}: hash algorithm \"{name}\" is not supported", section.owner);
            let help = "supported: md5, sha1, sha256, sha512".to_owned();
            report.error_with_help(node.line, Code::Unsupported, message, help);
            return None;
        }
    };
    if digest.len() != length || !digest.bytes().all(|b| b.is_ascii_hexdigit()) {
        let message = format!("`hash` must be {length} hexadecimal digits for {name}, not \"{digest}\"");
        section.error(node.line, Code::InvalidProperty, &message, report);
        return None;
    }
    Some(Hash { algorithm, digest: digest.to_ascii_lowercase() })
}
