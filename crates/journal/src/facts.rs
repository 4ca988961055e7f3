//! What a journal says: the tree before the call, as far as the call touched it, and as the call left it.
//!
//! A *node* is an inode; a *name* is an entry of a directory node. A node that is `born` came to be during the call: it
//! is only written down where it is a directory in which something happened.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use rustix::fs::FileType;
use serde::{Deserialize, Serialize};

use crate::budget::Why;
use crate::disk::Stat;
use crate::escape::Bytes;

/// The number of a node in its journal.
pub(crate) type Id = u32;

/// The first line's `version`.
pub(crate) const VERSION: u32 = 1;

/// One line of a journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Line {
    /// The first line.
    Journal { version: u32, call: String, at_ms: u64 },
    /// A node, and the name by which it was first seen.
    Node(Node),
    /// A name that is touched, and the node it led to.
    Name(Name),
    /// What else is needed to make a node again. The last line on a node counts.
    Keep { node: Id, content: Content },
    /// The node's inode has a name in the store, so it stays even when its last other name goes.
    Held { node: Id },
    /// A node's extended attributes, where it has any.
    Attributes { node: Id, values: Vec<(Bytes, Bytes)> },
    /// A place that the call changed and that was not kept at all.
    Noted { path: Bytes, why: Why },
    /// The digest of a held file, taken later.
    Sealed { node: Id, sha256: String },
    /// How the call left a name.
    Left { name: usize, left: Left },
    /// All names up to this count are told of in the lines before.
    End { names: usize, at_ms: u64 },
}

/// An inode as it was when the call first came near it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Node {
    pub(crate) id: Id,
    /// Made during the call.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) born: bool,
    /// Whether its first name is itself touched.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) touched: bool,
    /// The directory of its first name; only the root has none.
    pub(crate) dir: Option<Id>,
    pub(crate) name: Bytes,
    pub(crate) inode: Inode,
    pub(crate) meta: Meta,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// What an inode is known by. Numbers are given away again, often at once; the time of making tells the one from the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Inode {
    pub(crate) dev: u64,
    pub(crate) ino: u64,
    /// Seconds and nanoseconds; zero where the file system does not say.
    pub(crate) made: (i64, u32),
}

/// A touched name in a directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Name {
    pub(crate) dir: Id,
    pub(crate) name: Bytes,
    /// The node it led to; `None` where nothing was there.
    pub(crate) was: Option<Id>,
}

/// What `stat` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    pub(crate) kind: Kind,
    pub(crate) mode: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) size: u64,
    pub(crate) nlink: u64,
    /// Seconds and nanoseconds.
    pub(crate) mtime: (i64, i64),
}

/// The kinds of inode that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    File,
    Dir,
    Link,
    Fifo,
    Special,
}

/// Where a node's content is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Content {
    /// A copy, under its SHA-256.
    Object(String),
    /// The held inode itself.
    Held,
    /// A symbolic link's target.
    Target(Bytes),
    /// There is none to keep: a directory, a fifo.
    Bare,
    /// Not kept.
    Not(Why),
}

/// How a call left a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    /// The node from before that is there, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) node: Option<Id>,
    pub(crate) state: State,
}

/// What can be seen at a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Nothing, or its directory is gone.
    Absent,
    /// A regular file. Without a digest (it was too much to read) size and time stand for it.
    File {
        mode: u32,
        size: u64,
        mtime: (i64, i64),
        sha256: Option<String>,
    },
    Link {
        target: Bytes,
    },
    Dir {
        mode: u32,
    },
    /// A fifo, socket or device.
    Other {
        mode: u32,
    },
    /// It could not be looked at.
    Hidden,
}

impl State {
    /// Whether two sights are of the same thing unchanged.
    pub(crate) fn same(&self, other: &State) -> bool {
        match (self, other) {
            (
                State::File { mode, size, mtime, sha256 },
                State::File { mode: other_mode, size: other_size, mtime: other_mtime, sha256: other_sha256 },
            ) => {
                let content = match (sha256, other_sha256) {
                    (Some(one), Some(two)) => one == two,
                    (None, _) | (_, None) => size == other_size && mtime == other_mtime,
                };
                mode == other_mode && content
            }
            (State::Hidden, _) | (_, State::Hidden) => false,
            (one, two) => one == two,
        }
    }
}

