//! Arguments, logging, errors to exit codes and help; nothing else.

use reprogate::cli::{self, Arguments};
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(Arguments::from_environment()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let mut text = format!("error: {error}\n");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                text.push_str(&format!("  because: {cause}\n"));
                source = cause.source();
            }
            if let Some(help) = error.help() {
                text.push_str(&format!("help: {help}\n"));
            }
            let _ = std::io::stderr().write_all(text.as_bytes());
            ExitCode::from(error.exit_code())
        }
    }
}
