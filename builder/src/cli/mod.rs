//! The command line: arguments in, findings on stdout, summaries and failures on stderr.
//!
//! Exit codes: 0 all is well, 1 something is wrong with the data, 2 wrong usage or a failure.

mod arguments;
mod build;
mod bump;
mod check;
mod diff;
mod help;
mod init;
mod package;
mod verify;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use arguments::Arguments;

/// Exit code 1: something is wrong with the data.
const FOUND: u8 = 1;

const COMMANDS: [&str; 7] = ["build", "check", "diff", "bump", "init", "verify", "package"];

/// Runs the command that the arguments, without the program's name, ask for. Errors: wrong usage
/// and failures.
pub fn run(arguments: impl Iterator<Item = OsString>) -> anyhow::Result<ExitCode> {
    let mut arguments = Arguments::new(arguments);
    let Some(command) = arguments.command()? else {
        return print(help::BUILDER);
    };
    match command.as_str() {
        "build" => build::run(arguments),
        "bump" => bump::run(arguments),
        "check" => check::run(arguments),
        "diff" => diff::run(arguments),
        "init" => init::run(arguments),
        "package" => package::run(arguments),
        "verify" => verify::run(arguments),
        "help" => match arguments.alone(true)? {
            Some(command) if COMMANDS.iter().any(|known| command == *known) => {
                run([command, "--help".into()].into_iter())
            }
            Some(other) if !["help", "--help", "-h"].iter().any(|help| other == *help) => {
                Err(arguments::unknown("command", &other.to_string_lossy(), &COMMANDS))
            }
            _ => print(help::BUILDER),
        },
        "--help" | "-h" => arguments.alone(false).and_then(|_| print(help::BUILDER)),
        "--version" | "-V" => {
            arguments.alone(false)?;
            print(concat!("builder ", env!("CARGO_PKG_VERSION"), "\n"))
        }
        other => Err(arguments::unknown("command", other, &COMMANDS)),
    }
}

/// Prints a line on stderr. A closed stderr is no reason to stop.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
