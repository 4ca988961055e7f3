//! Files that the command makes beside one that it may rewrite, to put them in its place. In: a name that looks like one of
//! the plan's drafts, and what is there. Out: whether it may be made, changed, removed or moved. Only what the command itself
//! has made there counts, and it goes nowhere but to its file's name; at the end what is left of it is removed.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{AtFlags, FileType, unlinkat};
use rustix::io::Errno;

use crate::broker::sockets::{Identity, identity};
use crate::broker::walk::{Object, Spot, open_name};
use crate::broker::{Asking, Broker};
use crate::watcher::{Answer, Mutation, Who};

/// Most that lie there at a time.
const MOST: usize = 64;

/// The drafts that were made and have not gone.
#[derive(Default)]
pub(crate) struct Drafts(Mutex<HashMap<PathBuf, Identity>>);

impl Drafts {
    fn made(&self) -> MutexGuard<'_, HashMap<PathBuf, Identity>> {
        // A poisoned lock means that another thread died in the middle; the map itself is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asking<'_> {
    /// Whether a draft may be made under this name.
    pub(crate) fn may_draft(&self, path: &Path) -> bool {
        self.rules().draft_of(path).is_some() && self.broker.drafts.made().len() < MOST
    }

    /// A file was made; a draft is remembered.
    pub(crate) fn note_draft(&self, path: &Path, file: BorrowedFd<'_>) -> Result<(), Errno> {
        if self.rules().draft_of(path).is_some() && !self.rules().writes(path) {
            self.broker.drafts.made().insert(path.to_owned(), identity(file)?);
        }
        Ok(())
    }

    /// Whether this is a draft that the command has made.
    pub(crate) fn is_draft(&self, path: &Path, object: &Object) -> bool {
        self.rules().draft_of(path).is_some()
            && object.kind() == FileType::RegularFile
            && identity(object.file.as_fd()).is_ok_and(|found| self.broker.drafts.made().get(path) == Some(&found))
    }

    /// Whether a draft moves onto its file.
    pub(crate) fn draft_takes_its_place(&self, from: &Spot, object: &Object, to: &Spot, exchange: bool) -> bool {
        !exchange && self.is_draft(&from.path, object) && self.rules().draft_of(&from.path) == Some(to.path.as_path())
    }

    /// The name is no draft's any more.
    pub(crate) fn forget_draft(&self, path: &Path) {
        self.broker.drafts.made().remove(path);
    }
}

impl Broker {
    /// Removes what is left of drafts, when nothing runs inside any more.
    pub(crate) fn remove_drafts(&self) {
        let left: Vec<(PathBuf, Identity)> = self.drafts.made().drain().collect();
        for (path, made) in left {
            // What is not there any more, or cannot be removed, is as a killed program leaves it.
            let _ = self.remove_draft(&path, &made);
        }
    }

    fn remove_draft(&self, path: &Path, made: &Identity) -> Result<(), Errno> {
        let (above, name) = path.parent().zip(path.file_name()).ok_or(Errno::NOENT)?;
        let below = above.strip_prefix("/").ok().filter(|below| !below.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let parent = open_name(self.root(), below.as_os_str())?;
        let object = Object::new(open_name(parent.as_fd(), name)?)?;
        if identity(object.file.as_fd())? != *made {
            return Ok(());
        }
        let spot = Spot { parent, name: OsStr::to_owned(name), path: path.to_owned(), found: None, slash: false };
        let mutation = Mutation::Remove { place: spot.place(Some(&object)), directory: false };
        match self.watcher().before(Who { pid: 0, leads: false }, &mutation) {
            Answer::Go => unlinkat(&spot.parent, spot.name.as_os_str(), AtFlags::empty()),
            Answer::Refuse(errno) => Err(errno),
        }
    }
}
