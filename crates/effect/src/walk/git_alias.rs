//! A word after `git` that is none of git's own: an alias of the settings that git would read, or a program `git-…`.
//!
//! The settings are those of the repository and of the user. Where they include others, may have been changed by this
//! command line, or are written in a way that is more than plain words, it cannot be said what runs.

use bailiwick_vocab::effect::{Hint, OpaqueCause};

use crate::invocation::{Inner, Word};

use super::Walker;
use super::inner::Script;
use super::start::Start;
use super::state::State;

/// What settings say of a name.
enum Alias {
    /// Nothing.
    None,
    /// This text stands for it.
    Text(String),
    /// They cannot be read to the end.
    Unread,
}

/// Variables that lead git to other settings.
const ELSEWHERE: &[&str] =
    &["GIT_DIR", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_COUNT", "XDG_CONFIG_HOME"];

impl Walker<'_> {
    /// Follows `git NAME …` where git has no such command itself.
    pub(super) fn git_alias(&mut self, words: &[Word], start: &Start<'_>, state: &mut State) {
        let Some((name, arguments)) = words.split_first() else { return };
        match self.alias_of(&name.text, state) {
            Alias::None => {
                let program = Word::literal(format!("git-{}", name.text), name.span);
                self.then([program].into_iter().chain(arguments.iter().cloned()).collect(), start, state);
            }
            Alias::Text(text) => match text.strip_prefix('!') {
                Some(command) => {
                    let code = Word::literal(format!("{command} \"$@\""), name.span);
                    let args = [name.clone()].into_iter().chain(arguments.iter().cloned()).collect();
                    self.follow(Inner::Shell { code, args }, start, state);
                }
                None => {
                    let given = text.split_whitespace().map(|word| Word::literal(word, name.span));
                    let git = Word::literal("git", name.span);
                    self.then([git].into_iter().chain(given).chain(arguments.iter().cloned()).collect(), start, state);
                }
            },
            Alias::Unread => self.opaque(OpaqueCause::Dynamic, "git-alias", &[Hint::Runs], start.span),
        }
    }

    fn then(&mut self, words: Vec<Word>, start: &Start<'_>, state: &State) {
        self.follow(Inner::Argv { words, stdin: state.stdin.as_ref().clone(), cwd: None, env: Vec::new() }, start, state);
    }

    /// Looks the name up, the repository's settings before the user's. A shell command runs at the repository's top.
    fn alias_of(&self, name: &str, state: &mut State) -> Alias {
        let moved = |variable: &&str| state.variable(variable).is_some() || self.world.variable(variable).is_some();
        let (Some(home), [cwd]) = (self.world.home(), state.cwds.as_slice()) else { return Alias::Unread };
        if ELSEWHERE.iter().any(moved) || state.variable("HOME").is_some() {
            return Alias::Unread;
        }
        let top = self.repository(cwd);
        // Where there is no repository yet, this command line may make one.
        let own = [(format!("{}/.git/config", top.as_ref().unwrap_or(cwd)), top.is_some())];
        let users = ["/.gitconfig", "/.config/git/config"].map(|file| (format!("{home}{file}"), false));
        let files = own.into_iter().chain(users).chain([("/etc/gitconfig".to_owned(), false)]);
        for (file, must_be_there) in files {
            let found = match self.script_at(&file) {
                Script::Text(text) => alias_in(&text, name),
                Script::Absent | Script::Nowhere if must_be_there || self.world.facts(&file, false).exists => Alias::Unread,
                Script::Absent | Script::Nowhere => Alias::None,
                Script::Rewritten | Script::Unsure(_) => Alias::Unread,
            };
            if !matches!(found, Alias::None) {
                if let (Alias::Text(text), Some(top)) = (&found, top)
                    && text.starts_with('!')
                {
                    state.enter(vec![top]);
                }
                return found;
            }
        }
        Alias::None
    }

    /// The directory above with `.git` in it.
    fn repository(&self, cwd: &str) -> Option<String> {
        let ends = cwd.match_indices('/').map(|(at, _)| at).chain([cwd.len()]);
        let above = ends.filter_map(|end| cwd.get(..end)).collect::<Vec<&str>>();
        above.into_iter().rev().find(|top| self.world.facts(&format!("{top}/.git"), false).exists).map(str::to_owned)
    }
}

/// What a settings text says of an alias. The last word counts.
fn alias_in(text: &str, name: &str) -> Alias {
    let mut section = String::new();
    let mut found = Alias::None;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(rest) = line.strip_prefix('[') {
            section = rest.split([']', ' ', '"']).next().unwrap_or_default().to_ascii_lowercase();
            // A section's header may be followed by a setting on the same line, and an alias may be a section's name.
            let alone = line.ends_with(']');
            if section.starts_with("include") || (section.starts_with("alias") && (!alone || section != "alias")) {
                return Alias::Unread;
            }
            continue;
        }
        if section != "alias" {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        if line.ends_with('\\') {
            return Alias::Unread;
        }
        if key.trim().eq_ignore_ascii_case(name) {
            let plain = !value.contains(['"', '\\', '#', ';', '\'']);
            found = if plain { Alias::Text(value.trim().to_owned()) } else { Alias::Unread };
        }
    }
    found
}
