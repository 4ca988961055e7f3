//! The walk over all entries: each is read, hashed and held against its tile; then the tiles above, the roots that were
//! signed, and the objects that entries name.

use std::collections::BTreeMap;

use bailiwick_vocab::record::{Body, Record};

use super::head::Checked;
use super::{Erased, Fault, Notes, VerifyFailure, VerifyReport, blame, read};
use crate::head::HEADER_BYTES;
use crate::note::{Checkpoint, VerifierKey};
use crate::objects::{self, Objects};
use crate::paths::Paths;
use crate::tile::{self, TILE_WIDTH};
use crate::tree::{self, Frontier, Hash};
use crate::{bundle, canonical, disk};

/// What the walk has gathered.
struct Walk<'a> {
    paths: &'a Paths,
    start: &'a Frontier,
    frontier: Frontier,
    /// Computed hashes of the tile levels: level 0 holds the tile that is being filled only.
    levels: Vec<Vec<Hash>>,
    /// Bytes of the bundle that is being filled from the head.
    open_bundle: Vec<u8>,
    /// Roots at the sizes that somebody signed for.
    roots: BTreeMap<u64, Hash>,
    /// Objects with the first entry that names them.
    objects: BTreeMap<String, u64>,
    clock_back: Vec<u64>,
    last_ms: u64,
    tiles: u64,
}

pub(super) fn walk(paths: &Paths, key: &VerifierKey, notes: &Notes, head: &Checked<'_>) -> Result<VerifyReport, VerifyFailure> {
    let mut walk = Walk::new(paths, &head.start, notes);
    let bundles = head.start.size() / TILE_WIDTH;
    for index in 0..bundles {
        walk.bundle(index)?;
    }
    walk.check_start()?;
    walk.head(head, notes.published.size)?;
    walk.upper_tiles(notes.published.size)?;
    walk.check_roots(notes)?;
    let (objects, erased) = walk.check_objects()?;
    let last = Checkpoint { origin: key.name().to_owned(), size: head.size(), root: head.last.root() };
    Ok(VerifyReport {
        size: last.size,
        root: last.root,
        origin: key.name().to_owned(),
        bundles,
        tiles: walk.tiles,
        objects,
        erased,
        clock_back: walk.clock_back,
        torn_bytes: head.torn_bytes,
        pinned: notes.pinned.as_ref().map(|pinned| pinned.size),
        checkpoint: key.note(&last, &head.signature),
    })
}

