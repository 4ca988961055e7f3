//! What the agent's own shell gives a call behind the wall (its aliases and functions), and what it goes on with afterwards:
//! the directory, and exported variables. In: what the command's shell said at its end, which is a stranger's word. Out: a
//! text that the agent's shell evaluates.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{PipeReader, PipeWriter, Read as _, Write as _};
use std::os::fd::RawFd;
use std::path::{Path, PathBuf};

use bailiwick_vocab::effect::{Deed, Effect};

use crate::dirs::Dirs;
use crate::failure::{Failure, Naming as _};
use crate::wall::environment::{is_left_out, loads_code};
use crate::wall::programs::is_installed;
use crate::wall::ticket::quoted;
use crate::wall::trust::is_told_by;

/// Characters of a line that is passed on.
const LONGEST_LINE: usize = 1_000;

/// Words without which a command leaves nothing behind.
const LEAVING: &[&str] = &["cd", "pushd", "popd", "export", "unset", "source", ". ", "declare", "typeset"];

/// Variables that say how the agent's own shell works, or are its own.
const ITS_OWN: &[&str] =
    &["_", "SHLVL", "PWD", "OLDPWD", "IFS", "SHELLOPTS", "BASHOPTS", "HOME", "PS0", "PS1", "PS2", "PS4", "BAILIWICK_SHELL"];

/// What stands before a line whose command needs the aliases and functions of the agent's shell. The kernel takes no longer
/// variable; what is cut is not defined.
pub const GIVING: &str =
    "__bailiwick=\"$({ alias -L || alias; declare -f; } 2>/dev/null)\"; BAILIWICK_SHELL=\"${__bailiwick:0:120000}\" ";

/// Whether a command names a program that is none on this search path: an alias or a function of the agent's shell.
pub fn needs_shell(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| {
        let Deed::Execute { program, .. } = &effect.deed else { return false };
        !program.contains('/') && !is_installed(program)
    })
}

/// Whether a command may change what the agent's shell goes on with.
pub fn is_wanted(command: &str) -> bool {
    LEAVING.iter().any(|word| command.contains(word))
}

/// What the command's shell tells its end through. Nobody waits for the other: what the pipe does not hold is not carried,
/// and what runs on in the background may keep its end.
pub fn pipe() -> Result<(PipeReader, PipeWriter), Failure> {
    let (reader, writer) = std::io::pipe().naming("make", Path::new("a pipe"))?;
    let unwaiting = rustix::io::ioctl_fionbio(&writer, true).and_then(|()| rustix::io::ioctl_fionbio(&reader, true));
    unwaiting.map_err(std::io::Error::from).naming("set up", Path::new("a pipe"))?;
    Ok((reader, writer))
}

/// The script that runs `$1` with the aliases and functions that were given, and then says over `tell` where it is and, in
/// bash, which variables it exports.
pub fn script(shell: &str, tell: Option<RawFd>) -> String {
    let given = "shopt -s expand_aliases; eval \"$BAILIWICK_SHELL\"; unset BAILIWICK_SHELL";
    let run = format!("{{ {given}; }} >/dev/null 2>&1\neval \"$1\"");
    let Some(tell) = tell else { return run };
    let variables = "IFS=$' \\t\\n'; for __name in $(compgen -e); do builtin printf '%s=%s\\0' \"$__name\" \"${!__name}\"; done; builtin printf '\\0'";
    let variables = if shell.ends_with("bash") { variables } else { ":" };
    format!("{run}\n__bailiwick=$?\n{{ pwd -P; {variables}; }} >&{tell} 2>/dev/null\nexit $__bailiwick")
}

/// Reads what was said and keeps what the agent's shell is to evaluate; `began` is the environment inside at the start.
pub fn keep(dirs: &Dirs, ticket: &str, mut reader: PipeReader, began: &[(OsString, OsString)]) {
    let mut said = Vec::new();
    // It ends where the pipe is empty: the shell is gone.
    let _ = reader.read_to_end(&mut said);
    // Where it cannot be kept, the agent's shell goes on where it was.
    let _ = fs::write(file(dirs, ticket), text(&said, began));
}

/// Passes on what the supervisor said, with control characters left out.
pub fn say(mut from: PipeReader) {
    let mut said = Vec::new();
    let _ = from.read_to_end(&mut said);
    let text = String::from_utf8_lossy(&said);
    for line in text.lines() {
        let _ = writeln!(std::io::stderr(), "{}", crate::terminal::shown(line, LONGEST_LINE));
    }
}

/// The text for the agent's shell, which then has the command's exit code; it is given once.
pub fn after(dirs: &Dirs, ticket: &str, code: u8) -> String {
    let plain = ticket.bytes().all(|byte| byte.is_ascii_hexdigit());
    let kept = if plain { fs::read_to_string(file(dirs, ticket)).unwrap_or_default() } else { String::new() };
    if plain {
        let _ = fs::remove_file(file(dirs, ticket));
    }
    format!("{kept}(exit {code})")
}

fn file(dirs: &Dirs, ticket: &str) -> PathBuf {
    dirs.state.join("tickets").join(format!("{ticket}.after"))
}

fn text(said: &[u8], began: &[(OsString, OsString)]) -> String {
    let said = String::from_utf8_lossy(said);
    let Some((place, variables)) = said.split_once('\n') else { return String::new() };
    let mut text = if place.starts_with('/') { format!("cd {}\n", quoted(place)) } else { String::new() };
    // What has no end was cut.
    let (whole, complete) = match variables.strip_suffix("\0\0") {
        Some(whole) => (whole, true),
        None => (variables.rsplit_once('\0').map_or("", |(whole, _)| whole), false),
    };
    let ended: Vec<(&str, &str)> = whole.split('\0').filter_map(|pair| pair.split_once('=')).collect();
    for (name, value) in &ended {
        let unchanged = began.iter().any(|(known, was)| known == name && was == value);
        if !unchanged && may_go_out(name) {
            text.push_str(&format!("export {name}={}\n", quoted(value)));
        }
    }
    let gone = |name: &&OsStr| complete && !ended.iter().any(|(known, _)| known == name);
    for name in began.iter().map(|(name, _)| name.as_os_str()).filter(gone).filter_map(OsStr::to_str) {
        if may_go_out(name) {
            text.push_str(&format!("unset {name}\n"));
        }
    }
    text
}

/// Whether a variable from inside may be set outside: a plain name that loads nothing and steers no shell.
fn may_go_out(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let loads = name.starts_with("LD_") || name == "GLIBC_TUNABLES" || loads_code(name) || is_left_out(name);
    plain && !name.starts_with(|first: char| first.is_ascii_digit()) && !ITS_OWN.contains(&name) && !loads && !is_told_by(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_carried_and_nothing_that_loads_code() {
        let began = [("A", "1"), ("B", "2"), ("PATH", "/bin")].map(|(name, value)| (name.into(), value.into()));
        let said =
            b"/w/sub\nA=1\0PATH=/venv/bin:/bin\0NEW=it's\0LD_LIBRARY_PATH=/tmp\0SSL_CERT_FILE=/w/own.pem\0PS1=x\0a b=1\0\0";
        let expected = "cd '/w/sub'\nexport PATH='/venv/bin:/bin'\nexport NEW='it'\\''s'\nunset B\n";
        assert_eq!(text(said, &began), expected);
        assert_eq!(text(b"/w\nNEW=1\0CUT=x", &began), "cd '/w'\nexport NEW='1'\n");
        assert_eq!(text(b"/w\n", &began), "cd '/w'\n");
        assert_eq!(text(b"nowhere\nX=1", &began), "");
    }
}
