//! The comparison: declared effects and what was seen in, the outcome out.

use std::collections::BTreeMap;

use bailiwick_vocab::effect::Effect;
use serde::{Deserialize, Serialize};

use crate::declared::{Declared, other_name};
use crate::filters::{Scene, excuse};
use crate::run::Ran;
use crate::trace::{Act, Done, How};

/// What came of one command.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// Why it did not run, empty where it did.
    pub(crate) idle: String,
    /// What was seen outside of what was declared.
    pub(crate) misses: Vec<Miss>,
    /// Why `Opaque` was declared, empty where it was not.
    pub(crate) opaque: Vec<String>,
    /// What was seen outside although something was `Opaque`: what the `Opaque` was needed for.
    pub(crate) hidden: Vec<Miss>,
    /// The declared programs.
    pub(crate) programs: Vec<String>,
    /// Acts that a filter took, by its name.
    pub(crate) excused: BTreeMap<String, usize>,
    /// Exit code, where it ended by itself.
    pub(crate) exit: Option<i32>,
    /// Whether the lane is used up.
    pub(crate) dirty: bool,
    /// Whether the harness failed.
    pub(crate) broken: bool,
    /// All that was declared and seen, and the end of what it said.
    pub(crate) declared: Vec<Effect>,
    pub(crate) seen: Vec<Act>,
    pub(crate) said: String,
    /// What the wall refused, where there was one.
    #[serde(default)]
    pub(crate) refused: Vec<String>,
}

/// An act outside of what was declared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Miss {
    /// Who did it.
    pub(crate) program: String,
    /// What, in words.
    pub(crate) what: String,
}

/// Whether `effect` describes every one of these programs.
pub(crate) fn described(programs: &[String]) -> bool {
    programs.iter().all(|program| bailiwick_effect::programs::lookup(program).is_some())
}

impl Outcome {
    /// The harness's own failure.
    pub(crate) fn broken(why: &str) -> Outcome {
        Outcome { idle: why.to_owned(), broken: true, ..Outcome::default() }
    }

    /// One word for it.
    pub(crate) fn verdict(&self) -> &'static str {
        if !self.idle.is_empty() {
            "could-not-run"
        } else if !self.misses.is_empty() {
            "missed"
        } else if !self.opaque.is_empty() {
            "opaque"
        } else {
            "sound"
        }
    }
}

/// Most acts that go into an outcome whole.
const MAX_SEEN: usize = 400;

/// Compares.
pub(crate) fn judge(command: &str, effects: &[Effect], acts: &[Act], ran: &Ran) -> Outcome {
    let declared = Declared::new(effects);
    let scene = Scene { declared: &declared, acts, command, stopped: ran.exit.is_none() };
    let mut outcome = Outcome { programs: declared.programs(), exit: ran.exit, idle: idle(ran), ..Outcome::default() };
    let mut found: Vec<Miss> = Vec::new();
    for act in acts {
        if covered(act, &declared) {
            continue;
        }
        if let Some(name) = excuse(act, &scene) {
            *outcome.excused.entry(name.to_owned()).or_default() += 1;
            continue;
        }
        let miss = Miss { program: act.program.clone(), what: words(act) };
        if !found.contains(&miss) && found.len() < MAX_SEEN {
            found.push(miss);
        }
    }
    if declared.opaque.is_empty() {
        outcome.misses = found
    } else {
        outcome.hidden = found
    }
    outcome.opaque = declared.opaque;
    outcome.declared = effects.to_vec();
    outcome.seen = acts.iter().take(MAX_SEEN).cloned().collect();
    outcome.said = ran.said.chars().take(600).collect();
    outcome
}

/// What bash says of a text that is no command.
const NOT_TAKEN: &[&str] = &["syntax error", "unexpected EOF while looking for", "unexpected argument"];

/// Why a run shows nothing: a program that is not installed here, or a text that bash does not take.
fn idle(ran: &Ran) -> String {
    if ran.exit == Some(127) || ran.said.contains(": command not found") {
        "a program is not here".to_owned()
    } else if ran.said.contains("bash: -c: line") && NOT_TAKEN.iter().any(|text| ran.said.contains(text)) {
        "bash does not take it".to_owned()
    } else {
        String::new()
    }
}

fn covered(act: &Act, declared: &Declared<'_>) -> bool {
    match &act.deed {
        Done::Path { how, path } => on_path(*how, path, declared) || on_path(*how, &other_name(path), declared),
        Done::Run { program, argv } => declared.runs(program, argv),
        Done::Local(path) => declared.speaks() || declared.writes(path),
        Done::Reach { address, .. } => declared.reaches(address) || declared.speaks(),
        Done::Name(name) => declared.reaches(name),
        Done::Signal { .. } => declared.signals(),
        Done::System(_) => declared.sets(),
    }
}