impl<'a> Walk<'a> {
    fn new(paths: &'a Paths, start: &'a Frontier, notes: &Notes) -> Walk<'a> {
        let sizes = [&notes.latest, &notes.published].into_iter().chain(&notes.pinned).map(|note| note.size);
        Walk {
            paths,
            start,
            frontier: Frontier::default(),
            levels: vec![Vec::new()],
            open_bundle: Vec::new(),
            roots: sizes.map(|size| (size, tree::empty_root())).collect(),
            objects: BTreeMap::new(),
            clock_back: Vec::new(),
            last_ms: 0,
            tiles: 0,
        }
    }

    /// A sealed bundle and its tile.
    fn bundle(&mut self, index: u64) -> Result<(), VerifyFailure> {
        let (path, tile_path) = (tile::bundle_path(index, TILE_WIDTH), tile::hash_tile_path(0, index, TILE_WIDTH));
        let bytes = read(self.paths, &path)?;
        let stored = read(self.paths, &tile_path)?;
        self.tiles += 1;
        let first = self.frontier.size();
        let mut offsets = Vec::with_capacity(256);
        for entry in bundle::entries(&bytes) {
            let number = self.frontier.size();
            let bad = |offset, fault| VerifyFailure::new(&path, offset, Some(number), fault);
            let (offset, entry) = entry.map_err(|cut| bad(cut.offset, Fault::Bundle))?;
            if offsets.len() == 256 {
                return Err(VerifyFailure::new(&path, offset, None, Fault::Bundle));
            }
            self.entry(entry).map_err(|error| bad(offset + 2 + error.offset(), Fault::Entry(error)))?;
            offsets.push(offset);
        }
        let hashes = self.levels.first().map(Vec::as_slice).unwrap_or_default();
        let computed = tile::tile_bytes(hashes);
        if computed != stored {
            let at = canonical::first_difference(&computed, &stored);
            let root = tree::frontier_of(hashes).root();
            return Err(self.blame_bundle(index, root, at, offsets.get(at / 32).copied().unwrap_or(bytes.len()), first));
        }
        self.fill_tile();
        Ok(())
    }

    /// Bundle and tile disagree at byte `at` of the tile: whichever the signed tree does not vouch for is wrong.
    fn blame_bundle(&self, index: u64, root: Hash, at: usize, offset: usize, first: u64) -> VerifyFailure {
        let parents = blame::vouched(self.paths, self.start, 1, index / TILE_WIDTH);
        let expected = parents.and_then(|hashes| hashes.get(usize::try_from(index % TILE_WIDTH).ok()?).copied());
        if expected == Some(root) {
            return VerifyFailure::new(tile::hash_tile_path(0, index, TILE_WIDTH), at, None, Fault::Tile);
        }
        let entry = first + (at / 32) as u64;
        VerifyFailure::new(tile::bundle_path(index, TILE_WIDTH), offset, Some(entry), Fault::Changed)
    }

    /// All tiles below may agree with each other and yet not lead to what was signed.
    fn check_start(&self) -> Result<(), VerifyFailure> {
        if self.frontier == *self.start {
            return Ok(());
        }
        let peaks = self.frontier.peaks().iter().zip(self.start.peaks());
        let same = peaks.take_while(|(ours, signed)| ours == signed).count();
        let first = first_of_peak(self.start.size(), same);
        let bundles = self.levels.get(1).map(Vec::as_slice).unwrap_or_default();
        // The tiles above may still vouch for what was there, and so name the bundle.
        let index = (first / TILE_WIDTH..).zip(bundles.iter().skip(usize::try_from(first / TILE_WIDTH).unwrap_or(0)));
        let bad = index.into_iter().find(|(index, ours)| {
            let vouched = blame::vouched(self.paths, self.start, 1, index / TILE_WIDTH);
            let signed = vouched.and_then(|hashes| hashes.get(usize::try_from(index % TILE_WIDTH).ok()?).copied());
            signed.is_some_and(|signed| signed != **ours)
        });
        let index = bad.map_or(first / TILE_WIDTH, |(index, _)| index);
        let (path, entry) = (tile::bundle_path(index, TILE_WIDTH), index * TILE_WIDTH);
        Err(VerifyFailure::new(path, 0, Some(entry), Fault::Root))
    }

    /// The entries in the head, and the tiles of them that are published.
    fn head(&mut self, head: &Checked<'_>, published: u64) -> Result<(), VerifyFailure> {
        for (at, frame) in &head.frames {
            let first = self.frontier.size();
            for entry in bundle::entries(frame.entries) {
                let number = self.frontier.size();
                let bad = |offset, fault| VerifyFailure::new("head", at + HEADER_BYTES + offset, Some(number), fault);
                let (offset, entry) = entry.map_err(|cut| bad(cut.offset, Fault::Bundle))?;
                self.entry(entry).map_err(|error| bad(offset + 2 + error.offset(), Fault::Entry(error)))?;
                let _ = bundle::push(&mut self.open_bundle, entry);
                self.published_tile(published)?;
            }
            if self.frontier != frame.frontier {
                return Err(VerifyFailure::new("head", at + HEADER_BYTES, Some(first), Fault::Changed));
            }
        }
        Ok(())
    }

    /// Where the head's entries fill a tile, or reach the published size, the files must be there if they are published.
    fn published_tile(&mut self, published: u64) -> Result<(), VerifyFailure> {
        let size = self.frontier.size();
        let (width, full) = (self.levels.first().map_or(0, Vec::len) as u64, size.is_multiple_of(TILE_WIDTH));
        let index = (size - 1) / TILE_WIDTH;
        if size == published || (full && size <= published) {
            let hashes = tile::tile_bytes(self.levels.first().map(Vec::as_slice).unwrap_or_default());
            same(self.paths, &tile::bundle_path(index, width), &self.open_bundle, Fault::Bundle)?;
            same(self.paths, &tile::hash_tile_path(0, index, width), &hashes, Fault::Tile)?;
            self.tiles += 1;
        }
        if full {
            self.open_bundle.clear();
            self.fill_tile();
        }
        Ok(())
    }

    /// One entry: in form, into the tree, its objects and time noted.
    fn entry(&mut self, bytes: &[u8]) -> Result<(), canonical::DecodeError> {
        let record = canonical::decode(bytes)?;
        let number = self.frontier.size();
        let hash = tree::leaf_hash(bytes);
        self.frontier.push(hash);
        if let Some(level) = self.levels.first_mut() {
            level.push(hash);
        }
        if let Some(root) = self.roots.get_mut(&self.frontier.size()) {
            *root = self.frontier.root();
        }
        if record.at_ms < self.last_ms {
            self.clock_back.push(number);
        }
        self.last_ms = record.at_ms;
        for object in objects_of(&record) {
            self.objects.entry(object.to_owned()).or_insert(number);
        }
        Ok(())
    }

    /// Level 0 has a full tile: its root goes up, and on where that fills a tile.
    fn fill_tile(&mut self) {
        let mut root = self.levels.first_mut().map(|tile| tree::frontier_of(&std::mem::take(tile)).root());
        let mut level = 1;
        while let Some(hash) = root.take() {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(level) else { return };
            hashes.push(hash);
            if (hashes.len() as u64).is_multiple_of(TILE_WIDTH) {
                let last = hashes.rchunks(256).next().unwrap_or_default();
                root = Some(tree::frontier_of(last).root());
            }
            level += 1;
        }
    }

    /// The tiles from level 1 up: full ones, and the partial ones of where the head begins and of the published size.
    fn upper_tiles(&mut self, published: u64) -> Result<(), VerifyFailure> {
        let start = self.start.size();
        for (level, hashes) in (0u32..).zip(&self.levels).skip(1) {
            let full = tile::level_len(start.max(published), level) / TILE_WIDTH;
            let mut wanted: Vec<(u64, u64)> = (0..full).map(|index| (index, TILE_WIDTH)).collect();
            for size in [start, published] {
                let len = tile::level_len(size, level);
                // An older published size may have lost its partial tile to the full one.
                if !len.is_multiple_of(TILE_WIDTH) && size >= start {
                    wanted.push((len / TILE_WIDTH, len % TILE_WIDTH));
                }
            }
            for (index, width) in wanted {
                let from = usize::try_from(index * TILE_WIDTH).unwrap_or(usize::MAX);
                let part = hashes.get(from..).and_then(|rest| rest.get(..usize::try_from(width).ok()?));
                let bytes = tile::tile_bytes(part.unwrap_or_default());
                same(self.paths, &tile::hash_tile_path(level, index, width), &bytes, Fault::Tile)?;
                self.tiles += 1;
            }
        }
        Ok(())
    }

    fn check_roots(&self, notes: &Notes) -> Result<(), VerifyFailure> {
        let pinned = notes.pinned.iter().map(|note| ("kept checkpoint", note));
        for (name, note) in [("latest", &notes.latest), ("checkpoint", &notes.published)].into_iter().chain(pinned) {
            if self.roots.get(&note.size) != Some(&note.root) {
                return Err(VerifyFailure::new(name, 0, None, Fault::Root));
            }
        }
        Ok(())
    }

    /// How many objects are there and right, and which are gone.
    fn check_objects(&self) -> Result<(u64, Vec<Erased>), VerifyFailure> {
        let (mut right, mut erased) = (0, Vec::new());
        let store = Objects::at(&self.paths.inside(""));
        for (object, entry) in &self.objects {
            let fail = |fault| VerifyFailure::new(object_name(object), 0, Some(*entry), fault);
            let path = store.path(object).ok_or_else(|| fail(Fault::Object))?;
            match disk::read_if_there(&path).map_err(|error| fail(Fault::Io(error)))? {
                Some(bytes) if objects::digest(&bytes) == *object => right += 1,
                Some(_) => return Err(fail(Fault::Object)),
                None => erased.push(Erased { entry: *entry, object: object.clone() }),
            }
        }
        Ok((right, erased))
    }
}

