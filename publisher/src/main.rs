//! `publisher`: see `publisher --help`.

use std::process::ExitCode;

use publisher::cli;

fn main() -> ExitCode {
    // The Makefile names it. It is read here and not in the library: a commit compiles this file alone again.
    match cli::run(std::env::args_os(), option_env!("COLDPRESS_COMMIT")) {
        Ok(code) => code,
        Err(error) => {
            cli::print_error(&error);
            ExitCode::from(2)
        }
    }
}
