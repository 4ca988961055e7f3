//! What an agent types into a program that is already running, and programs that wait for such typing. Which program
//! reads it is not known here: the text is read as a shell would, and is not trusted to be only that.

use std::collections::BTreeSet;

use bailiwick_vocab::effect::{Deed, Effect, OpaqueCause};

use crate::walk;
use crate::world::World;

/// Programs that read commands from whoever types, unless an argument gives them something else to do.
const PROMPTS: [&str; 46] = [
    "sh", "bash", "zsh", "dash", "ash", "ksh", "mksh", "fish", "csh", "tcsh", "busybox", "pwsh", "python", "python2", "python3",
    "ipython", "bpython", "node", "deno", "bun", "ruby", "irb", "perl", "php", "lua", "R", "ghci", "erl", "iex", "scala",
    "jshell", "julia", "octave", "tclsh", "gdb", "lldb", "ed", "ftp", "sftp", "telnet", "nc", "ncat", "psql", "mysql", "sqlite3",
    "bc",
];

/// Programs that open such a prompt elsewhere or for someone else, whatever their arguments.
const OPENERS: [&str; 12] =
    ["ssh", "su", "script", "screen", "tmux", "expect", "vim", "vi", "emacs", "nano", "chroot", "unshare"];

/// Text typed into a running program: nothing where it is only blanks or a key that interrupts.
pub(crate) fn typed(text: &str, cwd: &str, world: &dyn World) -> Vec<Effect> {
    if text.chars().all(|char| char.is_control() || char == ' ') {
        return Vec::new();
    }
    let mut effects = walk::shell(text, cwd, world);
    effects.push(unread());
    effects
}

/// The effects, and what is not seen afterwards where one of the programs waits for typing.
pub(crate) fn with_prompts(mut effects: Vec<Effect>) -> Vec<Effect> {
    if effects.iter().any(|effect| waits(&effect.deed)) {
        effects.push(unread());
    }
    effects
}

fn waits(deed: &Deed) -> bool {
    let Deed::Execute { program, argv } = deed else { return false };
    let name = program.rsplit('/').next().unwrap_or_default();
    let arguments = argv.get(1..).unwrap_or_default();
    let asked_for = |argument: &String| {
        matches!(argument.as_str(), "-i" | "-it" | "-ti" | "-a" | "--interactive" | "--interactive=true" | "--tty" | "-t")
    };
    let bare = arguments
        .iter()
        .all(|argument| argument.starts_with('-') && !matches!(argument.as_str(), "-c" | "-e" | "--version" | "--help"));
    OPENERS.contains(&name) || (PROMPTS.contains(&name) && bare) || arguments.iter().any(asked_for)
}

fn unread() -> Effect {
    Effect::new(Deed::Opaque { cause: OpaqueCause::Dynamic, language: "terminal".to_owned(), hints: BTreeSet::new() }, None)
}
