//! Answers what a command inside the wall is about to do, and keeps what it takes to undo it. Ordinary files in the trees
//! that were granted go at once; names that mean more, and programs that do more than run, are judged by the policy.

use std::ffi::OsString;
use std::io::{PipeWriter, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bailiwick_journal::change::{Change, Spot};
use bailiwick_journal::journal::Journal;
use bailiwick_proxy::server::Proxy;
use bailiwick_sandbox::enforced::Enforced;
use bailiwick_sandbox::plan::{Draft, Plan};
use bailiwick_sandbox::watcher::{Answer, Exit, Mutation, Peer, Place, Start, Watcher, Who};
use bailiwick_vocab::effect::Deed;
use rustix::io::Errno;

use crate::review::Bases;
use crate::station::now_ms;
use crate::wall::desk::DESK;
use crate::wall::grants::{self, sets_git};
use crate::wall::programs::is_own;
use crate::wall::seen::Seen;
use crate::wall::settings::{REPOSITORY, Settlers, Start as Settles, tool_of};
use crate::wall::ticket::quoted;

/// Directories of a repository's own that git itself fills; what else lies in `.git` is judged by name.
const GIT_OWN: &[&str] = &[
    "objects",
    "refs",
    "logs",
    "index",
    "HEAD",
    "ORIG_HEAD",
    "FETCH_HEAD",
    "COMMIT_EDITMSG",
    "packed-refs",
    "MERGE_HEAD",
    "MERGE_MSG",
    "MERGE_MODE",
    "AUTO_MERGE",
    "REBASE_HEAD",
    "rebase-merge",
    "rebase-apply",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "shallow",
    "description",
    "gc.pid",
    "gc.log",
    "lfs",
    "branches",
    "SQUASH_MSG",
    "TAG_EDITMSG",
    "EDIT_DESCRIPTION",
    "rr-cache",
    "sequencer",
];

/// How others of them begin: the state of a merge, a search or a stash, and what is written before it takes its place.
const GIT_OWN_BEGINNINGS: &[&str] = &["BISECT_", "MERGE_", "NOTES_", "index.", "next-index-", "sharedindex.", "packed-refs."];

/// Places whose files tools make, and make again.
const MADE: &[&str] = &["caches", "build-output"];

/// Places that are judged wherever they lie.
const HELD: &[&str] = &["agent-permissions", "agent-settings", "guard", "secrets"];

/// How long connections may take to end after their command.
const SETTLES: Duration = Duration::from_millis(300);

/// Ports at which an agent's own runtime (Node, Bun) opens its debugger when anybody sends it SIGUSR1: whoever reaches it is
/// the agent.
const INSPECTORS: &[u16] = &[9229, 9230, 6499];

/// The watcher of one call.
pub struct Watch {
    seen: Arc<Seen>,
    journal: Journal,
    /// The journal's name.
    name: String,
    /// What the call itself starts, before everything else: the shell that reads its command, or its one program.
    first: Vec<String>,
    /// The way out, as long as anything runs inside.
    way: Arc<Mutex<Option<Proxy>>>,
    /// What a command that failed was refused is said here, for its front.
    speaker: PipeWriter,
    /// Names under which a file may be put together beside its place.
    drafts: Vec<Draft>,
    /// The processes that change settings.
    settlers: Settlers,
    /// How the command ended, until that is being recorded.
    exit: Mutex<Option<String>>,
    /// Writes the record, while the front already ends.
    recorder: Mutex<Option<JoinHandle<()>>>,
}

impl Watch {
    /// Watches with a journal.
    pub fn new(
        seen: Arc<Seen>,
        journal: Journal,
        name: String,
        first: Vec<String>,
        way: Option<Proxy>,
        speaker: PipeWriter,
    ) -> Watch {
        Watch {
            seen,
            journal,
            name,
            first,
            way: Arc::new(Mutex::new(way)),
            speaker,
            drafts: Vec::new(),
            settlers: Settlers::default(),
            exit: Mutex::default(),
            recorder: Mutex::default(),
        }
    }

    /// The same, of what the plan says.
    pub fn of(mut self, plan: &Plan) -> Watch {
        self.drafts.clone_from(&plan.drafts);
        self.settlers = Settlers::new(plan.env.clone(), plan.writable.clone());
        self
    }

    /// Whether a path may be changed.
    fn may_change(&self, who: Who, path: &Path, exists: bool) -> bool {
        let grants = &self.seen.ticket.grants;
        if grants.closed.iter().any(|closed| path.starts_with(closed)) {
            return false;
        }
        if let Some(lead) = self.seen.lead.as_ref().filter(|lead| lead.holds(path)) {
            // The agent's state is its own; what a tool writes there is judged by name.
            return if who.leads { lead.writes(path) } else { self.is_let(path, exists) };
        }
        // The wall sees to it that only what the call itself has made there is meant.
        let path = self.meant_by(path);
        let mut below = grants.writable.iter().filter_map(|tree| path.strip_prefix(tree).ok()).peekable();
        let free = below.peek().is_some();
        if below.any(is_ordinary) || self.seen.names(path) || (who.leads && self.seen.names_for_agent(path)) {
            return true;
        }
        if let Some(tool) = grants.settings_of(path).filter(|_| !self.seen.names(path)) {
            return self.settlers.holds(who.pid, tool);
        }
        // A directory on the way to what was named.
        if !exists && grants.lead_through(path) {
            return true;
        }
        if is_git_setting(path) && (grants.git_settings || (grants.git_alone && self.settlers.holds(who.pid, REPOSITORY))) {
            return true;
        }
        // What builds and tools make may be called like something that runs later (`.git` of a dependency, `*.pth`).
        if free && self.seen.lies_in(path, MADE) && !self.seen.lies_in(path, HELD) {
            return true;
        }
        self.is_let(path, exists)
    }

    /// The file whose draft has this name; else what has it.
    fn meant_by<'a>(&'a self, path: &'a Path) -> &'a Path {
        self.drafts.iter().find(|draft| draft.is_at(path)).map_or(path, |draft| draft.of.as_path())
    }

    /// Whether the policy lets this very path be changed.
    fn is_let(&self, path: &Path, exists: bool) -> bool {
        let key = format!("w{} {}", u8::from(exists), path.display());
        self.seen.permits(key, || grants::write(path, exists))
    }

    /// Whether these paths may be changed, each there already or not, and what was there could be kept.
    fn change(&self, who: Who, paths: &[(&Path, bool)], change: &Change<'_>) -> Answer {
        for (path, exists) in paths {
            if !self.may_change(who, path, *exists) {
                let why = match self.seen.ticket.grants.settings_of(self.meant_by(path)) {
                    Some(tool) => format!("{tool} alone changes it, as it was judged: do it in a call of its own"),
                    None => "not in what was allowed, and the policy would ask".to_owned(),
                };
                self.seen.refused(format!("changing {}: {why}", path.display()));
                return Answer::Refuse(Errno::ACCESS);
            }
        }
        if who.leads && self.seen.lead.as_ref().is_some_and(|lead| paths.iter().all(|(path, _)| lead.holds(path))) {
            // What an agent remembers is no part of what it did.
            return Answer::Go;
        }
        if let Some(bases) = self.seen.bases.as_ref().filter(|bases| paths.iter().any(|(path, _)| bases.cover(path))) {
            return self.in_layer(bases, paths);
        }
        match self.journal.before(change) {
            Ok(_) => {
                paths.iter().for_each(|(path, _)| self.seen.changed(path));
                Answer::Go
            }
            Err(refused) => {
                self.seen.refused(format!("a change: what was there could not be kept ({refused})"));
                Answer::Refuse(if refused.is_full() { Errno::NOSPC } else { Errno::IO })
            }
        }
    }

    /// A change that goes into the layer: outside nothing changes, so nothing is kept but how it is there.
    fn in_layer(&self, bases: &Bases, paths: &[(&Path, bool)]) -> Answer {
        for (path, _) in paths {
            if let Err(error) = bases.note(path) {
                self.seen.refused(format!("a change: how {} was could not be kept ({error})", path.display()));
                return Answer::Refuse(Errno::IO);
            }
            self.seen.changed(path);
        }
        Answer::Go
    }

    /// Whether a program that the effects did not foresee does what must be judged by itself.
    fn judge(&self, argv: &[String]) -> Result<(), String> {
        let command = argv.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        let effects = self.seen.ticket.effects_of(&command, false);
        for effect in effects.iter().filter(|effect| is_weighty(&effect.deed) && !self.seen.means(&effect.deed)) {
            let answer = self.seen.lets(format!("e{:?}", effect.deed), || effect.clone(), command.clone());
            answer.map_err(|why| format!("{}: {why}", crate::words::effect(effect)))?;
        }
        Ok(())
    }
}

impl Watcher for Watch {
    fn enforced(&self, enforced: &Enforced) -> Result<(), String> {
        self.seen.enforced(vec![format!("{enforced:?}")]);
        Ok(())
    }

    fn exec(&self, who: Who, program: &Path, argv: &[OsString]) -> Start {
        if let Some(lead) = &self.seen.lead {
            if lead.goes_on(who, program, argv, Path::new(&self.seen.ticket.cwd)) {
                return Start::Go;
            }
            lead.note_helper(who, program, argv);
        }
        let argv: Vec<String> = argv.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        if who.leads {
            self.seen.agent_starts(&argv);
        }
        if argv == self.first && self.seen.lead.is_none() {
            if !reads_commands(&argv) {
                self.seen.exec(argv);
            }
            return Start::Go;
        }
        let led = self.seen.lead.is_some();
        let foreseen = self.seen.foresees(&argv) || (led && reads_commands(&argv)) || is_hook(program, &argv);
        if !foreseen && let Err(why) = self.judge(&argv) {
            self.seen.refused(format!("starting {}: {why}", program.display()));
            return Start::Refuse(Errno::ACCESS);
        }
        if !foreseen {
            self.seen.unpredicted(format!("started {}", argv.join(" ").chars().take(300).collect::<String>()));
        }
        self.seen.exec(argv);
        Start::Shed
    }

    fn starts(&self, who: Who, program: &Path, argv: &[OsString], variables: &dyn Fn() -> Option<Vec<OsString>>) {
        let grants = &self.seen.ticket.grants;
        if (grants.user_settings.is_empty() && !grants.git_alone) || self.seen.lead.is_some() {
            return;
        }
        let argv: Vec<String> = argv.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let tool = tool_of(&argv).filter(|tool| grants.user_settings.iter().any(|setting| setting.tool == *tool));
        let tool = tool.or((grants.git_alone && sets_git(&argv)).then_some(REPOSITORY));
        let tool = tool.filter(|_| argv == self.first || self.seen.foresees(&argv));
        self.settlers.starts(&Settles { pid: who.pid, program, argv: &argv, tool, variables });
        self.settlers.note_first(who.pid, argv == self.first && reads_commands(&argv));
    }

    fn too_new(&self, _: Who, program: &Path) {
        let why = "it was made in this call, which cannot be let run it any more: start it in a call of its own";
        self.seen.refused(format!("starting {}: {why}", program.display()));
    }

    fn before(&self, who: Who, mutation: &Mutation<'_>) -> Answer {
        match mutation {
            Mutation::Write { place, .. } => self.change(who, &[named(place)], &Change::Write { at: spot(place) }),
            Mutation::Unnamed { .. } => Answer::Go,
            Mutation::Remove { place, .. } => self.change(who, &[named(place)], &Change::Remove { at: spot(place) }),
            Mutation::Rename { from, to, exchange } => self.change(
                who,
                &[named(from), named(to)],
                &Change::Rename { from: spot(from), to: spot(to), exchange: *exchange },
            ),
            Mutation::Link { from, to } => self.change(who, &[named(to)], &Change::Link { from: Spot::at(from), to: spot(to) }),
            Mutation::Symlink { place, .. } => self.change(who, &[named(place)], &Change::Symlink { at: spot(place) }),
            Mutation::MakeDirectory { place } => self.change(who, &[named(place)], &Change::MakeDir { at: spot(place) }),
            Mutation::MakeNode { place } => self.change(who, &[named(place)], &Change::MakeNode { at: spot(place) }),
            Mutation::Metadata { path, .. } => self.change(who, &[(path, true)], &Change::Metadata { at: Spot::at(path) }),
        }
    }

    fn connect(&self, who: Who, peer: &Peer<'_>) -> Answer {
        // Inside there are only our own listeners, and sockets that the plan names. To one of them only our hooks speak.
        let (Peer::Internet(address), Some(lead)) = (peer, &self.seen.lead) else { return Answer::Go };
        let desk = address.ip().to_canonical() == DESK.0;
        if desk && !lead.is_helper(who.pid) {
            return Answer::Refuse(Errno::CONNREFUSED);
        }
        if !who.leads && INSPECTORS.contains(&address.port()) {
            self.seen.refused(format!("connecting to {address}: the agent itself could be commanded there"));
            return Answer::Refuse(Errno::CONNREFUSED);
        }
        Answer::Go
    }

    fn refused(&self, _: Who, call: &'static str, path: Option<&Path>, errno: Errno) {
        let what = path.map(|path| format!(" {}", path.display())).unwrap_or_default();
        self.seen.refused(format!("{call}{what}: {errno}"));
    }

    fn finished(&self, exit: Exit) {
        let _ = self.journal.end(now_ms());
        let noted: Vec<String> = self.journal.noted().iter().map(|(path, why)| format!("{}: {why}", path.display())).collect();
        self.seen.not_kept(noted);
        if exit != Exit::Code(0) {
            let said: String = self.seen.refusals().into_iter().map(|line| line + "\n").collect();
            // A front that is gone reads nothing.
            let _ = (&self.speaker).write_all(said.as_bytes());
        }
        let exit = match exit {
            Exit::Code(code) => format!("exit {code}"),
            Exit::Signal(signal) => format!("signal {signal}"),
        };
        if self.seen.lead.is_some() {
            // Nobody waits for a whole agent's last millisecond; its record is there when its front ends.
            settle(&self.way);
            return self.seen.record(exit, Some(self.name.clone()));
        }
        *locked(&self.exit) = Some(exit);
    }

    fn told(&self) {
        let Some(exit) = locked(&self.exit).take() else { return };
        let (seen, name, way) = (Arc::clone(&self.seen), self.name.clone(), Arc::clone(&self.way));
        let recorder = std::thread::spawn(move || {
            settle(&way);
            seen.record(exit, Some(name));
        });
        *locked(&self.recorder) = Some(recorder);
    }

    fn gone(&self) {
        if let Some(recorder) = locked(&self.recorder).take() {
            let _ = recorder.join();
        }
        if let Some(way) = locked(&self.way).take() {
            way.stop();
        }
        self.seen.record_rest();
        let _ = self.journal.end(now_ms());
        let _ = self.journal.settle();
        self.seen.forget_old(&self.name);
    }
}

/// Waits until the connections of a command that has ended have ended too, so that its record has them all. Those of what
/// it left in the background go on, and are recorded when that is gone.
fn settle(way: &Mutex<Option<Proxy>>) {
    let open = || locked(way).as_ref().is_some_and(|way| way.clients() > 0);
    let end = Instant::now() + SETTLES;
    while open() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is asked about: the path, and whether something is there.
fn named<'a>(place: &Place<'a>) -> (&'a Path, bool) {
    (place.path, place.existing.is_some())
}

/// Where the journal finds it: by the directory that the act is done in.
fn spot<'a>(place: &Place<'a>) -> Spot<'a> {
    Spot::within(place.parent, place.path)
}

