//! The real bootstrap: the one that `COLDPRESS_BOOTSTRAP` names, else one built here, linked the same
//! way as what ships, and not optimised: a test waits for the compiler, not for the program.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub(crate) fn bootstrap() -> &'static Path {
    static BOOTSTRAP: OnceLock<PathBuf> = OnceLock::new();
    BOOTSTRAP.get_or_init(|| env::var_os("COLDPRESS_BOOTSTRAP").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let target = format!("{}-unknown-linux-gnu", env::consts::ARCH);
    let output = Command::new(env!("CARGO"))
        .current_dir(workspace)
        .args(["build", "--package", "lambda", "--target", &target, "--message-format", "json"])
        .envs([("CARGO_PROFILE_DEV_DEBUG", "0"), ("CARGO_PROFILE_DEV_STRIP", "true")])
        .env("RUSTFLAGS", "-C target-feature=+crt-static -C relocation-model=static")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap();
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| Some(PathBuf::from(message["executable"].as_str()?)))
        .expect("cargo names the executable")
}
