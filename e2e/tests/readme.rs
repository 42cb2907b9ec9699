//! The README's blocks run, in order, in a copy of the repository: a block that is marked `sh` is
//! run, in one that is marked `console` the answers must be those that stand there.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // a test that is skipped says so

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What `make run` serves on; the copy is served on a free port in its place.
const ADDRESS: &str = "127.0.0.1:8787";

#[test]
fn every_block_runs() {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: the README's commands need git, which is not there");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let copy = tempfile::Builder::new().prefix("a checkout with blanks ").tempdir().unwrap();
    let blocks = blocks(&readme);
    assert!(readme.lines().count() < 250, "the README is for newcomers");
    let mut site: Option<Site> = None;
    let mut ran = 0;
    for (language, body) in &blocks {
        match language.as_str() {
            "sh" => {
                assert_eq!(body.trim(), "make run", "the one block that a person runs first");
                site = Some(Site::start(root, copy.path()));
            }
            "console" => {
                let site = site.as_ref().expect("`make run` comes first");
                for (command, expected) in transcript(body) {
                    site.answers(&command.replace(ADDRESS, &site.address), &expected);
                    ran += 1;
                }
            }
            "text" => {}
            other => panic!("a block is marked {other:?}; mark it sh, console or text"),
        }
    }
    assert!(ran > 10, "{ran} commands");
}

/// A copy of what `make run` needs, served by it.
struct Site {
    directory: PathBuf,
    address: String,
    make: Child,
}

impl Site {
    /// `make run`, with the binaries of this build where it would have compiled them.
    fn start(root: &Path, directory: &Path) -> Self {
        let git = |arguments: &[&str]| {
            let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
            assert!(
                Command::new("git")
                    .args(identity)
                    .args(arguments)
                    .current_dir(directory)
                    .status()
                    .unwrap()
                    .success()
            );
        };
        copy(&root.join("datasets"), &directory.join("datasets"));
        fs::copy(root.join("Makefile"), directory.join("Makefile")).unwrap();
        fs::create_dir_all(directory.join("target/local")).unwrap();
        for name in ["builder", "reader"] {
            let binary = Path::new(env!("CARGO_BIN_EXE_lambda-double")).with_file_name(name);
            assert!(binary.exists(), "{name} is built by `cargo test --workspace`");
            fs::copy(binary, directory.join("target/local").join(name)).unwrap();
        }
        git(&["init", "-q"]);
        git(&["add", "datasets"]);
        git(&["commit", "-q", "-m", "datasets"]);
        let mut make = Command::new("make")
            .current_dir(directory)
            .args(["--no-print-directory", "run", "BINARIES=target/local", "LISTEN=127.0.0.1:0"])
            .env_remove("MAKEFLAGS") // of the `make test` around it
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stdout = BufReader::new(make.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let address = line.trim_end().rsplit_once("http://").expect("it is served").1.to_owned();
        // What else it prints, findings above all, must find a reader.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        Self { directory: directory.to_owned(), address, make }
    }

    /// Compares what a command prints. A change of a file is served within a moment, so a request that
    /// comes too early is made again.
    fn answers(&self, command: &str, expected: &str) {
        let mut found = self.run(command);
        for _ in 0..200 {
            if found == expected || !command.starts_with("curl ") {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
            found = self.run(command);
        }
        assert_eq!(found, expected, "$ {command}");
    }

    /// The command's whole output, without the last line's end.
    fn run(&self, command: &str) -> String {
        let output = Command::new("bash")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(&self.directory)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // make passes it on, and `builder serve` ends its reader.
        let _ = Command::new("kill").arg(self.make.id().to_string()).status();
        let _ = self.make.wait();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The fenced blocks: language and body, without the indentation of a list.
fn blocks(markdown: &str) -> Vec<(String, String)> {
    let mut blocks = vec![];
    let mut open: Option<(String, String, usize)> = None;
    for line in markdown.lines() {
        let indent = line.len() - line.trim_start().len();
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.to_owned(), String::new(), indent)),
            (Some(_), Some("")) => {
                let (language, body, _) = open.take().unwrap();
                blocks.push((language, body));
            }
            (Some((_, body, indent)), _) => {
                body.push_str(line.get(*indent..).unwrap_or_default());
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

/// The commands of a console block, each with what stands below it.
fn transcript(body: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = vec![];
    for line in body.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command.to_owned(), String::new())),
            (None, Some((_, output))) => {
                if !output.is_empty() {
                    output.push('\n');
                }
                output.push_str(line);
            }
            (None, None) => panic!("a console block starts with a command, not {line:?}"),
        }
    }
    commands
}
