//! Moves full bundles out of the head into the tiles that a stranger's reader expects, and publishes checkpoints.
//!
//! Called under the lock. Every file comes by a synced temporary and a rename, the head last: killed anywhere, the old
//! head still holds everything, and doing it again writes the same bytes.

use crate::bundle;
use crate::damage::{Damage, DamageKind, Trouble};
use crate::disk;
use crate::head::{self, Care, Scan};
use crate::note::SignerKey;
use crate::paths::Paths;
use crate::tail::Tail;
use crate::tile::{self, TILE_WIDTH};
use crate::tree::{self, Frontier, Hash};

/// Seals all full bundles of the head; afterwards the head must be loaded anew. Does nothing below a full bundle.
pub(crate) fn seal(paths: &Paths, signer: &SignerKey, tail: &Tail) -> Result<(), Trouble> {
    let full = tail.frontier.size() / TILE_WIDTH * TILE_WIDTH;
    if full == tail.start {
        return Ok(());
    }
    let bytes = tail.read(&paths.head(), 0, tail.len)?;
    let content = Content::read(paths, &bytes, tail)?;
    let sealed = usize::try_from(full - tail.start).unwrap_or(usize::MAX);
    let (bundles, rest) = content.entries.split_at_checked(sealed).unwrap_or((&content.entries, &[]));
    let mut frontier = content.before.clone();
    for (entries, index) in bundles.chunks(256).zip(tail.start / TILE_WIDTH..) {
        let hashes: Vec<Hash> = entries.iter().map(|entry| tree::leaf_hash(entry)).collect();
        hashes.iter().for_each(|hash| frontier.push(*hash));
        write_inside(paths, &tile::bundle_path(index, TILE_WIDTH), &bundle_bytes(entries))?;
        write_inside(paths, &tile::hash_tile_path(0, index, TILE_WIDTH), &tile::tile_bytes(&hashes))?;
        carry(paths, 1, index, tree::frontier_of(&hashes).root(), &frontier)?;
    }
    write_checkpoint(paths, signer, &frontier)?;
    disk::replace(&paths.head(), &new_head(signer, &frontier, rest, tail))?;
    remove_partials(paths, tail.start, full);
    Ok(())
}

/// Writes the partial tiles of the present size, and its checkpoint. The head holds less than a bundle.
pub(crate) fn publish(paths: &Paths, signer: &SignerKey, tail: &Tail) -> Result<(), Trouble> {
    let width = tail.entries();
    if width > 0 {
        let bytes = tail.read(&paths.head(), 0, tail.len)?;
        let content = Content::read(paths, &bytes, tail)?;
        let hashes: Vec<Hash> = content.entries.iter().map(|entry| tree::leaf_hash(entry)).collect();
        let index = tail.start / TILE_WIDTH;
        write_inside(paths, &tile::bundle_path(index, width), &bundle_bytes(&content.entries))?;
        write_inside(paths, &tile::hash_tile_path(0, index, width), &tile::tile_bytes(&hashes))?;
    }
    write_checkpoint(paths, signer, &tail.frontier)
}

/// What the head holds, checked against the tree that was signed.
struct Content<'a> {
    /// The tree where the head begins.
    before: Frontier,
    entries: Vec<&'a [u8]>,
}

