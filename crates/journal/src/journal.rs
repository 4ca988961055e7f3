//! The journal of one call. In: each change, before it is made. Out: a line on the disk for every fact that the change
//! could destroy, or a refusal; at the end, how the call left every name it touched.
//!
//! INVARIANT (kept before changed): `before` returns `Ok` only when all that undo needs of the touched names is in the
//! kernel. It survives `kill -9` at any moment. It survives a power loss from [`Journal::settle`] on: syncing each entry
//! would cost milliseconds a file, half a minute for `rm -rf` of 10,000.
//!
//! INVARIANT (first sight): a fact is written at the first touch of its name or inode and holds for the whole call.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use rustix::fs::CWD;

use crate::budget::{Budget, Kept, Refused, Why};
use crate::builds::{Builds, Standing};
use crate::change::{Change, Role, Spot, parts};
use crate::disk::{self, IoError, Stat};
use crate::escape::Bytes;
use crate::facts::{Id, Kind, Line, Meta, VERSION, inode};
use crate::index::{As, Index};
use crate::keep::{Keeper, Spent};
use crate::log::Log;
use crate::store::Store;
use crate::survey::Survey;

/// The open journal of one call. Any number of threads may use it.
pub struct Journal {
    store: Store,
    call: String,
    budget: Budget,
    inner: Mutex<Inner>,
}

struct Inner {
    log: Log,
    index: Index,
    spent: Spent,
    builds: Builds,
}

/// The right to make changes: while one is held, no other thread's change is noted. Held over resolving a path, noting
/// the change and making it, it keeps the path true. A caller with one thread needs none.
pub struct Turn<'a> {
    journal: &'a Journal,
    inner: MutexGuard<'a, Inner>,
}

impl Journal {
    /// Begins the journal of a call. `call` names it: letters, digits, `-`, `_` and `.`, not used before. `now_ms` is
    /// the time since the Unix epoch; only collecting and lists use it.
    ///
    /// # Errors
    /// Where the store cannot be written, the name is taken or none.
    pub fn open(store: &Store, call: &str, budget: Budget, now_ms: u64) -> Result<Journal, Refused> {
        let path = store.journal(call).ok_or_else(|| Refused::not_a_name(Path::new(call)))?;
        store.prepare()?;
        let mut log = Log::create(&path)?;
        log.append(&[Line::Journal { version: VERSION, call: call.to_owned(), at_ms: now_ms }])?;
        let inner = Inner { log, index: Index::default(), spent: Spent::default(), builds: Builds::default() };
        Ok(Journal { store: store.clone(), call: call.to_owned(), budget, inner: Mutex::new(inner) })
    }

    /// The call's name.
    #[must_use]
    pub fn call(&self) -> &str {
        &self.call
    }

    /// Waits for the right to make changes.
    ///
    /// # Errors
    /// Where a thread died while it held it.
    pub fn turn(&self) -> Result<Turn<'_>, Refused> {
        let inner = self.inner.lock().map_err(|_| Refused::Broken)?;
        Ok(Turn { journal: self, inner })
    }

    /// Keeps what a change is about to destroy. The change may be made when this returns `Ok`, and must not on an error.
    ///
    /// # Errors
    /// Where something could not be kept: the disk is full, a path is no name, the store cannot be written.
    pub fn before(&self, change: &Change<'_>) -> Result<Kept, Refused> {
        self.turn()?.before(change)
    }

    /// Writes down how the call left every name it touched: from this undo tells a later change by somebody else. May be
    /// said again after changes that came later, by processes that the call left behind.
    ///
    /// # Errors
    /// Where it cannot be written; what was kept stays good.
    pub fn end(&self, now_ms: u64) -> Result<(), Refused> {
        let mut turn = self.turn()?;
        let inner = &mut *turn.inner;
        let left = Survey::take(&inner.index.facts).left(&inner.index.facts);
        let names = left.len();
        let mut lines: Vec<Line> = left.into_iter().enumerate().map(|(name, left)| Line::Left { name, left }).collect();
        lines.push(Line::End { names, at_ms: now_ms });
        inner.log.append(&lines)?;
        lines.into_iter().for_each(|line| inner.index.facts.take(line));
        Ok(())
    }

    /// Takes the digests of held files and waits until journal and store are on the disk. May take long; meant for after
    /// the call was answered.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn settle(&self) -> Result<(), Refused> {
        let held: Vec<Id> = {
            let turn = self.turn()?;
            let facts = &turn.inner.index.facts;
            facts.held.iter().copied().filter(|id| !facts.sealed.contains_key(id)).collect()
        };
        for node in held {
            let path = self.store.held_file(&self.call, node);
            let sha256 = disk::open_read(&path).and_then(|file| disk::digest(&file).map_err(IoError::at("read", &path)));
            // What cannot be read is held all the same.
            let Ok(sha256) = sha256 else { continue };
            let line = Line::Sealed { node, sha256 };
            let mut turn = self.turn()?;
            turn.inner.log.append(std::slice::from_ref(&line))?;
            turn.inner.index.facts.take(line);
        }
        let turn = self.turn()?;
        let facts = &turn.inner.index.facts;
        let changed = !facts.nodes.is_empty() || !facts.names.is_empty();
        drop(turn);
        if changed {
            self.store.sync()?;
        }
        Ok(self.turn()?.inner.log.sync()?)
    }

    /// What of the journal's call so far would not come back, with the reason.
    #[must_use]
    pub fn noted(&self) -> Vec<(PathBuf, Why)> {
        self.turn().map(|turn| turn.inner.index.facts.not_kept()).unwrap_or_default()
    }
}

