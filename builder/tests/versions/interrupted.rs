//! A build that a signal ends leaves no temporary files, and what a kill leaves is removed by the next build.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use crate::ran::with_default_signals;
use crate::repository::{Repository, shop};

/// The step at which there are databases of revisions.
const STEP: &str = "held at: reading the history of shop: version 1\n";

struct Held<'r> {
    repository: &'r Repository,
    /// Counted from 1.
    step: usize,
}

impl<'r> Held<'r> {
    fn new(repository: &'r Repository) -> Self {
        fs::create_dir(repository.path(".git/tmp")).unwrap();
        let mut held = Self { repository, step: 0 };
        loop {
            held.step += 1;
            let (mut build, line) = held.start(Self::plain);
            build.kill().unwrap();
            build.wait().unwrap();
            assert!(!line.is_empty(), "no step {STEP}");
            if line == STEP {
                return held;
            }
        }
    }

    /// A build with temporary files and a cache of its own.
    fn plain(&self) -> Command {
        let mut command = self.repository.command(&["build", "--quiet"]);
        command.env("TMPDIR", self.repository.path(".git/tmp"));
        command
    }

    /// A build that is held at the step, and the line that says so.
    fn start(&self, command: impl Fn(&Self) -> Command) -> (Child, String) {
        let _ = fs::remove_dir_all(self.repository.cache());
        let mut command = with_default_signals(&command(self));
        command.env("COLDPRESS_HOLD_AT", self.step.to_string()).stderr(Stdio::piped());
        let mut build = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(build.stderr.take().unwrap()).read_line(&mut line).unwrap();
        (build, line)
    }

    fn temporary(&self) -> Vec<String> {
        let entries = fs::read_dir(self.repository.path(".git/tmp")).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn send(build: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &build.id().to_string()]).status().unwrap().success());
}

fn three_versions() -> Repository {
    let repository = shop();
    for (old, new) in [("1.0.0", "1.1.0"), ("1.1.0", "1.2.0")] {
        repository.edit("datasets/shop/datapackage.json", old, new);
        repository.write("datasets/shop/items.csv", format!("id,name,price\n1,{new},2\n"));
        repository.commit(new);
    }
    repository
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "an optimised builder can't be held at a step")]
fn by_a_signal() {
    let repository = three_versions();
    let held = Held::new(&repository);
    for (signal, number) in [("-TERM", 15), ("-HUP", 1), ("-INT", 2)] {
        let (mut build, line) = held.start(Held::plain);
        assert_eq!(line, STEP);
        assert!(held.temporary().iter().any(|name| name.starts_with("coldpress-history-")));
        send(&build, signal);
        assert_eq!(build.wait().unwrap().signal(), Some(number));
        assert_eq!(held.temporary(), [""; 0], "{signal}");
        assert!(!repository.path(".dist.coldpress-build").exists(), "{signal}");
    }
    // A signal that the builder was started to ignore, as by nohup, is ignored.
    let ignoring = |held: &Held<'_>| {
        let mut command = Command::new("sh");
        let builder = held.plain();
        command.current_dir(held.repository.root()).args(["-c", "trap '' HUP; exec \"$0\" build --quiet"]);
        command.arg(builder.get_program());
        builder.get_envs().for_each(|(name, value)| {
            command.env(name, value.unwrap());
        });
        command
    };
    let (mut build, line) = held.start(ignoring);
    assert_eq!(line, STEP);
    send(&build, "-HUP");
    send(&build, "-TERM");
    assert_eq!(build.wait().unwrap().signal(), Some(15));
    assert_eq!(held.temporary(), [""; 0]);
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "an optimised builder can't be held at a step")]
fn by_a_kill() {
    let repository = three_versions();
    let held = Held::new(&repository);
    let (mut killed, _) = held.start(Held::plain);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let left = held.temporary();
    assert!(left.len() >= 2, "{left:?}");
    // Another build's, and what only looks alike.
    let (mut running, line) = held.start(|_| {
        let mut command = held.plain();
        command.args(["-o", "other"]);
        command
    });
    assert_eq!(line, STEP);
    let kept = held.temporary();
    assert!(kept.iter().all(|name| !left.contains(name)), "{kept:?} {left:?}");
    let tmp = repository.path(".git/tmp");
    fs::create_dir_all(tmp.join("coldpress-history-notes/x")).unwrap();
    fs::create_dir_all(tmp.join("coldpress-other-a1b2c3")).unwrap();
    fs::write(tmp.join("coldpress-history-a1b2c3"), "").unwrap();
    std::os::unix::fs::symlink("coldpress-history-notes", tmp.join("coldpress-history-d4e5f6")).unwrap();
    assert_eq!(held.plain().status().unwrap().code(), Some(0));
    let mut expected = kept;
    for other in ["history-notes", "other-a1b2c3", "history-a1b2c3", "history-d4e5f6"] {
        expected.push(format!("coldpress-{other}"));
    }
    expected.sort();
    assert_eq!(held.temporary(), expected);
    assert!(tmp.join("coldpress-history-notes/x").exists());
    running.kill().unwrap();
    running.wait().unwrap();
}