impl Meta {
    pub(crate) fn of(stat: &Stat) -> Meta {
        Meta {
            kind: match FileType::from_raw_mode(u32::from(stat.stx_mode)) {
                FileType::RegularFile => Kind::File,
                FileType::Directory => Kind::Dir,
                FileType::Symlink => Kind::Link,
                FileType::Fifo => Kind::Fifo,
                FileType::Socket | FileType::CharacterDevice | FileType::BlockDevice | FileType::Unknown => Kind::Special,
            },
            mode: u32::from(stat.stx_mode) & 0o7777,
            uid: stat.stx_uid,
            gid: stat.stx_gid,
            size: stat.stx_size,
            nlink: u64::from(stat.stx_nlink),
            mtime: (stat.stx_mtime.tv_sec, i64::from(stat.stx_mtime.tv_nsec)),
        }
    }
}

/// Seconds and nanoseconds of the last change of the inode.
pub(crate) fn ctime(stat: &Stat) -> (i64, i64) {
    (stat.stx_ctime.tv_sec, i64::from(stat.stx_ctime.tv_nsec))
}

/// What the inode is known by.
pub(crate) fn inode(stat: &Stat) -> Inode {
    let made = (stat.stx_btime.tv_sec, stat.stx_btime.tv_nsec);
    Inode { dev: rustix::fs::makedev(stat.stx_dev_major, stat.stx_dev_minor), ino: stat.stx_ino, made }
}

/// All that the lines say, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) nodes: Vec<Node>,
    pub(crate) names: Vec<Name>,
    pub(crate) kept: HashMap<Id, Content>,
    pub(crate) held: HashSet<Id>,
    pub(crate) attributes: HashMap<Id, Vec<(Bytes, Bytes)>>,
    pub(crate) sealed: HashMap<Id, String>,
    pub(crate) noted: Vec<(PathBuf, Why)>,
    /// How the call left the names, as far as its last end tells.
    pub(crate) left: Vec<Left>,
    pub(crate) ended_at_ms: Option<u64>,
    /// Read, but not yet vouched for by an end.
    leaving: Vec<(usize, Left)>,
}

impl Facts {
    /// Takes one more line in.
    pub(crate) fn take(&mut self, line: Line) {
        match line {
            Line::Journal { .. } => {}
            Line::Node(node) => {
                if let (true, Some(dir)) = (node.touched, node.dir) {
                    self.names.push(Name { dir, name: node.name.clone(), was: (!node.born).then_some(node.id) });
                }
                self.nodes.push(node);
            }
            Line::Name(name) => self.names.push(name),
            Line::Keep { node, content } => {
                self.kept.insert(node, content);
            }
            Line::Held { node } => {
                self.held.insert(node);
            }
            Line::Attributes { node, values } => {
                self.attributes.insert(node, values);
            }
            Line::Noted { path, why } => self.noted.push((path.into_os().into(), why)),
            Line::Sealed { node, sha256 } => {
                self.sealed.insert(node, sha256);
            }
            Line::Left { name, left } => self.leaving.push((name, left)),
            Line::End { names, at_ms } => self.end(names, at_ms),
        }
    }

    /// Only a whole set of `Left` lines counts: one that a crash cut short says nothing.
    fn end(&mut self, names: usize, at_ms: u64) {
        let mut leaving = std::mem::take(&mut self.leaving);
        leaving.sort_by_key(|(name, _)| *name);
        let whole = leaving.len() == names && leaving.iter().enumerate().all(|(index, (name, _))| index == *name);
        if whole {
            self.left = leaving.into_iter().map(|(_, left)| left).collect();
            self.ended_at_ms = Some(at_ms);
        }
    }

    /// What would not come back, with the reason, by path.
    pub(crate) fn not_kept(&self) -> Vec<(PathBuf, Why)> {
        let lost = self.kept.iter().filter_map(|(id, content)| match content {
            Content::Not(why) => Some((self.path_before(*id)?, why.clone())),
            Content::Object(_) | Content::Held | Content::Target(_) | Content::Bare => None,
        });
        let mut noted: Vec<(PathBuf, Why)> = self.noted.iter().cloned().chain(lost).collect();
        noted.sort_by(|(one, _), (two, _)| one.cmp(two));
        noted
    }

    /// The attributes to give back, if they were looked at: always where content was kept.
    pub(crate) fn attributes_of(&self, id: Id) -> Option<&[(Bytes, Bytes)]> {
        let looked_at = self.kept.get(&id).is_some_and(|content| !matches!(content, Content::Not(_)));
        self.attributes.get(&id).map(Vec::as_slice).or(looked_at.then_some(&[]))
    }

    pub(crate) fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(usize::try_from(id).ok()?)
    }

    /// Where a node from before the call had its first name, before the call; `None` where it was born.
    pub(crate) fn path_before(&self, id: Id) -> Option<PathBuf> {
        let node = self.node(id).filter(|node| !node.born)?;
        match node.dir {
            None => Some(PathBuf::from("/")),
            Some(dir) => Some(self.path_before(dir)?.join(node.name.path())),
        }
    }
}
