//! The command line as a whole.

use std::process::{Command, Output};

const COMMANDS: [&str; 14] = [
    "preflight",
    "init",
    "attestation",
    "upload",
    "release",
    "rollback",
    "reconcile",
    "prune",
    "list",
    "pull",
    "follow",
    "verify",
    "step",
    "completions",
];
const STEPS: [&str; 8] =
    ["prepare", "check-plan", "smoke", "promote", "verify", "set-channel", "rollback", "repair"];

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_publisher")).args(arguments).output().expect("the binary runs")
}

fn stdout(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).expect("help is UTF-8")
}

fn commands(help: &str) -> Vec<&str> {
    let list = help.split("Commands:\n").nth(1).unwrap_or_default().split("\n\n").next().unwrap_or_default();
    list.lines().filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

fn assert_help(help: &str, example: &str) {
    assert!(help.contains("\nExample") && help.contains(&format!("\n  {example}")), "{help}");
    for line in help.lines() {
        assert!(line.len() <= 100, "{line}");
    }
}

/// Every command and every step has its help, and every help an example.
#[test]
fn help() {
    let all = stdout(&["--help"]);
    assert_eq!(stdout(&[]), all);
    // The Makefile names the commit; `cargo build` alone names none.
    let version = catalog::program_version(option_env!("COLDPRESS_COMMIT"));
    for option in ["--version", "-V"] {
        assert_eq!(stdout(&[option]), format!("publisher {version}\n"));
    }
    assert_eq!(commands(&all), COMMANDS);
    assert_help(&all, "publisher release --from dist");
    for command in COMMANDS {
        assert_help(&stdout(&[command, "--help"]), &format!("publisher {command}"));
    }
    assert_eq!(commands(&stdout(&["step", "--help"])), STEPS);
    for step in STEPS {
        let example = if step == "verify" { "publisher verify" } else { &format!("publisher step {step}") };
        assert_help(&stdout(&["step", step, "--help"]), example);
    }
}

#[test]
fn completions() {
    for shell in ["bash", "zsh", "fish"] {
        let script = stdout(&["completions", shell]);
        assert!(script.contains("publisher") && script.contains("set-channel"), "{shell}: {script}");
    }
}

/// Each command takes its own options, and says what is missing.
#[test]
fn wrong_usage() {
    let cases: [(&[&str], &str); 19] = [
        (&["relaese"], "unrecognized subcommand 'relaese'\n\n  tip: a similar subcommand exists: 'release'"),
        (
            &["upload"],
            "the following required arguments were not provided:\n  <--bucket <NAME>|--terraform <DIR>>",
        ),
        (
            &["upload", "--bucket", "a", "--terraform", "b"],
            "the argument '--bucket <NAME>' cannot be used with '--terraform <DIR>'",
        ),
        (
            &["list", "--bucket", "a", "--bucket", "b"],
            "the argument '--bucket <NAME>' cannot be used multiple times",
        ),
        (
            &["list", "--bucket", "a", "--limit", "0"],
            "invalid value '0' for '--limit <N>': 0 is not in 1..=4294967295",
        ),
        (&["pull", "--bucket", "a"], "the following required arguments were not provided:\n  <RELEASE>"),
        (
            &["release"],
            "the following required arguments were not provided:\n  <RELEASE|--from <DIR>|--datasets <DIR>>",
        ),
        (
            &["release", "live", "--from", "dist"],
            "the argument '[RELEASE]' cannot be used with '--from <DIR>'",
        ),
        (&["rollback"], "the following required arguments were not provided:\n  --to <RELEASE>"),
        (
            &["reconcile", "--repair", "--outputs", "outputs.json"],
            "the argument '--repair' cannot be used with '--outputs <FILE>'",
        ),
        (
            &["attestation", "--release", "dist"],
            "the following required arguments were not provided:\n  <--bucket <NAME>|--terraform <DIR>>",
        ),
        (&["verify"], "the following required arguments were not provided:\n  <RELEASE|URL>"),
        (
            &["verify", "live", "--key", "products/42"],
            "--key, --table, --repo and --rebuild are for a URL, and `live` is a release",
        ),
        (
            &["verify", "http://127.0.0.1:1", "--signer-repo", "them/coldpress"],
            "the following required arguments were not provided:\n  --repo <OWNER/REPO>",
        ),
        (
            &["verify", "http://127.0.0.1:1", "--key", "products"],
            "--key takes TABLE/KEY, such as products/42",
        ),
        (
            &["init", "--only", "bootstrap"],
            "invalid value 'bootstrap' for '--only <ROOT>'\n  [possible values: release, service]",
        ),
        (
            &["step", "rollback", "--to", "live", "--url", "http://127.0.0.1"],
            "unexpected argument '--url' found",
        ),
        (
            &["step", "prepare", "--current", "live"],
            "the argument '--current' cannot be used with '[RELEASE]'",
        ),
        (
            &["step", "verify", "live", "--url", "http://127.0.0.1", "--tries", "19"],
            "invalid value '19' for '--tries <N>': 19 is not in 20..=4294967295",
        ),
    ];
    for (arguments, expected) in cases {
        let output = run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{stderr}");
        assert!(stderr.starts_with(&format!("error: {expected}\n")), "{arguments:?}: {stderr}");
    }
}
