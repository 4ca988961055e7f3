//! The binary `bailiwick`.

use std::process::ExitCode;

fn main() -> ExitCode {
    bailiwick_cli::start(bailiwick_effect::effects::effects)
}
