//! Who is where while an undo is at work: it begins as the survey found it and follows every move.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::PathBuf;

use crate::facts::{Facts, Id, Kind};
use crate::plan::What;
use crate::survey::Survey;

/// A name in a directory node.
pub(crate) type Place = (Id, OsString);

/// Who is at a place.
#[derive(Clone, Debug)]
pub(crate) enum Occupant {
    /// A node from before the call.
    Node(Id),
    /// What the call made, with its directory node if things happened in it.
    Born(Kind, Option<Id>),
}

/// All touched names, and all nodes that are at one of them.
pub(crate) struct Ground<'a> {
    facts: &'a Facts,
    root: Option<Id>,
    /// Where directory nodes lie.
    dirs: HashMap<Id, Place>,
    pub(crate) occupants: HashMap<Place, Occupant>,
    pub(crate) whereabouts: HashMap<Id, Vec<Place>>,
    /// What names led to before.
    pub(crate) wanted: HashMap<Place, Id>,
    /// A name that led to a node.
    pub(crate) first_name: HashMap<Id, usize>,
}

impl<'a> Ground<'a> {
    pub(crate) fn new(facts: &'a Facts, survey: &Survey, plan: &HashMap<usize, What>) -> Ground<'a> {
        let mut ground = Ground {
            facts,
            root: facts.nodes.iter().find(|node| node.dir.is_none()).map(|node| node.id),
            dirs: HashMap::new(),
            occupants: HashMap::new(),
            whereabouts: HashMap::new(),
            wanted: HashMap::new(),
            first_name: HashMap::new(),
        };
        for node in facts.nodes.iter().filter(|node| survey.places.contains_key(&node.id)) {
            if let Some(dir) = node.dir {
                ground.dirs.insert(node.id, (dir, node.name.clone().into_os()));
            }
        }
        for (index, (name, sight)) in facts.names.iter().zip(&survey.sights).enumerate() {
            let place = (name.dir, name.name.clone().into_os());
            // What the plan takes for the thing that was there is that thing.
            let unharmed = matches!(plan.get(&index), Some(What::Unchanged | What::Content | What::Metadata));
            let restored = name.was.filter(|_| sight.node.is_none() && unharmed);
            if let Some(meta) = &sight.meta {
                ground.settle(place.clone(), sight.node.or(restored), meta.kind);
            }
            if let Some(was) = name.was {
                ground.wanted.insert(place, was);
                ground.first_name.entry(was).or_insert(index);
            }
        }
        for (node, place) in &survey.parked {
            let kind = facts.node(*node).map_or(Kind::File, |node| node.meta.kind);
            ground.settle(place.clone(), Some(*node), kind);
        }
        ground
    }

    pub(crate) fn settle(&mut self, place: Place, node: Option<Id>, kind: Kind) {
        let known = node.and_then(|id| self.facts.node(id));
        if kind == Kind::Dir
            && let Some(node) = known
        {
            self.dirs.insert(node.id, place.clone());
        }
        let occupant = match known.filter(|node| !node.born) {
            Some(node) => {
                self.whereabouts.entry(node.id).or_default().push(place.clone());
                Occupant::Node(node.id)
            }
            None => Occupant::Born(kind, known.map(|node| node.id)),
        };
        self.occupants.insert(place, occupant);
    }

    pub(crate) fn path_of_dir(&self, id: Id) -> Option<PathBuf> {
        if Some(id) == self.root {
            return Some(PathBuf::from("/"));
        }
        self.path_of(self.dirs.get(&id)?)
    }

    pub(crate) fn path_of(&self, (dir, name): &Place) -> Option<PathBuf> {
        Some(self.path_of_dir(*dir)?.join(name))
    }

    /// Follows a move in what is known.
    pub(crate) fn moved(&mut self, from: &Place, to: Place, kind: Kind) {
        let Some(occupant) = self.occupants.remove(from) else { return };
        if let Occupant::Node(id) = occupant {
            let places = self.whereabouts.entry(id).or_default();
            places.retain(|place| place != from);
            places.push(to.clone());
        }
        match occupant {
            Occupant::Node(id) | Occupant::Born(_, Some(id)) if kind == Kind::Dir => {
                self.dirs.insert(id, to.clone());
            }
            Occupant::Node(_) | Occupant::Born(..) => {}
        }
        self.occupants.insert(to, occupant);
    }

    pub(crate) fn is_spare(&self, place: &Place, id: Id) -> bool {
        let others = self.whereabouts.get(&id).into_iter().flatten();
        let mut in_place = others.filter(|other| *other != place).map(|other| self.wanted.get(other) == Some(&id));
        in_place.any(|in_place| in_place)
    }
}
