//! Where everything that a journal speaks of is now. In: its facts. Out: for each touched name what is there, and for each
//! directory node where it lies. Reads the file system, changes nothing.
//!
//! Directories are found from the root down: one whose name the call never touched lies under that name; one that was
//! moved is known again by its inode, or by what the call's end says. Inode numbers alone would not do: an undo of a later
//! call may have made the thing anew.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rustix::fs::CWD;

use crate::disk::{self, Stat};
use crate::escape::Bytes;
use crate::facts::{Content, Facts, Id, Inode, Kind, Left, Meta, State, inode};
use crate::past::Past;
use crate::plan::aside;

/// Most bytes that the end of a call reads to take digests; what comes after is known by size and time. A quarter of a
/// second here.
const END_BYTES: u64 = 256 << 20;

/// One look at all touched names.
pub(crate) struct Survey {
    /// By node: where it lies, if it is a directory that was found.
    pub(crate) places: HashMap<Id, PathBuf>,
    /// By name, in the facts' order.
    pub(crate) sights: Vec<Sight>,
    /// Nodes that an unfinished undo put aside, each with directory node and name.
    pub(crate) parked: HashMap<Id, (Id, OsString)>,
    /// Files that it had half written.
    pub(crate) litter: Vec<PathBuf>,
}

/// What is at a name.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// Where the name is now; `None` where its directory is gone.
    pub(crate) path: Option<PathBuf>,
    /// The node there, if it is one of the journal's.
    pub(crate) node: Option<Id>,
    pub(crate) meta: Option<Meta>,
    pub(crate) state: State,
    /// A directory that is not what the call left, though it looks so: an undo made it.
    fresh: bool,
}

/// Which node a thing is.
enum Identity {
    /// Its inode says so.
    Sure(Id),
    /// It looks as the call left that node.
    Likely(Id),
    None,
}

struct Walk<'f> {
    facts: &'f Facts,
    trust: bool,
    /// How names begin under which an unfinished undo put things aside.
    aside: Option<String>,
    parked: HashMap<Id, (Id, OsString)>,
    litter: Vec<PathBuf>,
    nodes: HashMap<Inode, Id>,
    names: HashMap<Id, Vec<usize>>,
    passed: HashMap<Id, Vec<Id>>,
    devices: HashMap<u64, u64>,
    places: HashMap<Id, PathBuf>,
    sights: Vec<Sight>,
    waiting: Vec<(Id, PathBuf)>,
    /// Names with directories that look like these nodes.
    likely: Vec<(usize, Id)>,
    readable_bytes: u64,
    /// Something could not be looked at.
    some_hidden: bool,
}

impl Survey {
    /// Looks as a call ends: what is where is told by inodes, for nobody else was there yet.
    pub(crate) fn take(facts: &Facts) -> Survey {
        Walk::new(facts, None, false, END_BYTES).run()
    }

    /// Looks before an undo: what is as the call left it is what the call left.
    pub(crate) fn again(past: &Past, unfinished: bool) -> Survey {
        Walk::new(&past.facts, unfinished.then(|| aside(&past.call)), true, u64::MAX).run()
    }

    /// What the end of a call writes down.
    pub(crate) fn left(self, facts: &Facts) -> Vec<Left> {
        debug_assert_eq!(self.sights.len(), facts.names.len(), "a sight a name");
        self.sights.into_iter().map(|sight| Left { node: sight.node, state: sight.state }).collect()
    }
}