impl Turn<'_> {
    /// As [`Journal::before`].
    ///
    /// # Errors
    /// As [`Journal::before`].
    pub fn before(&mut self, change: &Change<'_>) -> Result<Kept, Refused> {
        if let Some(build) = self.inside_build(change)? {
            return self.note_build(&build);
        }
        let done = self.note(change);
        let done = done.and_then(|kept| {
            let inner = &mut *self.inner;
            let lines = inner.index.pending();
            if !lines.is_empty() {
                inner.log.append(&lines)?;
            }
            Ok(kept)
        });
        match done {
            Ok(kept) => {
                self.inner.index.commit();
                Ok(kept)
            }
            Err(refused) => {
                for node in self.inner.index.take_back() {
                    // It may be held still; that harms nothing but the disk.
                    let _freed = std::fs::remove_file(self.journal.store.held_file(&self.journal.call, node));
                }
                Err(refused)
            }
        }
    }

    fn note(&mut self, change: &Change<'_>) -> Result<Kept, Refused> {
        let mut kept = Kept::Whole;
        for (spot, role) in change.touches().into_iter().flatten() {
            kept = kept.and(self.touch(spot, role)?);
        }
        Ok(kept)
    }

    fn touch(&mut self, spot: Spot<'_>, role: Role) -> Result<Kept, Refused> {
        let (parent, name) = parts(spot.path).ok_or_else(|| Refused::not_a_name(spot.path))?;
        let dir_stat = match spot.dir {
            Some(dir) => disk::look_in(dir, Path::new(""), parent)?,
            None => disk::look(parent)?,
        };
        // Where the directory is not there, no change can happen in it.
        let Some(dir_stat) = dir_stat.filter(is_dir_or_link) else { return Ok(Kept::Whole) };
        let dir = self.directory(parent, &dir_stat)?;
        let stat = look(spot, name)?;
        let inner = &mut *self.inner;
        let node = settle_name(&mut inner.index, dir, Bytes::of(name), stat.as_ref());
        inner.builds.look_again(name);
        let (Some(id), Some(stat)) = (node, stat) else { return Ok(Kept::Whole) };
        let mut keeper = Keeper {
            store: &self.journal.store,
            call: &self.journal.call,
            budget: &self.journal.budget,
            spent: &mut inner.spent,
            index: &mut inner.index,
        };
        let meta = Meta::of(&stat);
        match role {
            Role::Name => Ok(Kept::Whole),
            Role::Alter => keeper.alter(id, spot.path, &meta),
            Role::Lose => keeper.lose(id, spot.path, &meta),
            Role::Attributes => keeper.attributes(id, spot.path, true).map(|()| Kept::Whole),
        }
    }

    /// The node of a directory; those above it come along, so that a journal read later knows its path.
    fn directory(&mut self, path: &Path, stat: &Stat) -> Result<Id, Refused> {
        let meta = Meta::of(stat);
        if let Some(node) = self.inner.index.by_inode(inode(stat), meta.kind).filter(|node| node.meta.kind == Kind::Dir) {
            return Ok(node.id);
        }
        let named = disk::look(path)?.is_some_and(|named| inode(&named) == inode(stat));
        if meta.kind != Kind::Dir || !named {
            return Err(Refused::ThroughLink { path: path.to_owned() });
        }
        let Some((parent, name)) = parts(path) else {
            return Ok(self.inner.index.add_node((None, Bytes::default()), inode(stat), meta, As::Passed));
        };
        let missing = || IoError::at("look at", parent)(io::Error::from(io::ErrorKind::NotFound));
        let parent_stat = disk::look(parent)?.ok_or_else(missing)?;
        let dir = self.directory(parent, &parent_stat)?;
        let index = &mut self.inner.index;
        // A name that was touched leads to what the call made, or to a node that would have been found above.
        let born = index.is_touched(dir, name.as_bytes()) || index.facts.node(dir).is_some_and(|node| node.born);
        let as_what = if born { As::Born } else { As::Passed };
        Ok(index.add_node((Some(dir), Bytes::of(name)), inode(stat), meta, as_what))
    }

    /// The directory of build output that all of a change stays in.
    fn inside_build(&mut self, change: &Change<'_>) -> Result<Option<PathBuf>, Refused> {
        let Inner { index, builds, .. } = &mut *self.inner;
        let standing = |path: &Path| standing(index, path);
        let touches = change.touches();
        let mut found = Vec::new();
        for (spot, role) in touches.iter().flatten() {
            let above = builds.above(spot.path, &standing).map(Path::to_owned);
            // A file that has another name, perhaps outside, is not the directory's alone.
            let shared = above.is_some() && matches!(role, Role::Alter | Role::Attributes) && has_other_names(spot)?;
            found.push(above.filter(|_| !shared));
        }
        let first = found.first().cloned().flatten();
        let together = found.iter().all(|dir| *dir == first);
        if together && first.is_some() {
            return Ok(first);
        }
        if change.moves() {
            // What leaves a build directory does not make the rest of it precious; what comes in does.
            let came_in = found.iter().skip(usize::from(!change.exchanges()));
            came_in.flatten().for_each(|dir| builds.mix(dir));
            touches.iter().flatten().for_each(|(spot, _)| builds.moved(spot.path));
        }
        Ok(None)
    }

    fn note_build(&mut self, build: &Path) -> Result<Kept, Refused> {
        let name = build.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let why = Why::BuildDirectory { name };
        let inner = &mut *self.inner;
        if !inner.index.facts.noted.iter().any(|(path, _)| path == build) {
            let line = Line::Noted { path: Bytes::of(build.as_os_str()), why: why.clone() };
            inner.log.append(std::slice::from_ref(&line))?;
            inner.index.facts.take(line);
        }
        Ok(Kept::Noted(why))
    }
}

