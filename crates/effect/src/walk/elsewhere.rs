//! Whether a tool that runs a project's code was told to take the project from where everybody may put files. In: the
//! tool's arguments. Out: yes or no; what is only written there (`--target-dir /tmp/x`) does not count.

use crate::invocation::Word;

use super::Walker;
use super::inner::{SHARED, is_below};
use super::state::State;

/// Options whose value is where the code is.
const SOURCES: &[&str] = &[
    "-C",
    "-f",
    "-p",
    "-S",
    "--directory",
    "--dir",
    "--cwd",
    "--prefix",
    "--manifest-path",
    "--project",
    "--project-dir",
    "--project-directory",
    "--file",
    "--makefile",
    "--gemfile",
    "--rootdir",
    "--root",
    "--justfile",
    "--working-directory",
    "--taskfile",
    "--rakefile",
    "--build-file",
];

/// Endings of code that is built and run at once.
const CODE: &[&str] =
    &[".go", ".java", ".rs", ".kt", ".kts", ".cs", ".swift", ".scala", ".groovy", ".zig", ".nim", ".dart", ".cr", ".jl", ".exs"];

impl Walker<'_> {
    /// Whether an argument leads to code in a shared directory that is not where the command runs.
    pub(super) fn takes_from_elsewhere(&self, arguments: &[Word], state: &State) -> bool {
        let mut before = "";
        for word in arguments {
            let (option, value) = word.text.split_once('=').unwrap_or((before, &word.text));
            let code = CODE.iter().any(|ending| value.ends_with(ending));
            let attached = ["-C", "-f"].iter().find_map(|option| value.strip_prefix(option)).filter(|path| path.starts_with('/'));
            let path = attached.unwrap_or(value);
            if (code || attached.is_some() || SOURCES.contains(&option)) && self.is_shared(path, state) {
                return true;
            }
            before = &word.text;
        }
        false
    }

    /// Whether a path lies in a shared directory, and is not where the command runs.
    pub(super) fn is_shared(&self, path: &str, state: &State) -> bool {
        let word = Word::literal(path, None);
        self.paths(&word, state).iter().any(|path| {
            let real = self.world.real_path(&crate::resolve::normal(path), true);
            let shared = SHARED.iter().any(|directory| is_below(&real, directory));
            shared && !state.cwds.iter().any(|cwd| real == *cwd || is_below(&real, cwd) || is_below(cwd, &real))
        })
    }
}
