//! The release directory: replaced as a whole, or left as it was.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::time::Duration;

use crate::workspace::Workspace;

fn workspace() -> Workspace {
    Workspace::table(r#"{"name": "a", "type": "integer"}"#, "a\n1\n")
}

#[test]
fn a_release_replaces_the_one_before() {
    let workspace = workspace();
    workspace.build();
    workspace.write("dist/reader.zip", "made from the release before");
    workspace.write("dist/attestation.json", "of the release before");
    let before = workspace.read("dist/data.db");
    workspace.write("datasets/d/t.csv", "a\n2\n");
    workspace.build();
    assert!(workspace.read("dist/data.db") != before);
    assert_eq!(workspace.names("dist"), ["data.db", "manifest.json"]);
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
}

#[test]
fn the_same_release_is_left_alone() {
    let workspace = workspace();
    workspace.build();
    workspace.write("dist/reader.zip", "made from this release");
    let inode = fs::metadata(workspace.path("dist/data.db")).unwrap().ino();
    workspace.build();
    assert_eq!(fs::metadata(workspace.path("dist/data.db")).unwrap().ino(), inode);
    assert_eq!(workspace.names("dist"), ["data.db", "manifest.json", "reader.zip"]);
    // A damaged one is not the same.
    workspace.write("dist/data.db", "damaged");
    workspace.build();
    assert_eq!(workspace.run(&["verify", "-q", "dist"]).code, Some(0));
}

#[test]
fn what_is_no_release_is_not_replaced() {
    let workspace = workspace();
    workspace.write("dist/notes.txt", "mine");
    let dist = workspace.path("dist").canonicalize().unwrap();
    workspace.run(&["build"]).is(
        2,
        "",
        &format!(
            "error: `{}` contains `notes.txt`, which is not part of a release and would be lost; choose another directory\n",
            dist.display()
        ),
    );
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
    let file = dist.join("notes.txt");
    workspace.run(&["build", "-o", "dist/notes.txt"]).is(
        2,
        "",
        &format!("error: `{}` is not a directory\n", file.display()),
    );
    workspace.run(&["build", "-o", "/"]).is(
        2,
        "",
        "error: `/` can't be replaced by a release; choose a separate directory\n",
    );
}

#[test]
fn directories_on_the_way_are_made() {
    let workspace = workspace();
    assert_eq!(workspace.run(&["build", "-q", "-o", "a/b c/dist/"]).code, Some(0));
    assert_eq!(workspace.names("a/b c"), ["dist"]);
}

/// A link stays a link; what it leads to is replaced.
#[test]
fn links_are_followed() {
    let workspace = workspace();
    fs::create_dir(workspace.path("elsewhere")).unwrap();
    symlink("elsewhere", workspace.path("dist")).unwrap();
    workspace.build();
    assert!(workspace.path("dist").is_symlink());
    assert_eq!(workspace.names("elsewhere"), ["data.db", "manifest.json"]);
    assert_eq!(workspace.names("."), ["datasets", "dist", "elsewhere"]);
}

#[test]
fn a_directory_that_can_not_be_written() {
    let workspace = workspace();
    fs::create_dir_all(workspace.path("parent/dist")).unwrap();
    fs::set_permissions(workspace.path("parent"), Permissions::from_mode(0o555)).unwrap();
    if fs::write(workspace.path("parent/probe"), "").is_ok() {
        // Modes bind everybody but root; a file in the place of a directory binds all.
        fs::remove_file(workspace.path("parent/probe")).unwrap();
        let ran = workspace.run(&["build", "-o", "datasets/d/t.csv/dist"]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.ends_with("Not a directory (os error 20)\n"), "{}", ran.stderr);
        return;
    }
    let ran = workspace.run(&["build", "-o", "parent/dist"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.ends_with("Permission denied (os error 13)\n"), "{}", ran.stderr);
}

/// A limit on the size of files simulates a full disk: writing fails in the middle.
#[test]
fn a_full_disk() {
    let workspace = workspace();
    workspace.build();
    let before = workspace.read("dist/data.db");
    let rows: String = (0..30_000).map(|row| format!("{row}\n")).collect();
    workspace.write("datasets/d/t.csv", format!("a\n{rows}"));
    let output = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" build --quiet", env!("CARGO_BIN_EXE_builder")])
        .current_dir(workspace.path("."))
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.starts_with("error: can't write the database: "), "{stderr}");
    assert!(workspace.read("dist/data.db") == before);
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
}

/// The next build removes what a killed build left behind.
#[test]
fn stale_siblings_are_removed() {
    let workspace = workspace();
    workspace.write(".dist.coldpress-build/data.db", "half");
    workspace.write(".dist.coldpress-lock", "");
    workspace.build();
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
}

/// Two builds at once: the second waits, and both succeed.
#[test]
fn builds_wait_for_each_other() {
    let workspace = workspace();
    let lock = fs::File::create(workspace.path(".dist.coldpress-lock")).unwrap();
    lock.lock().unwrap();
    let mut builds: Vec<_> = (0..4).map(|_| workspace.command(&["build", "-q"]).spawn().unwrap()).collect();
    std::thread::sleep(Duration::from_millis(50)); // so that some wait; none may fail either way
    assert!(!workspace.path("dist").exists());
    drop(lock);
    for build in &mut builds {
        assert!(build.wait().unwrap().success());
    }
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
    assert_eq!(workspace.run(&["verify", "-q", "dist"]).code, Some(0));
}

/// The datasets may be the repository's root, with the release below them.
#[test]
fn a_release_below_the_datasets() {
    let workspace = workspace();
    for _ in 0..2 {
        assert_eq!(workspace.run(&["build", "-q", ".", "-o", "dist"]).code, Some(0));
    }
    assert_eq!(workspace.names("."), ["datasets", "dist"]);
}

/// A lock is a file of its own: a link would create or lock another file, a pipe would wait for ever.
#[test]
fn the_lock_is_a_regular_file() {
    for kind in ["link", "pipe"] {
        let workspace = Workspace::table(r#"{"name": "a"}"#, "a\n1\n");
        let lock = workspace.path(".dist.coldpress-lock");
        if kind == "link" {
            std::os::unix::fs::symlink(workspace.path("elsewhere"), &lock).unwrap();
        } else {
            assert!(std::process::Command::new("mkfifo").arg(&lock).status().unwrap().success());
        }
        let ran = workspace.run(&["build"]);
        assert_eq!(ran.code, Some(2), "{kind}");
        assert!(ran.stderr.contains("it is not a regular file; remove it"), "{kind}: {}", ran.stderr);
        assert!(!workspace.path("elsewhere").exists());
    }
}
