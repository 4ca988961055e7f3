//! Places effects: relative paths become absolute against every working directory the shell may be in, devices that
//! hold nothing are left out, what is written is remembered.

use bailiwick_vocab::effect::{Deed, Effect, Span, Target, WriteMode};

use crate::glob::escaped;
use crate::invocation::{UNKNOWN, Word};

use super::Walker;
use super::state::State;

/// What people are shown for a stretch that is not known.
const SHOWN: &str = "…";
/// Devices that hold nothing: reading or writing them leaves no trace.
const DEVICES: &[&str] = &[
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/random",
    "/dev/urandom",
    "/dev/stdin",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/tty",
];

impl Walker<'_> {
    /// Adds what a command does in `state`.
    pub(super) fn place(&mut self, mut effect: Effect, state: &State) {
        if let Some(outer) = self.outer {
            effect.span = outer;
        }
        let inherited = self.inherited(&effect, state);
        show_unknown(&mut effect.deed);
        if let (Some(text), Some(target)) = (inherited, effect.deed.target_mut()) {
            target.path = text;
            return self.add(effect);
        }
        let deletes = matches!(effect.deed, Deed::Delete(_));
        let Some(target) = effect.deed.target_mut() else { return self.add(effect) };
        if !deletes && is_device(&target.path) {
            return;
        }
        if target.path.starts_with('/') {
            return self.put(effect);
        }
        if target.known && (target.path == "~" || target.path.starts_with("~/")) {
            // The shell leaves this `~` as it is; many programs do not.
            let mut at_home = effect.clone();
            self.at_home(&mut at_home);
            self.put(at_home);
        }
        let Some(target) = effect.deed.target_mut() else { return };
        if target.path.starts_with(SHOWN) || state.cwds.is_empty() {
            target.known = false;
            return self.add(effect);
        }
        for cwd in state.cwds.iter() {
            let mut placed = effect.clone();
            if let Some(target) = placed.deed.target_mut() {
                let given = std::mem::take(&mut target.path);
                target.path = absolute(cwd, &given, target.glob);
                target.given = Some(given);
            }
            self.put(placed);
        }
    }

    /// The text of a file's name that is not known because of variables that come from outside this command line, and of
    /// nothing else: what people and policy are shown says which.
    fn inherited(&self, effect: &Effect, state: &State) -> Option<String> {
        let Deed::Write { target, .. } = &effect.deed else { return None };
        if !target.path.contains(UNKNOWN) || target.glob {
            return None;
        }
        self.inherited_text(effect.span?, state)
    }

    /// The text of a word in which nothing is unknown but variables from outside this command line.
    pub(super) fn inherited_text(&self, span: Span, state: &State) -> Option<String> {
        if self.outer.is_some() {
            return None;
        }
        let text = self.source.get(span.start as usize..span.end as usize)?.replace(['"', '{', '}'], "");
        let mut parts = text.split('$');
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_./:@%+,=~-".contains(&byte));
        let first = parts.next().filter(|part| plain(part))?;
        let outside = |part: &str| {
            let end = part.find(|character: char| !character.is_ascii_alphanumeric() && character != '_').unwrap_or(part.len());
            let name = part.get(..end).unwrap_or_default();
            let named = name.starts_with(|character: char| character.is_ascii_alphabetic() || character == '_');
            named && plain(part) && state.variable(name).is_none()
        };
        (!first.contains("..") && parts.all(outside) && !text.contains("/..")).then_some(text)
    }

    /// Adds an effect on an absolute path, and where links made here would lead it.
    fn put(&mut self, effect: Effect) {
        if self.has_links() {
            for other in self.through_links(&effect) {
                self.remember(&other);
                self.add(other);
            }
        }
        self.remember(&effect);
        self.add(effect);
    }

    /// The absolute paths a word may name, without patterns.
    pub(super) fn paths(&self, word: &Word, state: &State) -> Vec<String> {
        if word.text.starts_with('/') {
            return vec![word.text.clone()];
        }
        state.cwds.iter().map(|cwd| absolute(cwd, &word.text, false)).collect()
    }

    /// Keeps in mind which files a command may have changed and which directories it makes.
    fn remember(&mut self, effect: &Effect) {
        let Deed::Write { target, mode } = &effect.deed else { return };
        if *mode == WriteMode::Metadata {
            return;
        }
        if target.tree {
            self.written_trees.insert(self.world.real_path(&target.path, true));
        } else if target.glob {
            self.written_trees.insert(crate::glob::fixed_prefix(&target.path));
        } else {
            let real = self.world.real_path(&target.path, true);
            self.written.insert(real, None);
        }
    }

    /// Notes that a directory is there from now on.
    pub(super) fn note_directory(&mut self, path: String) {
        self.made.insert(path);
    }

    /// Whether a path is a directory for certain.
    pub(super) fn is_directory(&self, path: &str) -> bool {
        self.made.contains(path.trim_end_matches('/')) || self.world.facts(path, false).directory
    }
}

/// A path below a directory; as a pattern where the path is one.
fn absolute(cwd: &str, path: &str, glob: bool) -> String {
    let base = if glob { escaped(cwd) } else { cwd.to_owned() };
    let base = base.trim_end_matches('/');
    format!("{base}/{path}")
}

/// Whether nothing is kept of what goes there.
pub(super) fn is_device(path: &str) -> bool {
    DEVICES.contains(&path) || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/")
}

/// Replaces the marker of unknown stretches by what people are shown.
fn show_unknown(deed: &mut Deed) {
    if let Some(target) = deed.target_mut() {
        show_target(target);
        return;
    }
    match deed {
        Deed::Execute { program, argv } => {
            show(program);
            argv.iter_mut().for_each(show);
        }
        Deed::Connect { host, .. } => {
            if host.contains(UNKNOWN) {
                "*".clone_into(host);
            }
        }
        Deed::Push { remote, refs, .. } => {
            show(remote);
            refs.iter_mut().for_each(show);
        }
        Deed::Publish { registry, package } => {
            show(registry);
            show(package);
        }
        Deed::Send { channel, recipient } => {
            show(channel);
            show(recipient);
        }
        Deed::Query { database, .. } => show(database),
        Deed::Deploy { target, what, .. } => {
            show(target);
            show(what);
        }
        Deed::Pay { recipient, amount } => {
            show(recipient);
            show(amount);
        }
        Deed::UseSecret { name: text }
        | Deed::Spawn { agent: text }
        | Deed::Signal { process: text }
        | Deed::Escalate { how: text }
        | Deed::Persist { how: text }
        | Deed::Configure { what: text } => show(text),
        Deed::Call { server, tool, .. } => {
            show(server);
            show(tool);
        }
        Deed::Read(_) | Deed::Write { .. } | Deed::Delete(_) | Deed::Opaque { .. } => {}
    }
}

fn show_target(target: &mut Target) {
    if target.path.contains(UNKNOWN) {
        target.known = false;
        show(&mut target.path);
    }
}

fn show(text: &mut String) {
    if text.contains(UNKNOWN) {
        *text = text.replace(UNKNOWN, SHOWN);
    }
}