/// Whether no name in the path means more than a file: none begins with a dot, but what git itself keeps in `.git`.
fn is_ordinary(path: &Path) -> bool {
    let mut names = path.components().map(|part| part.as_os_str().to_string_lossy());
    while let Some(name) = names.next() {
        if name.eq_ignore_ascii_case(".git") {
            let Some(below) = names.next() else { return true };
            // A second working tree has an index, a head and a log of its own, two steps further down.
            let second = below == "worktrees";
            let below = if second { names.nth(1).unwrap_or_default() } else { below };
            let below = below.trim_end_matches(".lock");
            // Of what `info` holds, git keeps a list of names by itself.
            return is_gits_own(below) || (below == "info" && names.next().is_some_and(|name| name.starts_with("refs")));
        }
        // A directory with this file may be a repository, with settings that git obeys.
        let repository = name.eq_ignore_ascii_case("HEAD");
        let runs_later = repository || matches!(name.as_ref(), "sitecustomize.py" | "usercustomize.py") || name.ends_with(".pth");
        if (name.starts_with('.') && name.len() > 1 && name != "..") || runs_later {
            return false;
        }
    }
    true
}

/// Whether this is a shell that reads commands from its arguments. What they do is judged as it happens, one by one: the agent
/// is then told what was refused, where otherwise its shell would not have started.
fn reads_commands(argv: &[String]) -> bool {
    let [program, words @ ..] = argv else { return false };
    let name = program.rsplit('/').next().unwrap_or_default();
    ["sh", "bash", "zsh", "dash", "ksh", "fish"].contains(&name)
        && words.iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains('c'))
}

