//! Files that lost one of several names, where they could not be held: their other names were never touched, so the
//! journal does not know them. They are looked for by inode around the directories that the call touched, within bounds.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;
use std::os::unix::fs::DirEntryExt as _;
use std::path::PathBuf;

use crate::disk;
use crate::facts::{Facts, Id, Kind, Meta, inode};
use crate::survey::Survey;

/// Most directory entries that are looked at. A fifth of a second here.
const ENTRIES: usize = 50_000;

/// A name of each node that has one outside the journal, as far as they are found.
pub(crate) fn find(facts: &Facts, survey: &Survey) -> HashMap<Id, PathBuf> {
    let mut wanted = missing(facts, survey);
    let mut found = HashMap::new();
    let mut left = ENTRIES;
    let mut waiting = starts(facts, survey);
    let mut seen = HashSet::new();
    while let Some(dir) = waiting.pop_front().filter(|_| !wanted.is_empty() && left > 0) {
        if !seen.insert(dir.clone()) {
            continue;
        }
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten().take(left) {
            left -= 1;
            if let Some(id) = wanted.get(&entry.ino()).copied().filter(|id| is_node(facts, survey, *id, &entry.path())) {
                wanted.remove(&entry.ino());
                found.insert(id, entry.path());
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push_back(entry.path());
            }
        }
    }
    found
}

/// Nodes with more names than the journal knows that are at none of these, by inode number.
fn missing(facts: &Facts, survey: &Survey) -> HashMap<u64, Id> {
    let mut names: HashMap<Id, u64> = HashMap::new();
    facts.names.iter().filter_map(|name| name.was).for_each(|was| *names.entry(was).or_insert(0) += 1);
    let there: HashSet<Id> = survey.sights.iter().filter_map(|sight| sight.node).collect();
    let lost = facts.nodes.iter().filter(|node| {
        let more = names.get(&node.id).is_some_and(|known| node.meta.nlink > *known);
        more && node.meta.kind != Kind::Dir && !there.contains(&node.id) && !facts.held.contains(&node.id)
    });
    lost.map(|node| (node.inode.ino, node.id)).collect()
}

/// The touched directories, then those around them.
fn starts(facts: &Facts, survey: &Survey) -> VecDeque<PathBuf> {
    let dirs: HashSet<Id> = facts.names.iter().map(|name| name.dir).collect();
    let inner: Vec<PathBuf> = dirs.iter().filter_map(|dir| survey.places.get(dir).cloned()).collect();
    let outer: Vec<PathBuf> = inner.iter().filter_map(|dir| dir.parent().map(PathBuf::from)).collect();
    inner.into_iter().chain(outer).collect()
}

fn is_node(facts: &Facts, survey: &Survey, id: Id, path: &std::path::Path) -> bool {
    let Ok(Some(stat)) = disk::look(path) else { return false };
    // On the device of a directory that the journal knows: a number alone means nothing elsewhere.
    let device =
        survey.places.values().filter_map(|dir| disk::look(dir).ok().flatten()).any(|dir| inode(&dir).dev == inode(&stat).dev);
    device && facts.node(id).is_some_and(|node| node.meta.kind == Meta::of(&stat).kind && node.inode.made == inode(&stat).made)
}
