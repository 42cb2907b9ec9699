//! The command line itself.

use crate::workspace::Workspace;

#[track_caller]
fn fails(arguments: &[&str], message: &str) {
    Workspace::new().run(arguments).is(2, "", &format!("error: {message}\n"));
}

/// What the command line itself refuses: with the way to its help.
#[track_caller]
fn refused(arguments: &[&str], message: &str) {
    fails(arguments, &format!("{message}\n\nFor more information, try '--help'."));
}

#[test]
fn what_does_not_exist_gets_a_hint() {
    refused(
        &["chekc"],
        "unrecognized subcommand 'chekc'\n\n  tip: a similar subcommand exists: 'check'\n\n\
         Usage: builder [COMMAND]",
    );
    refused(
        &["check", "--frmat", "json"],
        "unexpected argument '--frmat' found\n\n  tip: a similar argument exists: '--format'\n\n\
         Usage: builder check --format <FORMAT> [DATASETS]",
    );
    refused(
        &["check", "--format", "jsn"],
        "invalid value 'jsn' for '--format <FORMAT>'\n  [possible values: text, github, json]\n\n  \
         tip: a similar value exists: 'json'",
    );
    refused(
        &["check", "a", "b"],
        "unexpected argument 'b' found\n\nUsage: builder check [OPTIONS] [DATASETS]",
    );
    refused(
        &["build", "--watch=yes"],
        "unexpected value 'yes' for '--watch' found; no more were expected\n\nUsage: builder build --watch [DATASETS]",
    );
    for (command, argument, usage) in [
        ("init", "<FILE|DIR>...", "init <FILE|DIR>..."),
        ("verify", "<RELEASE>", "verify <RELEASE>"),
        ("bump", "--against <RELEASE>", "bump --against <RELEASE> [DATASETS]"),
        ("diff", "<OLD>", "diff <OLD> [NEW]"),
    ] {
        refused(
            &[command],
            &format!(
                "the following required arguments were not provided:\n  {argument}\n\nUsage: builder {usage}"
            ),
        );
    }
}

#[test]
fn values_are_checked_before_any_work() {
    refused(
        &["check", "--against", "HEAD", "--max-shrink", "200"],
        "invalid value '200' for '--max-shrink <PERCENT>': not a percentage from 0 to 100, such as 20",
    );
    refused(
        &["check", "--max-shrink", "10"],
        "the following required arguments were not provided:\n  --against <RELEASE>\n\n\
         Usage: builder check --against <RELEASE> --max-shrink <PERCENT> [DATASETS]",
    );
    refused(
        &["build", "--history", "0"],
        "invalid value '0' for '--history <N>': must be 1 or more; `--no-history` builds without a change feed",
    );
    refused(
        &["build", "--history", "3", "--no-history"],
        "the argument '--history <N>' cannot be used with '--no-history'\n\n\
         Usage: builder build --history <N> [DATASETS]",
    );
    refused(
        &["serve", "--listen", "8787"],
        "invalid value '8787' for '--listen <ADDRESS:PORT>': not an address and a port, such as 127.0.0.1:8787",
    );
}

#[test]
fn failures_name_the_path() {
    fails(&["check"], "can't list the directory datasets: No such file or directory (os error 2)");
    fails(&["verify", "dist"], "can't read `dist`: No such file or directory (os error 2)");
}

/// Every command has its help, and every help an example.
#[test]
fn help() {
    let workspace = Workspace::new();
    let all = workspace.run(&["--help"]);
    assert_eq!(workspace.run(&[]).stdout, all.stdout);
    assert_eq!(workspace.run(&["help"]).stdout, all.stdout);
    let commands = all.stdout.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let commands: Vec<&str> = commands.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(
        commands,
        [
            "serve",
            "new",
            "init",
            "check",
            "build",
            "diff",
            "bump",
            "verify",
            "package",
            "completions",
            "help"
        ]
    );
    for command in commands.into_iter().filter(|command| *command != "help") {
        let help = workspace.run(&[command, "--help"]);
        assert_eq!(workspace.run(&["help", command]).stdout, help.stdout);
        assert_eq!(workspace.run(&[command, "-h"]).stdout, help.stdout);
        assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
        assert!(help.stdout.contains("\nExample"), "{command}");
        assert!(help.stdout.contains(&format!("\n  builder {command}")));
        let long: Vec<&str> = help.stdout.lines().filter(|line| line.chars().count() > 100).collect();
        assert_eq!(long, [""; 0], "{command}");
    }
}

#[test]
fn version() {
    // The Makefile names the commit; `cargo build` alone names none.
    let version = catalog::program_version(option_env!("COLDPRESS_COMMIT"));
    for option in ["--version", "-V"] {
        assert_eq!(Workspace::new().run(&[option]).stdout, format!("builder {version}\n"));
    }
}

#[test]
fn completions() {
    let workspace = Workspace::new();
    for (shell, line) in [
        ("bash", "complete -F _builder -o nosort -o bashdefault -o default builder"),
        ("zsh", "#compdef builder"),
        ("fish", "complete -c builder -n \"__fish_builder_needs_command\" -f -a \"serve\""),
    ] {
        let ran = workspace.run(&["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(ran.stdout.lines().any(|found| found.trim_start().starts_with(line)), "{}", ran.stdout);
        assert!(ran.stdout.contains("max-shrink"), "{shell}");
    }
}
