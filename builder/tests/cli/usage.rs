//! The command line itself.

use crate::workspace::Workspace;

#[track_caller]
fn fails(arguments: &[&str], message: &str) {
    Workspace::new().run(arguments).is(2, "", &format!("error: {message}\n"));
}

#[test]
fn what_does_not_exist_gets_a_hint() {
    fails(&["chekc"], "there is no command `chekc`; did you mean `check`?");
    fails(
        &["serve"],
        "there is no command `serve`; there are build, check, diff, bump, init, verify, package",
    );
    fails(
        &["check", "--frmat", "json"],
        "`builder check`: there is no option `--frmat`; did you mean `--format`?",
    );
    fails(&["check", "--format", "jsn"], "there is no format `jsn`; did you mean `json`?");
    fails(&["check", "--format"], "missing argument for option '--format'");
    fails(&["check", "a", "b"], "`builder check` takes one path, and `a` was given already; what is `b`?");
    fails(&["build", "--watch=yes"], "unexpected argument for option '--watch': \"yes\"");
    fails(&["init"], "which file? As in `builder init datasets/shop/products.csv`");
    fails(&["verify"], "`builder verify` needs a release, such as `builder verify dist`");
    fails(&["package"], "`builder package` needs `--bootstrap PATH`; `make bootstrap` builds one");
    fails(&["help", "chekc"], "there is no command `chekc`; did you mean `check`?");
    fails(&["help", "check", "diff"], "`builder help`: what is `diff`?");
    fails(&["--help", "check"], "`builder --help`: what is `check`?");
    fails(&["--version", "2"], "`builder --version`: what is `2`?");
    fails(&["package", "dist"], "`builder package` takes options only; what is `dist`?");
}

#[test]
fn failures_name_the_path() {
    fails(&["check"], "can't list the directory datasets: No such file or directory (os error 2)");
    fails(&["verify", "dist"], "can't read `dist`: No such file or directory (os error 2)");
}

/// Every command and option has its help, and every help an example.
#[test]
fn help() {
    let workspace = Workspace::new();
    let all = workspace.run(&["--help"]);
    assert_eq!(workspace.run(&[]).stdout, all.stdout);
    assert_eq!(workspace.run(&["help"]).stdout, all.stdout);
    assert_eq!(workspace.run(&["--version"]).stdout, format!("builder {}\n", env!("CARGO_PKG_VERSION")));
    for (command, options) in [
        ("build", &["--output", "--history", "--no-history", "--cache", "--watch", "--quiet"][..]),
        ("check", &["--format", "--against", "--max-shrink", "--allow-shrink", "--quiet"]),
        ("diff", &["--format", "--datasets", "--quiet"]),
        ("bump", &["--against", "--quiet"]),
        ("init", &["--output", "--quiet"]),
        ("verify", &["--quiet"]),
        ("package", &["--bootstrap", "--release", "--output", "--quiet"]),
    ] {
        assert!(all.stdout.contains(&format!("\n  {command} ")), "{command}");
        let help = workspace.run(&[command, "--help"]);
        assert_eq!(workspace.run(&["help", command]).stdout, help.stdout);
        assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
        assert!(help.stdout.contains("\nExample"), "{command}");
        assert!(help.stdout.contains(&format!("\n  builder {command}")));
        for option in options {
            assert!(help.stdout.contains(option), "{command} {option}");
        }
        assert!(help.stdout.lines().all(|line| line.len() <= 100), "{command}");
    }
}