fn is_dir_or_link(stat: &Stat) -> bool {
    matches!(Meta::of(stat).kind, Kind::Dir | Kind::Link)
}

fn look(spot: Spot<'_>, name: &std::ffi::OsStr) -> Result<Option<Stat>, IoError> {
    match spot.dir {
        Some(dir) => disk::look_in(dir, Path::new(name), spot.path),
        None => disk::look_in(CWD, spot.path, spot.path),
    }
}

fn has_other_names(spot: &Spot<'_>) -> Result<bool, IoError> {
    let stat = look(*spot, spot.path.file_name().unwrap_or_default())?;
    Ok(stat.map(|stat| Meta::of(&stat)).is_some_and(|meta| meta.kind == Kind::File && meta.nlink > 1))
}

/// Takes in a name at its first touch; gives the node from before that it leads to now.
fn settle_name(index: &mut Index, dir: Id, name: Bytes, stat: Option<&Stat>) -> Option<Id> {
    let touched = index.is_touched(dir, &name.0);
    let Some(stat) = stat else {
        if !touched {
            index.add_name(dir, &name.0, None);
        }
        return None;
    };
    let meta = Meta::of(stat);
    let met = index.by_inode(inode(stat), meta.kind).cloned();
    if touched {
        // What leads from a touched name to an inode never met was made during the call.
        return met.filter(|node| !node.born).map(|node| node.id);
    }
    match met {
        Some(node) if node.born => {
            index.add_name(dir, &name.0, None);
            None
        }
        // Its own first name, or another name of a file that has several.
        Some(node) if (node.dir == Some(dir) && node.name == name) || (node.meta.kind != Kind::Dir && node.meta.nlink > 1) => {
            index.add_name(dir, &name.0, Some(node.id));
            Some(node.id)
        }
        // Another kind of coincidence: the number was free and given anew.
        Some(_) | None => Some(index.add_node((Some(dir), name), inode(stat), meta, As::Touched)),
    }
}

/// What the call did to a name so far.
fn standing(index: &Index, path: &Path) -> Standing {
    let Some((parent, name)) = parts(path) else { return Standing::Untouched };
    let Ok(Some(stat)) = disk::look(parent) else { return Standing::Untouched };
    let Some(dir) = index.by_inode(inode(&stat), Kind::Dir) else { return Standing::Untouched };
    if dir.born {
        return Standing::Born;
    }
    if !index.is_touched(dir.id, name.as_bytes()) {
        return Standing::Untouched;
    }
    let there = disk::look(path).ok().flatten();
    let known = there.and_then(|stat| index.by_inode(inode(&stat), Meta::of(&stat).kind).map(|node| node.born));
    if known == Some(false) { Standing::Moved } else { Standing::Born }
}
