//! `builder serve`, with a script in the reader's place; e2e/tests/ has it with the reader.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::ran::with_default_signals;
use crate::workspace::Workspace;

/// It does what `builder serve` needs of a reader: a line when it takes requests, an end when
/// standard input ends. What it was called with goes to the file `called`, its end to `ended`.
const READER: &str = "#!/bin/sh\n\
    echo \"$*\" >called\n\
    echo \"serving $1 on http://127.0.0.1:1\"\n\
    cat >/dev/null\n\
    echo ended >ended\n";

/// A workspace with the script in it.
fn with_reader(workspace: Workspace, script: &str) -> Workspace {
    workspace.write("script", script);
    install(&workspace.path("script"), &workspace.path("reader"));
    fs::remove_file(workspace.path("script")).unwrap();
    workspace
}

/// Copies a program, by another process: what this one has open for writing, a child that another
/// test starts meanwhile has open too, and then it can't be run.
fn install(from: &Path, to: &Path) {
    assert!(Command::new("install").args(["-m", "755"]).args([from, to]).status().unwrap().success());
}

fn datasets(csv: &str) -> Workspace {
    with_reader(Workspace::table(r#"{"name": "a", "type": "integer"}"#, csv), READER)
}

/// stdout and stderr as one, in the order of their lines.
struct Serving {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Serving {
    fn start(workspace: &Workspace, source: &str) -> Self {
        Self::start_with(workspace, source, &[])
    }

    fn start_with(workspace: &Workspace, source: &str, options: &[&str]) -> Self {
        let mut command = Command::new("sh");
        let builder = workspace.command(&[]);
        command.envs(builder.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command
            .args(["-c", "exec \"$0\" \"$@\" 2>&1", env!("CARGO_BIN_EXE_builder"), "serve", source])
            .args(["--listen", "127.0.0.1:0", "--reader", "./reader"])
            .args(options)
            .current_dir(workspace.path("."));
        let mut child = with_default_signals(&command).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The lines up to one that begins so, and that one.
    #[track_caller]
    fn until(&mut self, begin: &str) -> Vec<String> {
        let mut found = vec![];
        for line in &mut self.lines {
            found.push(line.unwrap());
            if found.last().unwrap().starts_with(begin) {
                return found;
            }
        }
        panic!("no line begins with {begin:?}: {found:#?}");
    }

    /// Sends a signal; the exit code and what else was printed.
    fn end(mut self, signal: &str) -> (Option<i32>, Vec<String>) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let rest = (&mut self.lines).map(Result::unwrap).collect();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill(); // after a failed assertion; otherwise it has ended
    }
}

#[test]
fn datasets_are_built_and_served_until_a_signal() {
    for signal in ["-INT", "-TERM", "-HUP"] {
        let workspace = datasets("a\n1\n");
        let mut serving = Serving::start(&workspace, "datasets");
        let started = serving.until("  http://");
        assert!(started[0].starts_with("built dist: 1 table, 1 row, "), "{started:#?}");
        assert_eq!(started[2..], ["serving datasets on http://127.0.0.1:1", "  http://127.0.0.1:1/t"]);
        assert_eq!(workspace.read("called"), b"dist --listen 127.0.0.1:0 --stop-with-stdin\n");

        workspace.write("datasets/d/t.csv", "a\n1\n2\n");
        assert!(serving.until("built ")[0].starts_with("built dist: 1 table, 2 rows, "));
        serving.until("note: the release has no change feed and names no commit: ");
        workspace.write("datasets/d/t.csv", "a\nx\n");
        assert_eq!(
            serving.until("still serving the last good release"),
            [
                "datasets/d/t.csv:2: [type-error] column `a`: \"x\" is not an integer",
                "error: 1 problem in 1 file (1 dataset, 1 row checked)",
                "still serving the last good release",
            ]
        );
        assert_eq!(serving.end(signal), (Some(0), vec![]));
        assert_eq!(workspace.read("ended"), b"ended\n", "both have ended");
    }
}

#[test]
fn broken_datasets_are_waited_for() {
    let workspace = datasets("a\nx\n");
    let mut serving = Serving::start(&workspace, "datasets");
    assert_eq!(
        serving.until("nothing is served yet"),
        [
            "datasets/d/t.csv:2: [type-error] column `a`: \"x\" is not an integer",
            "error: 1 problem in 1 file (1 dataset, 1 row checked)",
            "nothing is served yet: waiting for a change in datasets; press Ctrl-C to stop",
        ]
    );
    workspace.write("datasets/d/t.csv", "a\n1\n");
    serving.until("serving datasets on http://127.0.0.1:1");
    serving.until("  http://127.0.0.1:1/t");
    assert_eq!(serving.end("-INT"), (Some(0), vec![]));
    // And where nothing was ever served.
    let workspace = datasets("a\nx\n");
    let mut serving = Serving::start(&workspace, "datasets");
    serving.until("nothing is served yet");
    assert_eq!(serving.end("-INT"), (Some(0), vec![]));
}

#[test]
fn a_csv_file_is_described_by_guesses() {
    let workspace = with_reader(Workspace::new().file("Stock list.csv", "id,zip\n1,010\n2,020\n"), READER);
    let mut serving = Serving::start(&workspace, "Stock list.csv");
    assert_eq!(
        serving.until("  http://"),
        [
            "guessed from Stock list.csv:",
            "  table `stock-list`: 2 columns, 2 rows, primary key `id`",
            "    `id` integer, `zip` string",
            "`builder init \"Stock list.csv\"` writes these guesses to a descriptor that you can edit",
            "read Stock list.csv: 1 table, 2 rows",
            "serving Stock list.csv on http://127.0.0.1:1",
            "  http://127.0.0.1:1/stock-list",
        ]
    );
    let called = String::from_utf8(workspace.read("called")).unwrap();
    let release = called.strip_suffix(" --listen 127.0.0.1:0 --stop-with-stdin\n").unwrap().to_owned();
    assert!(fs::exists(&release).unwrap());

    // The same descriptor comes of it: nothing new was guessed.
    workspace.write("Stock list.csv", "id,zip\n1,010\n2,020\n3,030\n");
    assert_eq!(serving.until("read "), ["read Stock list.csv: 1 table, 3 rows"]);
    // A file in its place, as editors write it.
    workspace.write("new", "id,zip\n1,010\n2,020\n3\n");
    fs::rename(workspace.path("new"), workspace.path("Stock list.csv")).unwrap();
    assert_eq!(
        serving.until("still serving the last good release"),
        [
            "Stock list.csv:4: [missing-cell] row has 1 cell, the header has 2; first missing: `zip`",
            "error: 1 problem in 1 file (1 dataset, 3 rows checked)",
            "still serving the last good release",
        ]
    );
    workspace.write("Stock list.csv", b"id,zip\n1,\xff\n");
    assert!(
        serving.until("still serving the last good release")[0].starts_with("error: Stock list.csv:2: "),
        "a path that the user knows"
    );
    workspace.write("Stock list.csv", "id,zip\nA,010\nB,020\n");
    let guessed = serving.until("read Stock list.csv: 1 table, 2 rows");
    assert_eq!(guessed[0], "guessed from Stock list.csv:");
    assert_eq!(guessed[2], "    `id` string, `zip` string");
    assert_eq!(serving.end("-TERM"), (Some(0), vec![]));
    assert!(!fs::exists(&release).unwrap(), "nothing temporary is left");
    assert_eq!(workspace.names("."), ["Stock list.csv", "called", "ended", "reader"]);
}

#[test]
fn a_directory_of_csv_files_is_served_as_a_whole() {
    let workspace = with_reader(
        Workspace::new().file("data/b.csv", "x\n1\n").file("data/a.csv", "y\n2\n").file("data/notes.txt", ""),
        READER,
    );
    let mut serving = Serving::start(&workspace, "data");
    let started = serving.until("  http://127.0.0.1:1/b");
    assert!(started.contains(&"  table `a`: 1 column, 1 row, no primary key".to_owned()), "{started:#?}");
    assert!(started.contains(&"read data: 2 tables, 2 rows".to_owned()), "{started:#?}");
    workspace.write("data/c.csv", "z\n3\n");
    serving.until("read data: 3 tables, 3 rows");
    assert_eq!(serving.end("-INT"), (Some(0), vec![]));
}

/// A file in another encoding is served when it is named; the error without it says how.
#[test]
fn a_csv_file_in_another_encoding() {
    let workspace = with_reader(Workspace::new().file("t.csv", b"id,name\n1,K\xE4se\n2,B\n"), READER);
    let mut waiting = Serving::start(&workspace, "t.csv");
    let said = waiting.until("nothing is served yet");
    let message =
        "error: t.csv:2: byte 0xE4 is not UTF-8; the line reads \"1,Käse\" with `--encoding windows-1252`; ";
    assert!(said[0].starts_with(message), "{said:#?}");
    assert_eq!(waiting.end("-INT"), (Some(0), vec![]));
    let mut serving = Serving::start_with(&workspace, "t.csv", &["--encoding", "latin_1"]);
    let started = serving.until("  http://127.0.0.1:1/t");
    assert!(started.contains(&"read t.csv: 1 table, 2 rows".to_owned()), "{started:#?}");
    assert_eq!(serving.end("-INT"), (Some(0), vec![]));
}

#[test]
fn what_stops_it_says_what_to_do() {
    let workspace = datasets("a\n1\n");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, port) = (taken.local_addr().unwrap(), taken.local_addr().unwrap().port());
    let other = format!("127.0.0.1:{}", port.checked_add(1).unwrap_or(0));
    workspace.run(&["serve", "--reader", "./reader", "--listen", &address.to_string()]).is(
        2,
        "",
        &format!(
            "error: another program listens on {address}, perhaps another `builder serve`; choose another port \
             with `--listen {other}` (`make run LISTEN={other}`)\n"
        ),
    );
    let free = ["--listen", "127.0.0.1:0"];
    let serve = |more: &[&str]| workspace.run(&[&["serve"][..], &free, more].concat());
    serve(&["--reader", "nothing"]).is(2, "", "error: there is no reader at `nothing`\n");
    serve(&["nothing", "--reader", "./reader"]).is(
        2,
        "",
        "error: `nothing` does not exist; name a directory of datasets or a CSV file: `builder serve FILE.csv`\n",
    );
    serve(&["datasets/d/datapackage.json", "--reader", "./reader"]).is(
        2,
        "",
        "error: `datasets/d/datapackage.json` is a descriptor; serve its directory: `builder serve datasets/d`\n",
    );
    workspace.write("dist/mine", "");
    let ran = serve(&["--reader", "./reader"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("contains `mine`, which is not part of a release"), "{}", ran.stderr);
}

#[test]
fn a_builder_without_a_reader() {
    let workspace = Workspace::table(r#"{"name": "a", "type": "integer"}"#, "a\n1\n");
    let directory = workspace.path(".").canonicalize().unwrap();
    install(Path::new(env!("CARGO_BIN_EXE_builder")), &directory.join("builder"));
    let output = Command::new(directory.join("builder"))
        .args(["serve", "datasets"])
        .current_dir(&directory)
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "error: there is no `{}` and no `reader` in PATH; `cargo build -p reader` compiles it, `--reader PATH` \
             names another\n",
            directory.join("reader").display()
        )
    );
}

#[test]
fn a_reader_that_fails_ends_it() {
    let workspace = with_reader(datasets("a\n1\n"), "#!/bin/sh\necho 'error: no' >&2\nexit 2\n");
    let mut serving = Serving::start(&workspace, "datasets");
    serving.until("error: no");
    serving.until("error: the reader did not start (exit status: 2)");
    assert_eq!(serving.child.wait().unwrap().code(), Some(2));

    let workspace = with_reader(datasets("a\n1\n"), "#!/bin/sh\necho 'serving x on http://h:1'\nexit 3\n");
    let mut serving = Serving::start(&workspace, "datasets");
    serving.until("error: the reader failed (exit status: 3)");
    assert_eq!(serving.child.wait().unwrap().code(), Some(2));
}
