//! `publisher`: see `publisher --help`.

use std::process::ExitCode;

use publisher::cli;

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Ok(code) => code,
        Err(error) => {
            cli::print_error(&error);
            ExitCode::from(2)
        }
    }
}
