//! The command line as a whole.

use std::process::{Command, Output};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_publisher")).args(arguments).output().expect("the binary runs")
}

fn stdout(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).expect("help is UTF-8")
}

/// Every command has its help, and every help an example.
#[test]
fn help() {
    let all = stdout(&["--help"]);
    assert_eq!(stdout(&[]), all);
    assert_eq!(stdout(&["--version"]), format!("publisher {}\n", env!("CARGO_PKG_VERSION")));
    for command in ["publish", "releases", "pull", "deploy"] {
        assert!(all.contains(&format!("\n  {command} ")), "{command}");
        let help = stdout(&[command, "--help"]);
        assert!(help.contains("\nExample") && help.contains(&format!("\n  publisher {command}")), "{help}");
        assert!(help.lines().all(|line| line.len() <= 100), "{command}");
    }
}

#[test]
fn wrong_usage() {
    let output = run(&["pubish"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: there is no command `pubish`; did you mean `publish`?\n"
    );
}
