//! The memory of tables as they were, on the plain server: only so many moments are kept, and each mostly in a file.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use builder::history::Options;

use crate::example::git;
use crate::package::Files;
use crate::server::Server;

/// More than a process keeps.
const VERSIONS: usize = 8;

/// Rows, each of about 700 bytes: 7 MB for a version.
const ROWS: usize = 10_000;

fn release(directory: &Path) {
    let repository = tempfile::tempdir().unwrap();
    let root = repository.path();
    git(root, "", &["init", "--quiet", "--initial-branch=main"]);
    let dataset = root.join("d");
    fs::create_dir(&dataset).unwrap();
    for version in 0..VERSIONS {
        let descriptor = r#"{"name": "d", "version": "1.VERSION.0", "resources": [{"name": "texts", "path": "texts.csv",
            "schema": {"primaryKey": "id", "fields": [{"name": "id", "type": "integer"}, {"name": "text"}]}}]}"#;
        let descriptor = descriptor.replace("VERSION", &version.to_string());
        fs::write(dataset.join("datapackage.json"), descriptor).unwrap();
        let mut csv = "id,text\n".to_owned();
        for id in 0..ROWS {
            let changed = if id % 97 == 0 { version } else { 0 };
            writeln!(csv, "{id},{}", format!("row {id} of {changed} ").repeat(40)).unwrap();
        }
        fs::write(dataset.join("texts.csv"), csv).unwrap();
        let date = format!("2025-01-{:02}T12:00:00Z", version + 1);
        git(root, &date, &["add", "--all"]);
        git(root, &date, &["commit", "--quiet", "--message", "version"]);
    }
    Files::build(root, Some(&Options { cache: None, ..Options::default() })).write(directory);
}

#[test]
fn all_moments_together_take_bounded_memory() {
    let directory = tempfile::tempdir().unwrap();
    release(directory.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_reader"));
    command.env("COLDPRESS_QUERY_MS", "60000").stderr(Stdio::null());
    let server = Server::with(&mut command, directory.path());
    for _ in 0..2 {
        for version in 0..VERSIONS {
            let url = format!(
                "/-/at/1.{version}.0/texts?select=id&text=like.row*of%20{version}%20*&limit=2&order=id.desc"
            );
            let answer = server.get(&url);
            let expected = if version == 0 { r#"[{"id":9999},"# } else { r#"[{"id":9991},"# };
            assert!(
                answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains(expected),
                "{url}: {answer}"
            );
        }
    }
    let status = fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: usize = peak.trim().trim_end_matches(" kB").parse().unwrap();
    // All versions would be 56 MB, for each thread.
    assert!(kilobytes < 48 * 1024, "{kilobytes} kB");
}