/// A file must hold just these bytes.
fn same(paths: &Paths, relative: &str, expected: &[u8], fault: Fault) -> Result<(), VerifyFailure> {
    let stored = read(paths, relative)?;
    if stored == expected {
        return Ok(());
    }
    Err(VerifyFailure::new(relative, canonical::first_difference(&stored, expected), None, fault))
}

/// The first entry under the `index`th peak of a tree of `size` entries.
fn first_of_peak(size: u64, index: usize) -> u64 {
    let heights = (0..u64::BITS).rev().filter(|height| size >> height & 1 == 1);
    heights.take(index).map(|height| 1 << height).sum()
}

fn object_name(digest: &str) -> String {
    match digest.split_at_checked(2) {
        Some((directory, name)) => format!("objects/{directory}/{name}"),
        None => "objects".to_owned(),
    }
}

/// The objects that a record names.
fn objects_of(record: &Record) -> Vec<&str> {
    match &record.body {
        Body::Prompt { text, .. } | Body::Outcome { text, .. } => text.object.as_deref().into_iter().collect(),
        Body::Call(call) => {
            let before = call.before.iter().filter_map(|image| image.object.as_deref());
            call.input.object.as_deref().into_iter().chain(before).collect()
        }
        Body::Undo { files, .. } => files.iter().filter_map(|file| file.before.object.as_deref()).collect(),
        Body::Failure { input, .. } => input.iter().filter_map(|input| input.object.as_deref()).collect(),
        Body::Session { .. } | Body::Approval { .. } | Body::Observed(_) => Vec::new(),
    }
}
