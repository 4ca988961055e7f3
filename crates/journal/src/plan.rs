//! What an undo would do, name by name, and what it leaves alone. In: a journal and the tree as it is. Out: verdicts.
//! Changes nothing.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::budget::Why;
use crate::disk;
use crate::escape::Bytes;
use crate::facts::{Content, Facts, Id, Kind, Meta, State};
use crate::past::Past;
use crate::store::Store;
use crate::strays;
use crate::survey::{Sight, Survey};

/// What is to be done, or was done, about one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is as it was before the call.
    Unchanged,
    /// The call made it: it goes.
    Remove,
    /// The call removed or replaced it: it is made again.
    PutBack,
    /// The call moved it: it gets its name back.
    MoveBack {
        /// Where it is now.
        from: PathBuf,
    },
    /// It gets its content back.
    Content,
    /// It gets its mode, owner or attributes back.
    Metadata,
    /// It is left alone.
    Conflict(Clash),
    /// It cannot be put back: it was not kept.
    Lost(Why),
}

/// Why a name is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// It was changed after the call.
    Changed,
    /// The directory holds things that the call did not make.
    NotEmpty,
    /// The directory it belongs in is not back where it was.
    Directory,
    /// The thing is gone, and nothing of it was kept, for the call did not harm it.
    Gone,
    /// What was kept of it is not whole any more.
    Damaged,
    /// It cannot be looked at.
    Hidden,
}

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Clash::Changed => "it was changed after the call",
            Clash::NotEmpty => "it holds things that the call did not make",
            Clash::Directory => "the directory it belongs in is not back",
            Clash::Gone => "it was taken away after the call",
            Clash::Damaged => "what was kept of it is damaged",
            Clash::Hidden => "it cannot be looked at",
        })
    }
}

/// One name of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The name as it was before the call; of what the call made inside its own directories, as it is now.
    pub path: PathBuf,
    /// What is to be done.
    pub what: What,
    pub(crate) name: usize,
}

/// What an undo would do.
#[derive(Debug)]
pub struct Plan {
    /// In order of path.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Looks at the tree and says what undoing the call would do.
    #[must_use]
    pub fn of(store: &Store, past: &Past) -> Plan {
        let undone_until_ms = unfinished(store, past);
        let survey = Survey::again(past, undone_until_ms.is_some());
        Plan { steps: Planner::new(store, past, &survey, undone_until_ms).steps() }
    }

    /// Whether everything is as it was before the call.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.steps.iter().all(|step| step.what == What::Unchanged)
    }

    /// The steps that leave something alone.
    pub fn conflicts(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| matches!(step.what, What::Conflict(_)))
    }
}

/// The beginning of names under which an undo puts things aside while it works.
pub(crate) const ASIDE: &str = ".bailiwick-undo-";

/// How names that an undo of this call puts aside begin.
pub(crate) fn aside(call: &str) -> String {
    format!("{ASIDE}{call}-")
}

