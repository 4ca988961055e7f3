//! Puts a tree back as it was before a call. In: the call's journal and a fresh one for the undo itself. Out: what was
//! done about each name, what was left alone and why.
//!
//! Directories first, from the top down: each name gets the node it led to, moved back from where it is or made again.
//! Then contents, then what the call made goes, from the bottom up, then directories get modes and times. An undo cut
//! short is finished by running it again.

mod ground;
mod hands;
mod locks;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::budget::Refused;
use crate::disk::{self, IoError, make_dirs};
use crate::escape::Bytes;
use crate::facts::{Content, Facts, Id, Kind, Meta};
use crate::journal::Journal;
use crate::past::Past;
use crate::plan::{Clash, Planner, Step, What, aside, unfinished};
use crate::store::Store;
use crate::survey::Survey;
use crate::undo::ground::{Ground, Occupant, Place};
use crate::undo::hands::{Dress, Hands};
use crate::undo::locks::Locks;

pub use crate::undo::hands::Failed;

/// What became of one name.
#[derive(Debug)]
pub struct Done {
    /// What was planned.
    pub step: Step,
    /// Why it was not done, where it was not.
    pub failed: Option<Failed>,
}

/// What an undo did.
#[derive(Debug)]
pub struct Undone {
    /// By name, in order of path.
    pub done: Vec<Done>,
    /// Why it stopped before the end: what it would have changed could not be kept. Running it again goes on from there.
    pub stopped: Option<Refused>,
    /// Things that the undo put aside and could not clear away: directories of the call that hold something else by now.
    pub aside: Vec<PathBuf>,
}

impl Undone {
    /// Whether everything is as it was before the call.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let fine = |done: &Done| done.failed.is_none() && !matches!(done.step.what, What::Conflict(_) | What::Lost(_));
        self.stopped.is_none() && self.aside.is_empty() && self.done.iter().all(fine)
    }
}

/// Undoes a call. Several calls are undone newest first, each with a journal of its own.
///
/// # Errors
/// Where the undo cannot begin: the store cannot be written.
pub fn undo(store: &Store, past: &Past, into: &Journal) -> Result<Undone, IoError> {
    let mark = store.undoing(&past.call);
    let undone_until_ms = unfinished(store, past);
    mark.parent().map_or(Ok(()), make_dirs)?;
    fs::write(&mark, into.call()).map_err(IoError::at("write", &mark))?;
    let (survey, locks) = match locks::survey(past, undone_until_ms.is_some(), into) {
        Ok(opened) => opened,
        Err(refused) => return Ok(Undone { done: Vec::new(), stopped: Some(refused), aside: Vec::new() }),
    };
    let planner = Planner::new(store, past, &survey, undone_until_ms);
    let (steps, strays) = (planner.steps(), planner.strays);
    let hands = Hands { store, into, call: &past.call, next: Cell::new(0) };
    let mut work = Work::new(store, past, hands, &survey, &steps);
    work.strays = strays;
    work.locks = locks;
    let stopped = work.all(&survey.litter).err();
    let mut failures = work.failures;
    let done = steps.into_iter().map(|step| Done { failed: failures.remove(&step.name), step }).collect();
    if stopped.is_none() {
        fs::remove_file(&mark).map_err(IoError::at("remove", &mark))?;
    }
    Ok(Undone { done, stopped, aside: work.aside })
}

struct Work<'a> {
    store: &'a Store,
    facts: &'a Facts,
    hands: Hands<'a>,
    plan: HashMap<usize, What>,
    ground: Ground<'a>,
    locks: Locks,
    /// Names, outside the journal, of files that lost one.
    strays: HashMap<Id, PathBuf>,
    failures: HashMap<usize, Failed>,
    aside: Vec<PathBuf>,
    /// Directories in which something was left alone: their time stays.
    disturbed: HashSet<Id>,
}

