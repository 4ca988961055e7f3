//! Keeping what one node is: its content as a copy or as the inode itself, its link target, its attributes; within the
//! budget, or with the reason why not.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::CWD;
use rustix::io::Errno;

use crate::budget::{Budget, Kept, Refused, Why};
use crate::disk::{IoError, open_read};
use crate::escape::Bytes;
use crate::facts::{Content, Id, Kind, Line, Meta};
use crate::index::Index;
use crate::store::Store;

/// What a call has used up.
#[derive(Clone, Copy, Default)]
pub(crate) struct Spent {
    copied_bytes: u64,
    held_bytes: u64,
    files: u64,
}

/// What keeping needs to know.
pub(crate) struct Keeper<'a> {
    pub(crate) store: &'a Store,
    pub(crate) call: &'a str,
    pub(crate) budget: &'a Budget,
    pub(crate) spent: &'a mut Spent,
    pub(crate) index: &'a mut Index,
}

impl Keeper<'_> {
    /// The content may change where it is: a copy is needed.
    pub(crate) fn alter(&mut self, id: Id, path: &Path, meta: &Meta) -> Result<Kept, Refused> {
        match self.index.content(id) {
            None => self.attributes(id, path, false)?,
            // The name was not lost after all, or not the last: the held inode is the one that changes now.
            Some(Content::Held) => {}
            Some(Content::Not(why)) => return Ok(Kept::Noted(why.clone())),
            Some(Content::Object(_) | Content::Target(_) | Content::Bare) => return Ok(Kept::Whole),
        }
        match meta.kind {
            Kind::File => self.copy(id, path, meta),
            Kind::Dir | Kind::Link | Kind::Fifo | Kind::Special => Ok(Kept::Whole),
        }
    }

    /// The name goes, and perhaps with it the thing.
    pub(crate) fn lose(&mut self, id: Id, path: &Path, meta: &Meta) -> Result<Kept, Refused> {
        // Other names may stay that the call never touches; held, the inode can get this name back.
        if meta.kind != Kind::Dir && meta.nlink > 1 {
            self.hold(id, path)?;
        }
        match self.index.content(id) {
            None => {}
            Some(Content::Not(why)) => return Ok(Kept::Noted(why.clone())),
            Some(Content::Object(_) | Content::Held | Content::Target(_) | Content::Bare) => return Ok(Kept::Whole),
        }
        self.attributes(id, path, false)?;
        match meta.kind {
            Kind::File => self.hold_content(id, path, meta),
            Kind::Dir | Kind::Fifo => self.note(id, Content::Bare),
            Kind::Link => {
                let target = rustix::fs::readlinkat(CWD, path, Vec::new()).map_err(IoError::at("read", path))?;
                self.note(id, Content::Target(Bytes(target.into_bytes())))
            }
            Kind::Special => self.note(id, Content::Not(Why::Special)),
        }
    }

    /// Keeps the extended attributes, if they were not kept before. Having none is only worth a line where they change.
    pub(crate) fn attributes(&mut self, id: Id, path: &Path, they_change: bool) -> Result<(), Refused> {
        if self.index.facts.attributes.contains_key(&id) {
            return Ok(());
        }
        let values = attributes(path)?;
        if they_change || !values.is_empty() {
            self.index.add(Line::Attributes { node: id, values });
        }
        Ok(())
    }

    fn hold_content(&mut self, id: Id, path: &Path, meta: &Meta) -> Result<Kept, Refused> {
        // A file with other names stays on the disk anyway.
        let bytes = if meta.nlink > 1 { 0 } else { meta.size };
        if self.spent.files >= self.budget.files || self.spent.held_bytes.saturating_add(bytes) > self.budget.held_bytes {
            return self.note(id, Content::Not(Why::OverBudget));
        }
        if !self.hold(id, path)? {
            return self.copy(id, path, meta);
        }
        self.spent.files += 1;
        self.spent.held_bytes += bytes;
        self.note(id, Content::Held)
    }

    /// Whether the inode has a name in the store now.
    fn hold(&mut self, id: Id, path: &Path) -> Result<bool, Refused> {
        if self.index.facts.held.contains(&id) {
            return Ok(true);
        }
        let held = self.store.hold(self.call, path, id)?;
        if held {
            self.index.add(Line::Held { node: id });
        }
        Ok(held)
    }

    fn copy(&mut self, id: Id, path: &Path, meta: &Meta) -> Result<Kept, Refused> {
        if meta.size > self.budget.file_bytes {
            return self.note(id, Content::Not(Why::TooLarge { bytes: meta.size }));
        }
        let together = self.spent.copied_bytes.saturating_add(meta.size);
        if self.spent.files >= self.budget.files || together > self.budget.copied_bytes {
            return self.note(id, Content::Not(Why::OverBudget));
        }
        let file = match open_read(path) {
            Ok(file) => file,
            Err(error) if error.is_denied() => return self.note(id, Content::Not(Why::Unreadable)),
            Err(error) => return Err(error.into()),
        };
        let sha256 = self.store.keep(&file, path)?;
        self.spent.files += 1;
        self.spent.copied_bytes = together;
        self.note(id, Content::Object(sha256))
    }

    fn note(&mut self, id: Id, content: Content) -> Result<Kept, Refused> {
        let kept = match &content {
            Content::Not(why) => Kept::Noted(why.clone()),
            Content::Object(_) | Content::Held | Content::Target(_) | Content::Bare => Kept::Whole,
        };
        self.index.add_content(id, content);
        Ok(kept)
    }
}

/// The most room for names or a value of extended attributes: the kernel's own bound.
const ATTRIBUTE_BYTES: usize = 64 << 10;

/// The extended attributes of what a name leads to. A file system without them has none; one that cannot be read for
/// lack of a right (`trusted.*`) could not be set by the call either.
pub(crate) fn attributes(path: &Path) -> Result<Vec<(Bytes, Bytes)>, IoError> {
    match rustix::fs::llistxattr_query(path) {
        Ok(0) | Err(Errno::OPNOTSUPP | Errno::NOENT | Errno::PERM | Errno::ACCESS) => return Ok(Vec::new()),
        Ok(_) => {}
        Err(error) => return Err(IoError::at("list attributes of", path)(error)),
    }
    let mut names = vec![0; ATTRIBUTE_BYTES];
    let length = rustix::fs::llistxattr(path, names.as_mut_slice()).map_err(IoError::at("list attributes of", path))?;
    let mut values = Vec::new();
    for name in names.get(..length).unwrap_or_default().split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        let mut value = vec![0; ATTRIBUTE_BYTES];
        match rustix::fs::lgetxattr(path, std::ffi::OsStr::from_bytes(name), value.as_mut_slice()) {
            Ok(length) => {
                value.truncate(length);
                values.push((Bytes(name.to_vec()), Bytes(value)));
            }
            Err(Errno::NODATA | Errno::PERM | Errno::ACCESS | Errno::OPNOTSUPP) => {}
            Err(error) => return Err(IoError::at("read attributes of", path)(error)),
        }
    }
    Ok(values)
}