fn on_path(how: How, path: &str, declared: &Declared<'_>) -> bool {
    match how {
        How::Write | How::Make | How::Folder | How::Metadata => declared.writes(path),
        // What may be replaced whole may be removed on the way.
        How::Delete => declared.deletes(path) || declared.writes(path),
    }
}

fn words(act: &Act) -> String {
    let text = match &act.deed {
        Done::Path { how, path } => {
            let how = match how {
                How::Write | How::Make => "write",
                How::Folder => "mkdir",
                How::Delete => "delete",
                How::Metadata => "metadata",
            };
            format!("{how} {path}")
        }
        Done::Run { program, argv } => format!("run {program} {:?}", argv.iter().take(6).collect::<Vec<_>>()),
        Done::Local(path) => format!("connect unix {path}"),
        Done::Reach { address, port } => format!("connect {address}:{port}"),
        Done::Name(name) => format!("look up {name}"),
        Done::Signal { process, .. } => format!("signal {process}"),
        Done::System(call) => format!("system {call}"),
    };
    if act.refused { format!("{text} (refused)") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bailiwick_vocab::effect::{Deed, Target, WriteMode};

    fn act(deed: Done) -> Act {
        Act { program: "p".to_owned(), packaged: true, shell: false, deed, refused: false }
    }

    fn path(how: How, path: &str) -> Act {
        act(Done::Path { how, path: path.to_owned() })
    }

    fn misses(declared: Vec<Deed>, acts: &[Act]) -> Vec<String> {
        let effects: Vec<Effect> = declared.into_iter().map(|deed| Effect::new(deed, None)).collect();
        let ran = Ran { log: String::new(), said: String::new(), exit: Some(0), cut: false };
        judge("p x", &effects, acts, &ran).misses.into_iter().map(|miss| miss.what).collect()
    }

    fn write(target: Target) -> Deed {
        Deed::Write { target, mode: WriteMode::Replace }
    }

    #[test]
    fn what_nothing_declares_is_missed() {
        let acts = [
            path(How::Write, "/made-up/a"),
            path(How::Delete, "/made-up/b"),
            act(Done::Run { program: "/home/x".to_owned(), argv: vec!["x".to_owned()] }),
            act(Done::Reach { address: "10.0.0.1".to_owned(), port: 80 }),
            act(Done::Name("example.com".to_owned())),
            act(Done::Signal { process: 3, own: false }),
            act(Done::System("mount".to_owned())),
        ];
        assert_eq!(misses(vec![Deed::Read(Target::new("/made-up"))], &acts).len(), acts.len());
    }

    #[test]
    fn a_write_beside_the_declared_one_is_missed() {
        let acts = [path(How::Write, "/made-up/a"), path(How::Write, "/made-up/ab"), path(How::Write, "/made-up/a/b")];
        assert_eq!(misses(vec![write(Target::new("/made-up/a"))], &acts), ["write /made-up/ab", "write /made-up/a/b"]);
        assert_eq!(misses(vec![write(Target::new("/made-up/a").tree())], &acts), ["write /made-up/ab"]);
    }

    #[test]
    fn a_declared_write_does_not_excuse_another_host_or_a_deletion() {
        let acts = [path(How::Delete, "/made-up/b"), act(Done::Name("evil.example.com".to_owned()))];
        let declared = || {
            let connect = |host: &str| Deed::Connect {
                host: host.to_owned(),
                port: None,
                scheme: "https".to_owned(),
                method: None,
                upload: false,
                path: None,
                bytes: None,
            };
            vec![write(Target::new("/made-up/a")), connect("example.com")]
        };
        assert_eq!(misses(declared(), &acts), ["delete /made-up/b", "look up evil.example.com"]);
    }

    #[test]
    fn a_temporary_file_is_excused_only_where_it_is_new_and_goes() {
        let new = path(How::Make, "/tmp/x1");
        let gone = path(How::Delete, "/tmp/x1");
        assert_eq!(misses(Vec::new(), &[new.clone(), gone.clone()]), Vec::<String>::new());
        assert_eq!(misses(Vec::new(), &[new]), ["write /tmp/x1"]);
        assert_eq!(misses(Vec::new(), &[path(How::Write, "/tmp/x1"), gone]), ["write /tmp/x1", "delete /tmp/x1"]);
    }

    #[test]
    fn a_helper_is_excused_unless_the_command_names_it() {
        let helper = |name: &str| act(Done::Run { program: format!("/usr/bin/{name}"), argv: vec![name.to_owned()] });
        assert_eq!(misses(Vec::new(), &[helper("gzip")]), Vec::<String>::new());
        assert_eq!(misses(Vec::new(), &[helper("x")]).len(), 1);
    }
}
