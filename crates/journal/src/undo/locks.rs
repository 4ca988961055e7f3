//! Directories that their owner may not enter, list or write now, because the call took the right away: they are opened
//! for the time of an undo, and shut again where the undo does not give them another mode anyway.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::budget::Refused;
use crate::change::{Change, Spot};
use crate::disk;
use crate::facts::{Id, Kind, Meta, State};
use crate::journal::Journal;
use crate::past::Past;
use crate::survey::Survey;

/// What an undo needs of a directory: to read, write and search it.
const OWNER: u32 = 0o700;

/// Directories that were opened, with the mode they had.
#[derive(Default)]
pub(crate) struct Locks {
    pub(crate) opened: HashMap<Id, u32>,
}

/// Looks at all touched names, opening what is shut on the way.
pub(crate) fn survey(past: &Past, unfinished: bool, into: &Journal) -> Result<(Survey, Locks), Refused> {
    let mut locks = Locks::default();
    loop {
        let mut survey = Survey::again(past, unfinished);
        let shut: Vec<(Id, u32)> = survey
            .places
            .iter()
            .filter(|(id, _)| !locks.opened.contains_key(id))
            .filter_map(|(id, path)| Some((*id, shut(path)?)))
            .collect();
        for (id, mode) in &shut {
            locks.opened.insert(*id, *mode);
            if let Some(path) = survey.places.get(id) {
                // Where it is not ours to open, what is inside stays hidden, which the plan says.
                let _opened = set_mode(into, path, mode | OWNER)?;
            }
        }
        if shut.is_empty() {
            locks.hide(&mut survey);
            return Ok((survey, locks));
        }
    }
}

/// The mode of a directory of the user's own that lacks a right of its owner. Root needs none.
fn shut(path: &Path) -> Option<u32> {
    let meta = Meta::of(&disk::look(path).ok()??);
    let owner = rustix::process::geteuid();
    (meta.kind == Kind::Dir && meta.mode & OWNER != OWNER && !owner.is_root() && meta.uid == owner.as_raw()).then_some(meta.mode)
}

/// Sets a directory's mode, told before; whether it could be set.
pub(crate) fn set_mode(into: &Journal, path: &Path, mode: u32) -> Result<bool, Refused> {
    into.before(&Change::Metadata { at: Spot::at(path) })?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(mode)).is_ok())
}

impl Locks {
    /// For the plan they are as they were: opening them is no change by somebody else.
    fn hide(&self, survey: &mut Survey) {
        for sight in &mut survey.sights {
            let Some(mode) = sight.node.and_then(|id| self.opened.get(&id)) else { continue };
            if let State::Dir { mode: seen } = &mut sight.state {
                *seen = *mode;
            }
            if let Some(meta) = &mut sight.meta {
                meta.mode = *mode;
            }
        }
    }
}
