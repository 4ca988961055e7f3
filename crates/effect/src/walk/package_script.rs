//! Scripts of `package.json`. In: which one npm, yarn or pnpm was told to run. Out: what its text does, walked in the
//! package's directory with what comes before and after it.
//!
//! Only where the manifest and the manager's own settings can be read and say so: a manager that is told of another shell,
//! of code of its own, or whose manifest this command line may have changed, runs project code that is not read.

use std::rc::Rc;

use bailiwick_vocab::effect::{OpaqueCause, Span};
use serde_json::Value;

use crate::invocation::{Inner, PackageScript, Word};

use super::Walker;
use super::inner::Script;
use super::start::Start;
use super::state::State;

/// Files beside a manifest, or above it, in which a manager is told to run code of its own.
const OWN_CODE: &[&str] = &[".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", ".pnpmfile.mjs"];
/// Files of settings, beside a manifest or in the home directory, that may name another shell.
const SETTINGS: &[&str] = &[".npmrc", "pnpm-workspace.yaml"];
/// The machine's settings.
const MACHINE: &[&str] = &["/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc"];
/// Beginnings of variables that are settings of a manager.
const VARIABLES: &[&str] = &["npm_config_", "yarn_", "pnpm_"];
/// Settings that may stand in the environment that a command line is started with.
const OUTSIDE: &[&str] = &["npm_config_script_shell", "npm_config_userconfig", "npm_config_globalconfig", "npm_config_prefix"];

/// What a manifest says of a script.
enum Found {
    /// The texts that run one after the other.
    Texts(Vec<String>),
    /// There is none of that name.
    None,
}

impl Walker<'_> {
    /// Follows a script of the nearest manifest.
    pub(super) fn package_script(&mut self, asked: &PackageScript, start: &Start<'_>, mut state: State) {
        if let Some(directory) = &asked.directory {
            if self.is_shared(&directory.text, &state) {
                return self.opaque(OpaqueCause::Script, "foreign", &[], start.span);
            }
            let paths = if directory.known() { self.paths(directory, &state) } else { Vec::new() };
            state.enter(paths);
        }
        let Some((directory, found)) = self.found(asked, &state) else { return self.project(start.span) };
        match found {
            Found::None if asked.must_be => {}
            Found::None => self.project(start.span),
            Found::Texts(texts) => {
                state.bins = Rc::new(above(&directory).map(|directory| format!("{directory}/node_modules/.bin")).collect());
                state.enter(vec![directory]);
                self.texts(&texts, asked, start, &state);
            }
        }
    }

    /// Runs the texts. Only the script itself gets the arguments, but what the others do with them is theirs to say.
    fn texts(&mut self, texts: &[String], asked: &PackageScript, start: &Start<'_>, state: &State) {
        let inner = Start { argv: start.argv, environment: &[], span: start.span, shell: false };
        for text in texts {
            let text = if asked.args.is_empty() { text.clone() } else { format!("{text} \"$@\"") };
            let zeroth = Word::literal("sh", None);
            let args = std::iter::once(zeroth).chain(asked.args.iter().cloned()).collect();
            self.follow(Inner::Shell { code: Word::literal(text, start.span), args }, &inner, state);
        }
    }

    /// Where the manifest lies and what it says; `None` where that cannot be read.
    fn found(&self, asked: &PackageScript, state: &State) -> Option<(String, Found)> {
        let name = Some(&asked.name).filter(|name| name.known() && name.pattern.is_none())?;
        // `pnpm run /pattern/` runs every script that fits.
        if name.text.starts_with('/') || state.variables.keys().any(|name| is_setting(name)) {
            return None;
        }
        let outside =
            |name: &&str| [name.to_string(), name.to_uppercase()].iter().any(|name| self.world.variable(name).is_some());
        let cwd = state.cwd()?;
        let directory = above(cwd).find(|directory| {
            self.may_exist(&format!("{directory}/package.json")) || self.may_exist(&format!("{directory}/node_modules"))
        })?;
        if OUTSIDE.iter().any(outside) || self.told_otherwise(directory) {
            return None;
        }
        let manifest = match self.script_at(&format!("{directory}/package.json")) {
            Script::Text(text) => serde_json::from_str::<Value>(&text).ok()?,
            Script::Rewritten | Script::Unsure(_) | Script::Absent | Script::Nowhere => return None,
        };
        let text = |name: &str| manifest["scripts"][name].as_str().map(str::to_owned);
        let found = match text(&name.text) {
            None => Found::None,
            Some(own) => {
                let around = |when: &str| text(&format!("{when}{}", name.text));
                Found::Texts(around("pre").into_iter().chain([own]).chain(around("post")).collect())
            }
        };
        Some((directory.to_owned(), found))
    }

    /// Whether a manager may run something else than the shell that everybody has, or settings cannot be read.
    fn told_otherwise(&self, directory: &str) -> bool {
        let home = self.world.home();
        let places = || above(directory).map(str::to_owned).chain(home.clone());
        let code = places().any(|place| OWN_CODE.iter().any(|file| self.may_exist(&format!("{place}/{file}"))));
        let files = places().flat_map(|place| SETTINGS.iter().map(move |file| format!("{place}/{file}")));
        let mut files = files.chain(MACHINE.iter().map(|file| (*file).to_owned()));
        code || files.any(|file| match self.script_at(&file) {
            Script::Text(text) => {
                let text = text.to_ascii_lowercase();
                ["shell", "node-options", "nodeoptions", "pnpmfile"].iter().any(|word| text.contains(word))
            }
            Script::Absent | Script::Nowhere => self.may_exist(&file),
            Script::Rewritten | Script::Unsure(_) => true,
        })
    }

    /// Whether a path is there, or this command line may put it there.
    fn may_exist(&self, path: &str) -> bool {
        self.world.facts(path, false).exists || matches!(self.script_at(path), Script::Rewritten | Script::Unsure(_))
    }

    /// Whether the project's own packages bring a program of that name, which a script finds before the system's.
    pub(super) fn is_of_project(&self, program: &str, state: &State) -> bool {
        !program.contains('/') && state.bins.iter().any(|bins| self.may_exist(&format!("{bins}/{program}")))
    }

    /// Code of the project that is not read.
    pub(super) fn project(&mut self, span: Option<Span>) {
        self.opaque(OpaqueCause::Script, "project", &[], span);
    }
}

fn is_setting(variable: &str) -> bool {
    let variable = variable.to_ascii_lowercase();
    VARIABLES.iter().any(|beginning| variable.starts_with(beginning))
}

/// A directory and those above it, the nearest first.
fn above(directory: &str) -> impl Iterator<Item = &str> {
    let directory = directory.trim_end_matches('/');
    let ends = std::iter::once(directory.len()).chain(directory.rmatch_indices('/').map(|(at, _)| at));
    ends.filter_map(|end| directory.get(..end))
}