impl<'f> Walk<'f> {
    fn new(facts: &'f Facts, aside: Option<String>, trust: bool, readable_bytes: u64) -> Walk<'f> {
        let nodes = facts.nodes.iter().map(|node| (node.inode, node.id)).collect();
        let mut names: HashMap<Id, Vec<usize>> = HashMap::new();
        for (index, name) in facts.names.iter().enumerate() {
            names.entry(name.dir).or_default().push(index);
        }
        let touched: HashSet<(Id, &Bytes)> = facts.names.iter().map(|name| (name.dir, &name.name)).collect();
        let mut passed: HashMap<Id, Vec<Id>> = HashMap::new();
        for node in facts.nodes.iter().filter(|node| node.meta.kind == Kind::Dir && !node.touched) {
            if let Some(dir) = node.dir.filter(|dir| !touched.contains(&(*dir, &node.name))) {
                passed.entry(dir).or_default().push(node.id);
            }
        }
        let unseen = Sight { path: None, node: None, meta: None, state: State::Absent, fresh: false };
        Walk {
            facts,
            trust,
            aside,
            parked: HashMap::new(),
            litter: Vec::new(),
            nodes,
            names,
            passed,
            devices: HashMap::new(),
            places: HashMap::new(),
            sights: vec![unseen; facts.names.len()],
            waiting: Vec::new(),
            likely: Vec::new(),
            readable_bytes,
            some_hidden: false,
        }
    }

    fn run(mut self) -> Survey {
        for node in self.facts.nodes.iter().filter(|node| node.dir.is_none()) {
            self.waiting.push((node.id, PathBuf::from("/")));
        }
        loop {
            while let Some((id, path)) = self.waiting.pop() {
                self.enter(id, path);
            }
            self.believe();
            if self.waiting.is_empty() {
                self.recognise_restored();
            }
            if self.waiting.is_empty() {
                self.unreached();
                return Survey { places: self.places, sights: self.sights, parked: self.parked, litter: self.litter };
            }
        }
    }

    /// A directory that was not found is gone, or below one that cannot be entered: then nothing is known of it.
    fn unreached(&mut self) {
        for sight in self.sights.iter_mut().filter(|sight| self.some_hidden && sight.path.is_none()) {
            sight.state = State::Hidden;
        }
    }

    fn enter(&mut self, id: Id, path: PathBuf) {
        if self.places.contains_key(&id) {
            return;
        }
        self.places.insert(id, path.clone());
        for child in self.passed.get(&id).cloned().unwrap_or_default() {
            let Some(node) = self.facts.node(child) else { continue };
            let there = path.join(node.name.path());
            let looked = disk::look(&there);
            self.some_hidden |= looked.is_err();
            if let Ok(Some(stat)) = looked
                && Meta::of(&stat).kind == Kind::Dir
            {
                self.devices.insert(node.inode.dev, inode(&stat).dev);
                self.waiting.push((child, there));
            }
        }
        let names = self.names.get(&id).cloned().unwrap_or_default();
        if !names.is_empty() {
            self.find_parked(id, &path);
        }
        names.into_iter().for_each(|index| self.see(index, &path));
    }

    fn find_parked(&mut self, dir: Id, path: &Path) {
        let Some(prefix) = self.aside.clone() else { return };
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(prefix.as_str())) else { continue };
            let Ok(id) = rest.parse() else {
                self.litter.push(entry.path());
                continue;
            };
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.waiting.push((id, entry.path()));
            }
            self.parked.insert(id, (dir, name));
        }
    }

    fn see(&mut self, index: usize, dir: &Path) {
        let Some(name) = self.facts.names.get(index) else { return };
        let path = dir.join(name.name.path());
        let (stat, state) = match disk::look(&path) {
            Ok(None) => (None, State::Absent),
            Ok(Some(stat)) => (Some(stat), self.state(&path, &Meta::of(&stat))),
            Err(_) => {
                self.some_hidden = true;
                (None, State::Hidden)
            }
        };
        let is_dir = matches!(state, State::Dir { .. });
        let node = match stat.as_ref().map(|stat| self.identity(index, stat, &state)) {
            Some(Identity::Sure(id)) => Some(id),
            Some(Identity::Likely(id)) if is_dir => {
                self.likely.push((index, id));
                None
            }
            Some(Identity::Likely(id)) => Some(id),
            Some(Identity::None) | None => None,
        };
        if let Some(id) = node.filter(|_| is_dir) {
            self.waiting.push((id, path.clone()));
        }
        let fresh = stat.as_ref().is_some_and(|stat| self.is_fresh(stat));
        if let Some(sight) = self.sights.get_mut(index) {
            *sight = Sight { fresh, path: Some(path), node, meta: stat.as_ref().map(Meta::of), state };
        }
    }

    /// Which node is at a name: the inode tells, or, where the thing was made anew since, that it is as the call left it.
    fn identity(&self, index: usize, stat: &Stat, state: &State) -> Identity {
        let inode = inode(stat);
        let met = self.by_inode(inode, Meta::of(stat).kind, state);
        let sure = met.is_some() && inode.made != (0, 0);
        let left = self.facts.left.get(index).filter(|left| self.trust && !sure && left.state.same(state));
        let met = met.map_or(Identity::None, Identity::Sure);
        match left {
            Some(_) if self.is_fresh(stat) => met,
            Some(left) => left.node.map_or(Identity::None, Identity::Likely),
            None => met,
        }
    }

    /// A directory that looks as the call left one is that one, unless that one is elsewhere, known by its inode.
    fn believe(&mut self) {
        for (index, id) in std::mem::take(&mut self.likely) {
            let elsewhere = self.places.contains_key(&id);
            let Some(sight) = self.sights.get_mut(index) else { continue };
            sight.fresh |= elsewhere;
            if let (Some(path), false) = (sight.path.clone(), elsewhere) {
                sight.node = Some(id);
                self.waiting.push((id, path));
            }
        }
    }

    fn by_inode(&self, mut inode: Inode, kind: Kind, state: &State) -> Option<Id> {
        let known = |(old, new): (&u64, &u64)| (*new == inode.dev).then_some(*old);
        inode.dev = self.devices.iter().find_map(known).unwrap_or(inode.dev);
        let id = self.nodes.get(&inode).copied()?;
        // A number that was free again may have been given to another thing.
        let target = |state: &State| if let State::Link { target } = state { Some(target.clone()) } else { None };
        let kept = self.facts.kept.get(&id);
        let another_link = matches!(kept, Some(Content::Target(was)) if target(state).is_some_and(|now| now != *was));
        let same_kind = self.facts.node(id).is_some_and(|node| node.meta.kind == kind);
        (same_kind && !another_link).then_some(id)
    }

    /// Whether an unfinished undo made a directory: then it only looks like what the call left there.
    fn is_fresh(&self, stat: &Stat) -> bool {
        let (seconds, nanoseconds) = inode(stat).made;
        let made_ms = u64::try_from(seconds).unwrap_or(0).saturating_mul(1000) + u64::from(nanoseconds / 1_000_000);
        self.aside.is_some() && Meta::of(stat).kind == Kind::Dir && self.facts.ended_at_ms.is_some_and(|end| made_ms > end)
    }

    /// A directory that an earlier, unfinished undo made anew has another inode, but it is where it belongs.
    fn recognise_restored(&mut self) {
        for (index, name) in self.facts.names.iter().enumerate() {
            let Some(sight) = self.sights.get_mut(index) else { continue };
            let (Some(was), Some(path), None) = (name.was, sight.path.clone(), sight.node) else { continue };
            let is_dir = self.facts.node(was).is_some_and(|node| node.meta.kind == Kind::Dir);
            let as_left = self.facts.left.get(index).is_some_and(|left| left.state.same(&sight.state)) && !sight.fresh;
            let here = matches!(sight.state, State::Dir { .. });
            if self.trust && is_dir && here && !as_left && !self.places.contains_key(&was) {
                sight.node = Some(was);
                self.waiting.push((was, path));
            }
        }
    }

    fn state(&mut self, path: &Path, meta: &Meta) -> State {
        match meta.kind {
            Kind::File => {
                let afford = meta.size <= self.readable_bytes;
                let read = || disk::open_read(path).ok().and_then(|file| disk::digest(&file).ok());
                let sha256 = if afford { read() } else { None };
                self.readable_bytes = self.readable_bytes.saturating_sub(if afford { meta.size } else { 0 });
                State::File { mode: meta.mode, size: meta.size, mtime: meta.mtime, sha256 }
            }
            Kind::Link => match rustix::fs::readlinkat(CWD, path, Vec::new()) {
                Ok(target) => State::Link { target: Bytes(target.into_bytes()) },
                Err(_) => State::Hidden,
            },
            Kind::Dir => State::Dir { mode: meta.mode },
            Kind::Fifo | Kind::Special => State::Other { mode: meta.mode },
        }
    }
}