impl<'a> Content<'a> {
    fn read(paths: &Paths, bytes: &'a [u8], tail: &Tail) -> Result<Content<'a>, Trouble> {
        let damaged = |kind| Trouble::Damaged(Damage::new(&paths.head(), kind));
        let Scan { frames, end, fault } = head::scan(bytes, None, Care::All);
        let fault = match (fault, frames.first()) {
            (None, Some((_, first))) => Ok(first.frontier.clone()),
            (fault, _) => Err(fault.unwrap_or(head::FrameFault::Cut)),
        };
        let before = fault.map_err(|fault| damaged(DamageKind::Frame { offset: end as u64, fault }))?;
        let entries = frames.iter().flat_map(|(_, frame)| bundle::entries(frame.entries).map(|entry| entry.map(|(_, e)| e)));
        let entries: Vec<&[u8]> = entries.collect::<Result<_, _>>().map_err(|_| damaged(DamageKind::Entry))?;
        let mut after = before.clone();
        entries.iter().for_each(|entry| after.push(tree::leaf_hash(entry)));
        if after == tail.frontier { Ok(Content { before, entries }) } else { Err(damaged(DamageKind::Hashes)) }
    }
}

/// Adds the root of a full tile to the level above, and goes on upwards where that fills a tile too.
fn carry(paths: &Paths, level: u32, index: u64, root: Hash, frontier: &Frontier) -> Result<(), Trouble> {
    let (tile_index, before) = (index / TILE_WIDTH, index % TILE_WIDTH);
    let mut hashes = read_partial(paths, level, tile_index, before)?;
    hashes.push(root);
    let path = tile::hash_tile_path(level, tile_index, before + 1);
    write_inside(paths, &path, &tile::tile_bytes(&hashes))?;
    if before + 1 == TILE_WIDTH {
        return carry(paths, level + 1, tile_index, tree::frontier_of(&hashes).root(), frontier);
    }
    check_level(paths, &path, level, &hashes, frontier)
}

/// What stands in a partial tile must be the part of the frontier that its level gives: a changed tile is not built on.
fn check_level(paths: &Paths, path: &str, level: u32, hashes: &[Hash], frontier: &Frontier) -> Result<(), Trouble> {
    let above = tile::level_len(frontier.size(), level + 1).count_ones() as usize;
    let here = tree::frontier_of(hashes);
    let expected = frontier.peaks().get(above..above + here.peaks().len());
    if expected == Some(here.peaks()) { Ok(()) } else { Err(Damage::new(&paths.inside(path), DamageKind::Hashes).into()) }
}

fn read_partial(paths: &Paths, level: u32, index: u64, width: u64) -> Result<Vec<Hash>, Trouble> {
    if width == 0 {
        return Ok(Vec::new());
    }
    let path = paths.inside(&tile::hash_tile_path(level, index, width));
    let Some(bytes) = disk::read_if_there(&path)? else { return Err(Damage::new(&path, DamageKind::Missing).into()) };
    if bytes.len() as u64 == 32 * width {
        Ok(tile::tile_hashes(&bytes))
    } else {
        Err(Damage::new(&path, DamageKind::Hashes).into())
    }
}

fn new_head(signer: &SignerKey, start: &Frontier, rest: &[&[u8]], tail: &Tail) -> Vec<u8> {
    let signature = signer.sign(&signer.checkpoint(start.size(), start.root()));
    let mut bytes = head::write(&[], 0, start, &signature).unwrap_or_default();
    if !rest.is_empty() {
        // Fewer than 256 entries of at most 65,535 bytes: count and length fit their fields.
        let count = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        bytes.extend(head::write(&bundle_bytes(rest), count, &tail.frontier, &tail.signature).unwrap_or_default());
    }
    bytes
}

fn bundle_bytes(entries: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entries.iter().map(|entry| entry.len() + 2).sum());
    for entry in entries {
        // They were read from a bundle, so each fits its length prefix.
        let _ = bundle::push(&mut bytes, entry);
    }
    bytes
}

fn write_checkpoint(paths: &Paths, signer: &SignerKey, frontier: &Frontier) -> Result<(), Trouble> {
    let checkpoint = signer.checkpoint(frontier.size(), frontier.root());
    let note = signer.verifier().note(&checkpoint, &signer.sign(&checkpoint));
    Ok(disk::replace(&paths.checkpoint(), note.as_bytes())?)
}

fn write_inside(paths: &Paths, relative: &str, bytes: &[u8]) -> Result<(), Trouble> {
    let path = paths.inside(relative);
    disk::make_dir(disk::parent(&path))?;
    Ok(disk::replace(&path, bytes)?)
}

/// Removes the partial tiles of tiles that are full now. Left-overs do no harm, so a failure is no failure.
fn remove_partials(paths: &Paths, from: u64, to: u64) {
    for index in from / TILE_WIDTH..to / TILE_WIDTH {
        remove_partial_dir(paths, &tile::bundle_path(index, 1));
    }
    for level in 0..=tile::MAX_LEVEL {
        let full_before = tile::level_len(from, level) / TILE_WIDTH;
        for index in full_before..tile::level_len(to, level) / TILE_WIDTH {
            remove_partial_dir(paths, &tile::hash_tile_path(level, index, 1));
        }
    }
}

fn remove_partial_dir(paths: &Paths, one_of_them: &str) {
    let _ = std::fs::remove_dir_all(disk::parent(&paths.inside(one_of_them)));
}
