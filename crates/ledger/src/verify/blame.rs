//! Which of two things that disagree is wrong: a stored tile that its parents, up to the signed tree, vouch for is right.

use crate::disk;
use crate::paths::Paths;
use crate::tile::{self, TILE_WIDTH};
use crate::tree::{self, Frontier, Hash};

/// The hashes of a stored tile, if they lead to the signed tree where the head begins.
pub(super) fn vouched(paths: &Paths, start: &Frontier, level: u32, index: u64) -> Option<Vec<Hash>> {
    let there = tile::level_len(start.size(), level).checked_sub(index * TILE_WIDTH).filter(|there| *there > 0)?;
    let width = there.min(TILE_WIDTH);
    let bytes = disk::read(&paths.inside(&tile::hash_tile_path(level, index, width))).ok()?;
    let hashes = Some(tile::tile_hashes(&bytes)).filter(|_| bytes.len() as u64 == 32 * width)?;
    let here = tree::frontier_of(&hashes);
    let right = if width == TILE_WIDTH {
        let parent = vouched(paths, start, level + 1, index / TILE_WIDTH)?;
        parent.get(usize::try_from(index % TILE_WIDTH).ok()?) == Some(&here.root())
    } else {
        let above = tile::level_len(start.size(), level + 1).count_ones() as usize;
        start.peaks().get(above..above + here.peaks().len()) == Some(here.peaks())
    };
    right.then_some(hashes)
}