impl<'a> Work<'a> {
    fn new(store: &'a Store, past: &'a Past, hands: Hands<'a>, survey: &Survey, steps: &[Step]) -> Work<'a> {
        let plan: HashMap<usize, What> = steps.iter().map(|step| (step.name, step.what.clone())).collect();
        Work {
            store,
            facts: &past.facts,
            hands,
            ground: Ground::new(&past.facts, survey, &plan),
            plan,
            locks: Locks::default(),
            strays: HashMap::new(),
            failures: HashMap::new(),
            aside: Vec::new(),
            disturbed: HashSet::new(),
        }
    }

    /// Everything, in order. Only a refusal to keep stops it.
    fn all(&mut self, litter: &[PathBuf]) -> Result<(), Refused> {
        self.each(self.to_place(), Work::place)?;
        self.each(self.to_place(), Work::content)?;
        self.each(self.to_remove(), Work::clear)?;
        for path in litter {
            // Our own half-written files; a directory here is the call's, and empty or looked at before.
            let is_dir = disk::look(path).ok().flatten().is_some_and(|stat| Meta::of(&stat).kind == Kind::Dir);
            let _removed = if is_dir { fs::remove_dir(path) } else { fs::remove_file(path) };
        }
        self.directories()
    }

    fn each(&mut self, names: Vec<usize>, act: fn(&mut Self, usize) -> Result<(), Failed>) -> Result<(), Refused> {
        for name in names {
            match act(self, name) {
                Ok(()) => {}
                Err(Failed::Refused(refused)) => return Err(refused),
                Err(failed) => {
                    self.disturbed.extend(self.facts.names.get(name).map(|name| name.dir));
                    self.failures.entry(name).or_insert(failed);
                }
            }
        }
        Ok(())
    }

    /// Names that led to something, from the top down.
    fn to_place(&self) -> Vec<usize> {
        let depth = |index: usize| {
            let name = self.facts.names.get(index).filter(|name| name.was.is_some())?;
            Some(self.facts.path_before(name.dir)?.components().count())
        };
        let mut names: Vec<(usize, usize)> =
            (0..self.facts.names.len()).filter_map(|index| Some((depth(index)?, index))).collect();
        names.sort_unstable();
        names.into_iter().map(|(_, index)| index).collect()
    }

    /// Names that led to nothing, from the bottom up.
    fn to_remove(&self) -> Vec<usize> {
        let depth = |index: usize| {
            let name = self.facts.names.get(index).filter(|name| name.was.is_none())?;
            Some(self.ground.path_of_dir(name.dir)?.components().count())
        };
        let mut names: Vec<(usize, usize)> =
            (0..self.facts.names.len()).filter_map(|index| Some((depth(index)?, index))).collect();
        names.sort_unstable();
        names.into_iter().rev().map(|(_, index)| index).collect()
    }

    /// Gives a name the node it led to.
    fn place(&mut self, index: usize) -> Result<(), Failed> {
        let Some((place, was)) = self.name(index) else { return Ok(()) };
        match self.plan.get(&index) {
            Some(What::PutBack | What::MoveBack { .. }) => {}
            Some(What::Conflict(_) | What::Lost(_)) | None => {
                self.disturbed.insert(place.0);
                return Ok(());
            }
            Some(What::Unchanged | What::Remove | What::Content | What::Metadata) => return Ok(()),
        }
        if self.ground.path_of_dir(place.0) != self.facts.path_before(place.0) {
            return Err(Failed::Clash(Clash::Directory));
        }
        let path = self.ground.path_of(&place).ok_or(Failed::Clash(Clash::Directory))?;
        let kind = self.facts.node(was).map_or(Kind::File, |node| node.meta.kind);
        self.vacate(&place, &path, kind)?;
        self.bring(was, &place, &path)
    }

    fn name(&self, index: usize) -> Option<(Place, Id)> {
        let name = self.facts.names.get(index)?;
        Some(((name.dir, name.name.clone().into_os()), name.was?))
    }

    /// Puts aside what stands where something else belongs. A file that the call made is simply replaced.
    fn vacate(&mut self, place: &Place, path: &Path, incoming: Kind) -> Result<(), Failed> {
        let Some(occupant) = self.ground.occupants.get(place).cloned() else { return Ok(()) };
        let (kind, aside_as) = match occupant {
            Occupant::Node(id) => (self.facts.node(id).map_or(Kind::File, |node| node.meta.kind), id.to_string()),
            Occupant::Born(Kind::Dir, Some(id)) => (Kind::Dir, id.to_string()),
            Occupant::Born(Kind::Dir, None) => return self.clear_place(place, path, Kind::Dir),
            Occupant::Born(kind, _) if incoming == Kind::Dir => return self.clear_place(place, path, kind),
            Occupant::Born(..) => return Ok(()),
        };
        let name = OsString::from(format!("{}{aside_as}", aside(self.hands.call)));
        let to = path.with_file_name(&name);
        self.hands.rename(path, &to)?;
        self.ground.moved(place, (place.0, name), kind);
        Ok(())
    }

    fn clear_place(&mut self, place: &Place, path: &Path, kind: Kind) -> Result<(), Failed> {
        self.hands.remove(path, kind)?;
        self.ground.occupants.remove(place);
        Ok(())
    }

    /// Moves, links or makes a node at a place that is free or holds a file of the call's own.
    fn bring(&mut self, was: Id, place: &Place, path: &Path) -> Result<(), Failed> {
        let kind = self.facts.node(was).map_or(Kind::File, |node| node.meta.kind);
        let places = self.ground.whereabouts.get(&was).cloned().unwrap_or_default();
        let spare = places.iter().find(|other| self.ground.wanted.get(other) != Some(&was));
        if let Some(from) = spare {
            let from_path = self.ground.path_of(from).ok_or(Failed::Clash(Clash::Directory))?;
            self.hands.rename(&from_path, path)?;
            self.ground.moved(from, place.clone(), kind);
            return Ok(());
        }
        match places.first().and_then(|from| self.ground.path_of(from)) {
            Some(from_path) => self.hands.put_name(&from_path, path)?,
            None => self.make(was, path)?,
        }
        self.ground.occupants.remove(place);
        self.ground.settle(place.clone(), Some(was), kind);
        Ok(())
    }

    fn make(&mut self, was: Id, path: &Path) -> Result<(), Failed> {
        let Some(node) = self.facts.node(was) else { return Err(Failed::Clash(Clash::Damaged)) };
        let dress = Dress { meta: &node.meta, attributes: self.facts.attributes_of(was) };
        if node.meta.kind == Kind::Dir {
            return self.hands.make_dir(path);
        }
        let held = self.store.held_file(self.hands.call, was);
        if self.facts.held.contains(&was) && disk::look(&held)?.is_some() {
            self.check_seal(was, &held)?;
            return self.hands.put_held(&held, path);
        }
        if let Some(stray) = self.strays.get(&was) {
            return self.hands.put_name(stray, path);
        }
        match self.facts.kept.get(&was) {
            Some(Content::Object(sha256)) => self.hands.put_object(path, sha256, &dress),
            Some(Content::Target(target)) => self.hands.put_link(path, target, &dress),
            Some(Content::Bare) if node.meta.kind == Kind::Fifo => self.hands.put_fifo(path, &dress),
            Some(Content::Bare | Content::Held | Content::Not(_)) | None => Err(Failed::Clash(Clash::Damaged)),
        }
    }

    /// A held file whose digest was taken must still have it.
    fn check_seal(&self, was: Id, held: &Path) -> Result<(), Failed> {
        let copied = matches!(self.facts.kept.get(&was), Some(Content::Object(_)));
        let Some(sealed) = self.facts.sealed.get(&was).filter(|_| !copied) else { return Ok(()) };
        let now = disk::digest(&disk::open_read(held)?).map_err(IoError::at("read", held))?;
        if now == *sealed { Ok(()) } else { Err(Failed::Clash(Clash::Damaged)) }
    }

    /// Gives a node its content, mode, owner, time and attributes back. Directories wait.
    fn content(&mut self, index: usize) -> Result<(), Failed> {
        let Some((place, was)) = self.name(index) else { return Ok(()) };
        let Some(node) = self.facts.node(was).filter(|node| node.meta.kind != Kind::Dir) else { return Ok(()) };
        let left_alone = matches!(self.plan.get(&index), Some(What::Conflict(_) | What::Lost(_)) | None);
        let here = matches!(self.ground.occupants.get(&place), Some(Occupant::Node(id)) if *id == was);
        if left_alone || !here || self.failures.contains_key(&index) {
            return Ok(());
        }
        let Some(path) = self.ground.path_of(&place) else { return Ok(()) };
        let dress = Dress { meta: &node.meta, attributes: self.facts.attributes_of(was) };
        if let (Kind::File, Some(Content::Object(kept))) = (node.meta.kind, self.facts.kept.get(&was)) {
            self.same_content(&path, kept, &dress)?;
        }
        self.hands.dress(&path, &dress)
    }

    fn same_content(&self, path: &Path, kept: &str, dress: &Dress<'_>) -> Result<(), Failed> {
        let stat = disk::look(path)?.map(|stat| Meta::of(&stat));
        // The call may have taken its owner's right to read it; it is dressed after.
        if let Some(meta) = stat.as_ref().filter(|meta| meta.mode & 0o600 != 0o600) {
            let _readable = locks::set_mode(self.hands.into, path, meta.mode | 0o600)?;
        }
        let file = disk::open_read(path)?;
        let now = disk::digest(&file).map_err(IoError::at("read", path))?;
        if now == kept {
            return Ok(());
        }
        if stat.is_some_and(|meta| meta.nlink > 1) {
            self.hands.pour_object(path, kept)
        } else {
            self.hands.put_object(path, kept, dress)
        }
    }

    /// Removes what the call made.
    fn clear(&mut self, index: usize) -> Result<(), Failed> {
        let Some(name) = self.facts.names.get(index) else { return Ok(()) };
        let place = (name.dir, name.name.clone().into_os());
        if matches!(self.plan.get(&index), Some(What::Conflict(_))) {
            self.disturbed.insert(place.0);
            return Ok(());
        }
        self.clear_born(&place)
    }

    fn clear_born(&mut self, place: &Place) -> Result<(), Failed> {
        let Some(path) = self.ground.path_of(place) else { return Ok(()) };
        let kind = match self.ground.occupants.get(place).cloned() {
            None => return Ok(()),
            Some(Occupant::Born(kind, _)) => kind,
            // One more name that the call gave to a file which has its own back.
            Some(Occupant::Node(id)) if self.ground.is_spare(place, id) => {
                self.ground.whereabouts.entry(id).or_default().retain(|other| other != place);
                Kind::File
            }
            // It could not be put where it belongs: better here than nowhere.
            Some(Occupant::Node(_)) => return Ok(()),
        };
        let noted = self.facts.noted.iter().any(|(noted, _)| *noted == path);
        if kind == Kind::Dir && noted {
            self.hands.remove_build(&path)?;
        } else {
            self.hands.remove(&path, kind)?;
        }
        self.ground.occupants.remove(place);
        Ok(())
    }

    /// What was put aside goes, then directories get their modes and times, from the bottom up.
    fn directories(&mut self) -> Result<(), Refused> {
        let prefix = aside(self.hands.call);
        let is_aside = |place: &&Place| Bytes::of(&place.1).0.starts_with(prefix.as_bytes());
        let mut parked: Vec<Place> = self.ground.occupants.keys().filter(is_aside).cloned().collect();
        parked.sort_by_key(|place| std::cmp::Reverse(self.ground.path_of(place).map_or(0, |path| path.components().count())));
        for place in parked {
            match self.clear_born(&place) {
                Err(Failed::Refused(refused)) => return Err(refused),
                Ok(()) | Err(Failed::Act(_) | Failed::Clash(_)) => {}
            }
            self.aside.extend(self.ground.path_of(&place).filter(|_| self.ground.occupants.contains_key(&place)));
        }
        let mut dirs: Vec<(usize, Id, PathBuf)> = self.restored_dirs();
        dirs.sort_by(|one, two| two.cmp(one));
        for (_, id, path) in dirs {
            self.dress_dir(id, &path)?;
        }
        self.shut()
    }

    /// Shuts what was opened and got no mode of its own, from the bottom up.
    fn shut(&mut self) -> Result<(), Refused> {
        let left = self.locks.opened.iter().filter_map(|(id, mode)| Some((self.ground.path_of_dir(*id)?, *mode)));
        let mut left: Vec<(PathBuf, u32)> = left.collect();
        left.sort_by(|one, two| two.cmp(one));
        for (path, mode) in left {
            if path.is_dir() {
                let _shut = locks::set_mode(self.hands.into, &path, mode)?;
            }
        }
        Ok(())
    }

    fn restored_dirs(&self) -> Vec<(usize, Id, PathBuf)> {
        let near: HashSet<Id> = self.facts.names.iter().flat_map(|name| [Some(name.dir), name.was]).flatten().collect();
        let back = |id: Id| {
            let node = self.facts.node(id).filter(|node| node.meta.kind == Kind::Dir && !node.born)?;
            let path = self.ground.path_of_dir(node.id)?;
            let in_place = self.facts.path_before(id).as_ref() == Some(&path);
            (in_place && path.is_dir() && !path.is_symlink()).then(|| (path.components().count(), id, path))
        };
        near.into_iter().filter_map(back).collect()
    }

    fn dress_dir(&mut self, id: Id, path: &Path) -> Result<(), Refused> {
        let own = self.ground.first_name.get(&id).copied();
        let clash = own.is_some_and(|index| matches!(self.plan.get(&index), Some(What::Conflict(_))));
        let (Some(node), false) = (self.facts.node(id), clash) else { return Ok(()) };
        let mut meta = node.meta.clone();
        let now = disk::look(path).ok().flatten().map(|stat| Meta::of(&stat));
        if let Some(now) = now {
            if self.disturbed.contains(&id) {
                meta.mtime = now.mtime;
            }
            if own.is_none() {
                // Only things in it were touched: mode and owner are not the call's doing.
                (meta.mode, meta.uid, meta.gid) = (now.mode, now.uid, now.gid);
            }
        }
        if own.is_some() {
            self.locks.opened.remove(&id);
        }
        match self.hands.dress(path, &Dress { meta: &meta, attributes: self.facts.attributes_of(id) }) {
            Ok(()) => Ok(()),
            Err(Failed::Refused(refused)) => Err(refused),
            Err(failed) => {
                if let Some(index) = own {
                    self.failures.entry(index).or_insert(failed);
                }
                Ok(())
            }
        }
    }
}