/// Decides about each name.
pub(crate) struct Planner<'a> {
    store: &'a Store,
    past: &'a Past,
    facts: &'a Facts,
    survey: &'a Survey,
    /// Names by the node that is there.
    whereabouts: HashMap<Id, Vec<usize>>,
    by_place: HashMap<(Id, &'a Bytes), usize>,
    /// An undo of this call began and did not finish: until this time, in milliseconds, changes are its own.
    undone_until_ms: Option<u64>,
    /// Where files are that lost a name and are at none that the journal knows.
    pub(crate) strays: HashMap<Id, PathBuf>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(store: &'a Store, past: &'a Past, survey: &'a Survey, undone_until_ms: Option<u64>) -> Planner<'a> {
        let facts = &past.facts;
        let mut whereabouts: HashMap<Id, Vec<usize>> = HashMap::new();
        for (index, sight) in survey.sights.iter().enumerate() {
            if let Some(node) = sight.node {
                whereabouts.entry(node).or_default().push(index);
            }
        }
        let by_place = facts.names.iter().enumerate().map(|(index, name)| ((name.dir, &name.name), index)).collect();
        Planner { store, past, facts, survey, whereabouts, by_place, undone_until_ms, strays: strays::find(facts, survey) }
    }

    pub(crate) fn steps(&self) -> Vec<Step> {
        let steps = self.facts.names.iter().enumerate().filter_map(|(index, _)| self.step(index));
        let mut steps: Vec<Step> = steps.collect();
        steps.sort_by(|one, two| one.path.cmp(&two.path));
        steps
    }

    /// `None` for what needs no word: what the call made and lost again, and a place whose thing only goes elsewhere.
    fn step(&self, index: usize) -> Option<Step> {
        let name = self.facts.names.get(index)?;
        let sight = self.survey.sights.get(index)?;
        let before = self.facts.path_before(name.dir).map(|dir| dir.join(name.name.path()));
        let what = match name.was {
            Some(was) => self.wanted(index, was, sight),
            None => self.unwanted(index, sight)?,
        };
        let path = before.or_else(|| sight.path.clone())?;
        Some(Step { path, what, name: index })
    }

    /// Nothing was there before the call.
    fn unwanted(&self, index: usize, sight: &Sight) -> Option<What> {
        match &sight.state {
            State::Absent => return None,
            State::Hidden => return Some(What::Conflict(Clash::Hidden)),
            State::File { .. } | State::Link { .. } | State::Dir { .. } | State::Other { .. } => {}
        }
        if self.changed_since(index, sight) {
            return Some(What::Conflict(Clash::Changed));
        }
        if let Some(node) = sight.node.filter(|_| self.was_before(sight.node)) {
            let only = self.whereabouts.get(&node).is_none_or(|names| names.len() == 1);
            return if only { None } else { Some(What::Remove) };
        }
        Some(if self.holds_others(sight) { What::Conflict(Clash::NotEmpty) } else { What::Remove })
    }

    /// A node from before was there.
    fn wanted(&self, index: usize, was: Id, sight: &Sight) -> What {
        let Some(node) = self.facts.node(was) else { return What::Conflict(Clash::Damaged) };
        if sight.state == State::Hidden {
            return What::Conflict(Clash::Hidden);
        }
        let changed = self.changed_since(index, sight);
        let here = sight.node == Some(was) || self.is_restored(was, sight);
        if here {
            let what = self.in_place(was, &node.meta, sight);
            return if changed && what != What::Unchanged { What::Conflict(Clash::Changed) } else { what };
        }
        if changed || (sight.node.is_none() && self.holds_others(sight)) {
            return What::Conflict(if changed { Clash::Changed } else { Clash::NotEmpty });
        }
        match self.source(was) {
            Source::Clashes => What::Conflict(Clash::Changed),
            Source::At(from) => What::MoveBack { from },
            Source::Elsewhere => What::PutBack,
            Source::Nowhere => match self.facts.kept.get(&was) {
                Some(Content::Not(why)) => What::Lost(why.clone()),
                Some(Content::Object(_) | Content::Target(_) | Content::Bare) => What::PutBack,
                Some(Content::Held) => What::Conflict(Clash::Damaged),
                None => What::Conflict(Clash::Gone),
            },
        }
    }

    fn in_place(&self, was: Id, meta: &Meta, sight: &Sight) -> What {
        if let (Some(Content::Object(kept)), State::File { sha256, .. }) = (self.facts.kept.get(&was), &sight.state)
            && sha256.as_ref() != Some(kept)
        {
            return What::Content;
        }
        if let (Some(Content::Not(why)), State::File { size, mtime, .. }) = (self.facts.kept.get(&was), &sight.state)
            && (*size != meta.size || *mtime != meta.mtime)
        {
            return What::Lost(why.clone());
        }
        let same = |now: &Meta| now.mode == meta.mode && now.uid == meta.uid && now.gid == meta.gid;
        let attributes = self.facts.attributes_of(was).is_none_or(|kept| {
            let now = sight.path.as_deref().and_then(|path| crate::keep::attributes(path).ok());
            now.is_some_and(|now| now.len() == kept.len() && now.iter().all(|value| kept.contains(value)))
        });
        let link = meta.kind == Kind::Link;
        if attributes && (link || sight.meta.as_ref().is_none_or(same)) { What::Unchanged } else { What::Metadata }
    }

    /// Where the node can be had from.
    fn source(&self, was: Id) -> Source {
        if let Some((dir, name)) = self.survey.parked.get(&was) {
            return self.survey.places.get(dir).map_or(Source::Nowhere, |dir| Source::At(dir.join(name)));
        }
        for index in self.whereabouts.get(&was).into_iter().flatten() {
            let Some(sight) = self.survey.sights.get(*index) else { continue };
            if self.changed_since(*index, sight) {
                return Source::Clashes;
            }
            if let Some(path) = &sight.path {
                return Source::At(path.clone());
            }
        }
        let held = self.store.held_file(&self.past.call, was);
        let elsewhere = if self.facts.held.contains(&was) { Some(&held) } else { self.strays.get(&was) };
        elsewhere.map_or(Source::Nowhere, |path| self.elsewhere(was, path))
    }

    /// What an inode outside the touched names is worth: a held file, or a name that the call did not touch.
    fn elsewhere(&self, was: Id, path: &Path) -> Source {
        let stat = disk::look(path).ok().flatten();
        let Some((now, node)) = stat.map(|stat| Meta::of(&stat)).zip(self.facts.node(was)) else { return Source::Nowhere };
        let same = now.size == node.meta.size && now.mtime == node.meta.mtime;
        if matches!(self.facts.kept.get(&was), Some(Content::Object(_))) {
            // The content comes from the copy. Other names will see it, so nobody must have written there since.
            let since = !same
                && now.nlink > 1
                && self.facts.ended_at_ms.is_some_and(|end| ms(now.mtime) > end.max(self.undone_until_ms.unwrap_or(0)));
            return if since { Source::Clashes } else { Source::Elsewhere };
        }
        // Where the call itself set times, they say nothing; a seal, if there is one, is checked as it is put back.
        let times_set = now.size == node.meta.size && self.facts.attributes.contains_key(&was);
        if same || times_set { Source::Elsewhere } else { Source::Nowhere }
    }

    /// Whether a copy of the node stands where it belongs: what an earlier, unfinished undo put back.
    fn is_restored(&self, was: Id, sight: &Sight) -> bool {
        let Some(node) = self.facts.node(was) else { return false };
        // What is another node is wanted elsewhere, however much it looks like this one.
        let Some(kept) = self.facts.kept.get(&was).filter(|_| sight.node.is_none()) else { return false };
        match &sight.state {
            State::File { sha256, mode, .. } => {
                let content = matches!(kept, Content::Object(kept) if sha256.as_ref() == Some(kept));
                content && *mode == node.meta.mode
            }
            State::Link { target } => matches!(kept, Content::Target(kept) if target == kept),
            State::Other { mode } => {
                let fifo = sight.meta.as_ref().is_some_and(|meta| meta.kind == Kind::Fifo);
                fifo && node.meta.kind == Kind::Fifo && *kept == Content::Bare && *mode == node.meta.mode
            }
            State::Absent | State::Dir { .. } | State::Hidden => false,
        }
    }

    fn changed_since(&self, index: usize, sight: &Sight) -> bool {
        // What could not be looked at as the call ended says nothing.
        let left = self.facts.left.get(index).filter(|left| left.state != State::Hidden);
        let changed = left.is_some_and(|left| !left.state.same(&sight.state));
        let later = |until: u64| sight.path.as_deref().is_some_and(|path| is_newer(path, until));
        changed && self.undone_until_ms.is_none_or(later)
    }

    fn was_before(&self, node: Option<Id>) -> bool {
        node.and_then(|id| self.facts.node(id)).is_some_and(|node| !node.born)
    }

    /// Whether a directory that the call made holds anything that it did not put there.
    fn holds_others(&self, sight: &Sight) -> bool {
        let (State::Dir { .. }, Some(path)) = (&sight.state, &sight.path) else { return false };
        if self.was_before(sight.node) {
            return false;
        }
        if let Some(noted) = self.noted(path) {
            return self.newer_below(noted);
        }
        let prefix = aside(&self.past.call);
        fs::read_dir(path).into_iter().flatten().flatten().any(|entry| {
            let name = Bytes::of(&entry.file_name());
            let ours = name.0.starts_with(prefix.as_bytes());
            let known = sight.node.and_then(|dir| self.by_place.get(&(dir, &name)).copied());
            match known.and_then(|index| Some((index, self.survey.sights.get(index)?))) {
                Some((index, inner)) => self.changed_since(index, inner) || self.holds_others(inner),
                None => !ours && self.noted(&entry.path()).is_none_or(|noted| self.newer_below(noted)),
            }
        })
    }

    /// The build directory at just this path that the call filled, if there is one.
    fn noted(&self, path: &Path) -> Option<&Path> {
        self.facts.noted.iter().map(|(noted, _)| noted.as_path()).find(|noted| *noted == path)
    }

    /// Whether anything below changed after the call's end.
    fn newer_below(&self, dir: &Path) -> bool {
        let Some(end) = self.facts.ended_at_ms else { return true };
        let mut entries = fs::read_dir(dir).into_iter().flatten().flatten();
        let inside = |entry: fs::DirEntry| {
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            is_newer(&entry.path(), end) || (is_dir && self.newer_below(&entry.path()))
        };
        entries.any(inside)
    }
}

/// Whether the inode changed after a time; that it did cannot be hidden by setting times. What is gone is not newer.
fn is_newer(path: &Path, than_ms: u64) -> bool {
    match disk::look(path) {
        Ok(Some(stat)) => ms(crate::facts::ctime(&stat)) > than_ms,
        Ok(None) => false,
        Err(_) => true,
    }
}

fn ms((seconds, nanoseconds): (i64, i64)) -> u64 {
    u64::try_from(seconds.saturating_mul(1000).saturating_add(nanoseconds / 1_000_000)).unwrap_or(0)
}

/// How long after its journal's last line an undo's last act may have happened: it is told of and then made.
const ACT_MS: u64 = 2_000;

/// Until when an undo of the call was under way that did not finish.
pub(crate) fn unfinished(store: &Store, past: &Past) -> Option<u64> {
    let into = fs::read_to_string(store.undoing(&past.call)).ok()?;
    let journal = store.journal(into.trim())?;
    let stat = disk::look(&journal).ok().flatten()?;
    Some(ms(Meta::of(&stat).mtime).saturating_add(ACT_MS))
}

enum Source {
    At(PathBuf),
    Elsewhere,
    Nowhere,
    /// It is somewhere, but changed since.
    Clashes,
}
