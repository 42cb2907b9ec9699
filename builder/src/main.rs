//! `builder`: see `builder --help`.

use std::process::ExitCode;

use builder::cli;

fn main() -> ExitCode {
    // The Makefile names it. It is read here and not in the library: a commit compiles this file alone again.
    match cli::run(std::env::args_os(), option_env!("COLDPRESS_COMMIT")) {
        Ok(code) => code,
        // The reader of the pipe needs no more.
        Err(error)
            if error
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            cli::print_error(&error);
            ExitCode::from(2)
        }
    }
}
