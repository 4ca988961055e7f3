//! A journal's facts with what finds them again: nodes by inode, names by directory. Facts of one change are taken
//! together; where their lines cannot be written they are taken back.

use std::collections::HashMap;

use crate::escape::Bytes;
use crate::facts::{Content, Facts, Id, Inode, Kind, Line, Meta, Name, Node};

/// Facts and the ways to them.
#[derive(Default)]
pub(crate) struct Index {
    pub(crate) facts: Facts,
    inodes: HashMap<Inode, Id>,
    names: HashMap<Id, HashMap<Vec<u8>, usize>>,
    /// Lines of the change being looked at, not written yet, each with what it replaced.
    pending: Vec<(Line, Replaced)>,
}

enum Replaced {
    Nothing,
    Inode(Inode, Option<Id>),
    Content(Option<Content>),
}

impl Index {
    /// The node that an inode is, if it was met. A number that another kind of thing has now was given away anew.
    pub(crate) fn by_inode(&self, inode: Inode, kind: Kind) -> Option<&Node> {
        self.inodes.get(&inode).and_then(|id| self.facts.node(*id)).filter(|node| node.meta.kind == kind)
    }

    /// Whether a name is touched.
    pub(crate) fn is_touched(&self, dir: Id, name: &[u8]) -> bool {
        self.names.get(&dir).is_some_and(|names| names.contains_key(name))
    }

    pub(crate) fn content(&self, id: Id) -> Option<&Content> {
        self.facts.kept.get(&id)
    }

    /// Takes in a node; gives its number.
    pub(crate) fn add_node(&mut self, place: (Option<Id>, Bytes), inode: Inode, meta: Meta, as_what: As) -> Id {
        let id = Id::try_from(self.facts.nodes.len()).unwrap_or(Id::MAX);
        let (born, touched) = (as_what == As::Born, as_what == As::Touched);
        let (dir, name) = place;
        if let (true, Some(dir)) = (touched, dir) {
            self.names.entry(dir).or_default().insert(name.0.clone(), self.facts.names.len());
        }
        let old = self.inodes.insert(inode, id);
        let line = Line::Node(Node { id, born, touched, dir, name, inode, meta });
        self.take(line, Replaced::Inode(inode, old));
        id
    }

    /// Takes in a touched name.
    pub(crate) fn add_name(&mut self, dir: Id, name: &[u8], was: Option<Id>) {
        self.names.entry(dir).or_default().insert(name.to_vec(), self.facts.names.len());
        self.take(Line::Name(Name { dir, name: Bytes(name.to_vec()), was }), Replaced::Nothing);
    }

    /// Takes in where a node's content is.
    pub(crate) fn add_content(&mut self, node: Id, content: Content) {
        let old = self.facts.kept.get(&node).cloned();
        self.take(Line::Keep { node, content }, Replaced::Content(old));
    }

    /// Takes in any other line.
    pub(crate) fn add(&mut self, line: Line) {
        self.take(line, Replaced::Nothing);
    }

    fn take(&mut self, line: Line, replaced: Replaced) {
        self.facts.take(line.clone());
        self.pending.push((line, replaced));
    }

    /// The lines that are not written yet.
    pub(crate) fn pending(&self) -> Vec<Line> {
        self.pending.iter().map(|(line, _)| line.clone()).collect()
    }

    /// They are written.
    pub(crate) fn commit(&mut self) {
        self.pending.clear();
    }

    /// They could not be written: none of them was ever said. Gives the nodes that need not be held now.
    pub(crate) fn take_back(&mut self) -> Vec<Id> {
        let mut unheld = Vec::new();
        while let Some((line, replaced)) = self.pending.pop() {
            match (line, replaced) {
                (Line::Node(node), Replaced::Inode(inode, old)) => {
                    self.facts.nodes.pop();
                    match old {
                        Some(old) => self.inodes.insert(inode, old),
                        None => self.inodes.remove(&inode),
                    };
                    if let (true, Some(dir)) = (node.touched, node.dir) {
                        self.forget_name(dir, &node.name.0);
                    }
                }
                (Line::Name(name), _) => self.forget_name(name.dir, &name.name.0),
                (Line::Keep { node, .. }, Replaced::Content(old)) => {
                    match old {
                        Some(old) => self.facts.kept.insert(node, old),
                        None => self.facts.kept.remove(&node),
                    };
                }
                (Line::Held { node }, _) => {
                    self.facts.held.remove(&node);
                    unheld.push(node);
                }
                (Line::Attributes { node, .. }, _) => {
                    self.facts.attributes.remove(&node);
                }
                (Line::Noted { .. }, _) => {
                    self.facts.noted.pop();
                }
                // Not made by a change.
                (
                    Line::Journal { .. }
                    | Line::Node(_)
                    | Line::Keep { .. }
                    | Line::Sealed { .. }
                    | Line::Left { .. }
                    | Line::End { .. },
                    _,
                ) => {}
            }
        }
        unheld
    }

    fn forget_name(&mut self, dir: Id, name: &[u8]) {
        self.facts.names.pop();
        if let Some(names) = self.names.get_mut(&dir) {
            names.remove(name);
        }
    }
}

/// As what a node is taken in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum As {
    /// From before the call, and its name is touched.
    Touched,
    /// From before the call; only something in it is touched.
    Passed,
    /// Made during the call.
    Born,
}
