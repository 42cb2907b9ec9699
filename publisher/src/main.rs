//! `publisher`: see `publisher --help`.

use std::process::ExitCode;

use publisher::cli;

fn main() -> ExitCode {
    match cli::run(std::env::args_os().skip(1)) {
        Ok(code) => code,
        Err(error) => {
            cli::say(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}
