//! `make run` where a compiler is missing or too old.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// What `make run` says with only these programs, besides the shell's usual ones; those of the
/// second list are scripts of this text.
#[track_caller]
fn says(absent: &[&str], scripts: &[(&str, &str)], message: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (programs, directory) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for name in ["sed", "sort", "head", "dirname", "uname", "git", "make", "cc"] {
        let path = std::env::var_os("PATH").unwrap();
        let mut places = std::env::split_paths(&path).map(|place| place.join(name));
        if let Some(program) = places.find(|path| path.is_file())
            && !absent.contains(&name)
        {
            symlink(program, programs.path().join(name)).unwrap();
        }
    }
    for (name, text) in scripts {
        // By another process: what this one has open for writing, a child that another test starts
        // meanwhile has open too, and then it can't be run.
        let script = directory.path().join(name);
        fs::write(&script, format!("#!/bin/sh\n{text}\n")).unwrap();
        let mut install = Command::new("install");
        install.args(["-m", "755"]).args([&script, &programs.path().join(name)]);
        assert!(install.status().unwrap().success());
    }
    let output = Command::new(programs.path().join("make"))
        .args(["--no-print-directory", "run"])
        .current_dir(root)
        .env("PATH", programs.path())
        .env_remove("MAKEFLAGS") // of the `make test` around it
        .env_remove("CC")
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stderr.lines().next(), Some(message), "{stderr}");
    assert_eq!(output.stdout, b"");
}

#[test]
fn rust_is_missing_or_too_old() {
    let needed = env!("CARGO_PKG_RUST_VERSION");
    says(
        &[],
        &[],
        &format!(
            "error: Rust {needed} or newer is needed; there is no cargo in PATH: install it from https://rustup.rs"
        ),
    );
    for (printed, found) in [("cargo 1.70.0 (ec8a8a0ca 2023-04-25)", "1.70"), ("cargo 1.9.0", "1.9")] {
        says(
            &[],
            &[("cargo", &format!("echo '{printed}'"))],
            &format!(
                "error: Rust {needed} or newer is needed; cargo in PATH is {found}: run `rustup update stable` \
                 (https://rustup.rs)"
            ),
        );
    }
}

#[test]
fn a_c_compiler_is_missing() {
    for printed in [format!("cargo {}.0", env!("CARGO_PKG_RUST_VERSION")), "cargo 2.0.0-nightly".to_owned()] {
        says(
            &["cc"],
            &[("cargo", &format!("echo '{printed}'"))],
            "error: a C compiler is needed; there is no `cc` in PATH: install gcc or clang",
        );
    }
}
