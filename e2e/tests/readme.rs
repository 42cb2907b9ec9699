//! Every block of the README runs, in order, in a copy of the repository: `sh` is the first command
//! to run, `console` has commands with their exact output, `text` is not code.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // a test that is skipped says so

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The address of `make run`; the test uses a free port instead.
const ADDRESS: &str = "127.0.0.1:8787";
/// The address of `builder serve` in the README; the test uses a free port instead.
const OWN: &str = "127.0.0.1:8788";

#[test]
fn every_block_runs() {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("skipped: the README's commands need git, which is not installed");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let copy = tempfile::Builder::new().prefix("a checkout with spaces ").tempdir().unwrap();
    let blocks = blocks(&readme);
    assert!(readme.lines().count() < 250, "the README is for newcomers");
    let site = Site::start(root, copy.path());
    let mut own: Option<Serving> = None;
    let (mut ran, mut started) = (0, 0);
    for (language, body) in &blocks {
        match language.as_str() {
            "sh" => {
                assert_eq!(body.trim(), "make run", "the one block that a person runs first");
                started += 1;
            }
            "console" => {
                for (command, expected) in transcript(body) {
                    if command.starts_with("python3 ")
                        && Command::new("python3").arg("--version").output().is_err()
                    {
                        eprintln!("skipped: Python is not installed: $ {command}");
                        continue;
                    }
                    ran += 1;
                    if command.contains(" serve ") {
                        let (serving, found) = Serving::start(&site, &command, expected.lines().count());
                        assert_eq!(found, expected, "$ {command}");
                        own = Some(serving);
                        continue;
                    }
                    let mut real = command.replace(ADDRESS, &site.address);
                    if let Some(own) = &own {
                        real = real.replace(OWN, &own.address);
                    }
                    let mut found = site.run(&real);
                    // An edit is served once it is built: two minutes and more are for the slowest machine.
                    for _ in 0..2_400 {
                        if found == expected || !command.starts_with("curl ") {
                            break;
                        }
                        std::thread::sleep(std::time::Duration::from_millis(50));
                        found = site.run(&real);
                    }
                    assert_eq!(found, expected, "$ {command}");
                }
            }
            "text" => {}
            other => panic!("a block is marked {other:?}; mark it sh, console or text"),
        }
    }
    assert!(ran > 10 && started == 1 && own.is_some(), "{ran} commands");
}

/// Whether a line is there on slow machines alone: how fast a table is read, after a second.
fn is_progress(line: &str) -> bool {
    line.ends_with(" a second") && line.contains(" rows, ")
}

/// A `builder serve` of the README, with the reader that it started.
struct Serving {
    address: String,
    builder: Child,
}

impl Serving {
    /// Starts the command on a free port; also returns its first lines, with the README's address.
    fn start(site: &Site, command: &str, lines: usize) -> (Self, String) {
        let mut builder = Command::new("bash")
            .args(["-c", &format!("exec 2>&1\nexec {}", command.replace(OWN, "127.0.0.1:0"))])
            .current_dir(&site.directory)
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(builder.stdout.take().unwrap());
        let printed: Vec<String> = {
            let all = stdout.by_ref().lines().map(Result::unwrap);
            all.filter(|line| !is_progress(line)).take(lines).collect()
        };
        let printed = printed.join("\n");
        let (_, address) = printed.split_once("http://").expect("it is served");
        let address = address.split('\n').next().unwrap().to_owned();
        // The rest of its output must be read, so that it never blocks.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        let shown = printed.replace(&address, OWN);
        (Self { address, builder }, shown)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.builder.id().to_string()).status();
        let _ = self.builder.wait();
    }
}

/// A copy of the files that `make run` needs, served by it.
struct Site {
    directory: PathBuf,
    address: String,
    make: Child,
}

impl Site {
    /// `make run`, with the binaries of this build instead of compiling.
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
        fs::create_dir_all(directory.join("docs")).unwrap();
        fs::copy(root.join("docs/proof.md"), directory.join("docs/proof.md")).unwrap();
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
        // The rest of its output must be read, so that it never blocks.
        std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        Self { directory: directory.to_owned(), address, make }
    }

    /// The command's whole output, without the final newline.
    fn run(&self, command: &str) -> String {
        let output = Command::new("bash")
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(&self.directory)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|line| !is_progress(line)).collect::<Vec<_>>().join("\n")
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

/// The fenced blocks: language and body, dedented if they are in a list.
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

/// The commands of a console block, each with its output.
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
