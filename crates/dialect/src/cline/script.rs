//! The script that stands for us in Cline: the same for every event, since the message says which it is.

use crate::settings::{HookCommand, WATCHDOG};

/// Said where the program fails, is missing, or says nothing. Half an answer before a failure is not passed on: the client
/// would take the whole for text and run the call.
const CLOSED: &str = r#"{"cancel":true,"errorMessage":"bailiwick did not answer, so this is blocked: run bailiwick doctor"}"#;

/// The script for a command.
pub(crate) fn text(command: &HookCommand) -> String {
    let line = command.line(super::CLIENT, None);
    format!(
        "#!/bin/sh\n\
         # written by bailiwick init: what Cline tells its hooks is put to the guard. Changes here are lost.\n\
         answer=$({WATCHDOG}{line}) && [ -n \"$answer\" ] || answer='{CLOSED}'\n\
         printf '%s\\n' \"$answer\"\n"
    )
}