/// Whether this is our own program, started as a hook. It asks at the desk, or refuses.
fn is_hook(program: &Path, argv: &[String]) -> bool {
    argv.get(1).is_some_and(|word| word == "hook") && is_own(program)
}

/// Whether git fills it, by its name in `.git`; with a name of `t` and six more it tries what the file system can.
fn is_gits_own(name: &str) -> bool {
    let tries = name.len() == 7 && name.starts_with('t') && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tries || GIT_OWN.contains(&name) || GIT_OWN_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

fn is_git_setting(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let below = text.rsplit_once("/.git/").map(|(_, below)| below);
    path.ends_with("HEAD")
        || below.is_some_and(|below| {
            matches!(
                below,
                "config"
                    | "config.lock"
                    | "hooks"
                    | "info"
                    | "info/exclude"
                    | "config.worktree"
                    | "config.worktree.lock"
                    | "modules"
                    | "worktrees"
            ) || below.ends_with(".sample")
                || below.starts_with("modules/")
                || below.starts_with("worktrees/")
        })
}

/// Acts that the walls around files and the network do not hold by themselves.
fn is_weighty(deed: &Deed) -> bool {
    match deed {
        Deed::Push { .. }
        | Deed::Publish { .. }
        | Deed::Send { .. }
        | Deed::Deploy { .. }
        | Deed::Pay { .. }
        | Deed::UseSecret { .. }
        | Deed::Persist { .. }
        | Deed::Query { .. } => true,
        Deed::Configure { what } => what != "git-uncommitted" && what != "git-history",
        Deed::Read(_)
        | Deed::Write { .. }
        | Deed::Delete(_)
        | Deed::Execute { .. }
        | Deed::Connect { .. }
        | Deed::Spawn { .. }
        | Deed::Signal { .. }
        | Deed::Escalate { .. }
        | Deed::Call { .. }
        | Deed::Opaque { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_more_are_not_ordinary() {
        let git = [
            "/w/.git/objects/ab/cd",
            "/w/.git/index.lock",
            "/w/.git/packed-refs.new",
            "/w/.git/BISECT_START",
            "/w/.git/tQ3x9Za",
            "/w/.git/info/refs_x",
            "/w/.git/worktrees/x/index.lock",
            "/w/.git/worktrees/x/logs/HEAD",
        ];
        for path in ["/w/src/a.rs", "/tmp/x"].into_iter().chain(git) {
            assert!(is_ordinary(Path::new(path)), "{path}");
        }
        for path in [
            "/w/.git/hooks/x",
            "/w/.git/config",
            "/w/.claude/settings.json",
            "/w/.envrc",
            "/w/.GIT/config",
            "/w/sub/HEAD",
            "/w/x.pth",
            "/w/.git/info/attributes",
            "/w/.git/commondir",
            "/w/.git/worktrees/x",
            "/w/.git/worktrees/x/gitdir",
            "/w/.git/worktrees/x/commondir",
            "/w/.git/worktrees/x/config.worktree",
        ] {
            assert!(!is_ordinary(Path::new(path)), "{path}");
        }
    }
}
