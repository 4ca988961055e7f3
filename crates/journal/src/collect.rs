//! Forgets old journals: those past an age, then the oldest until what is kept fits a budget. An object goes when no
//! journal that stays names it, nobody else does, and it was not put just now.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use crate::disk::{self, IoError, look};
use crate::facts::{Content, Meta};
use crate::past::Past;
use crate::store::Store;

/// An object that was put or wanted within this time stays: a journal that is being written may be about to name it.
const FRESH_MS: u64 = 3_600_000;

/// What may stay.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Journals older than this go, in milliseconds.
    pub age_ms: u64,
    /// The most bytes that journals may keep together: objects and held files.
    pub bytes: u64,
}

/// What was forgotten.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// The calls that cannot be undone any more.
    pub calls: Vec<String>,
    /// Bytes that are free now.
    pub freed_bytes: u64,
    /// Bytes that are still kept.
    pub kept_bytes: u64,
}

struct Entry {
    call: String,
    at_ms: u64,
    objects: HashMap<String, u64>,
    held_bytes: u64,
}

/// Collects. `is_needed` says of an object's SHA-256 whether somebody else needs it: the ledger, where one directory
/// serves both. `open` names calls whose journals are being written; they stay.
///
/// # Errors
/// Where the store cannot be read or a file not be removed. What was forgotten until then is forgotten whole.
pub fn collect(
    store: &Store,
    limits: Limits,
    now_ms: u64,
    open: &[String],
    is_needed: &dyn Fn(&str) -> bool,
) -> Result<Collected, IoError> {
    let mut entries = Vec::new();
    for call in store.calls()?.into_iter().filter(|call| !open.contains(call)) {
        entries.extend(entry(store, &call));
    }
    entries.sort_by(|one, two| (one.at_ms, &one.call).cmp(&(two.at_ms, &two.call)));
    let mut kept = Kept::of(&entries);
    let mut collected = Collected::default();
    for entry in &entries {
        // A clock set back makes a journal come from the future: it is new, not endlessly old.
        let old = now_ms.saturating_sub(entry.at_ms) > limits.age_ms;
        if !old && kept.bytes <= limits.bytes {
            continue;
        }
        let objects = kept.without(entry);
        // The journal goes first: one that names what is gone would promise what cannot be done.
        if let Some(path) = store.journal(&entry.call) {
            remove(&path)?;
        }
        let held = store.held(&entry.call);
        match fs::remove_dir_all(&held).map_err(IoError::at("remove", &held)) {
            Err(error) if !error.is_missing() => return Err(error),
            Ok(()) | Err(_) => {}
        }
        for sha256 in objects.iter().filter(|sha256| !is_needed(sha256)) {
            erase(store, sha256, now_ms)?;
        }
        collected.calls.push(entry.call.clone());
    }
    collected.freed_bytes = kept.all.saturating_sub(kept.bytes);
    collected.kept_bytes = kept.bytes;
    Ok(collected)
}

/// How many journals name each object, and what all of it weighs.
struct Kept {
    named: HashMap<String, usize>,
    all: u64,
    bytes: u64,
}

impl Kept {
    fn of(entries: &[Entry]) -> Kept {
        let mut kept = Kept { named: HashMap::new(), all: 0, bytes: 0 };
        for entry in entries {
            kept.bytes += entry.held_bytes;
            for (sha256, bytes) in &entry.objects {
                let count = kept.named.entry(sha256.clone()).or_insert(0);
                kept.bytes += if *count == 0 { *bytes } else { 0 };
                *count += 1;
            }
        }
        kept.all = kept.bytes;
        kept
    }

    /// Takes a journal away; gives the objects that none names now.
    fn without(&mut self, entry: &Entry) -> Vec<String> {
        self.bytes = self.bytes.saturating_sub(entry.held_bytes);
        let mut unnamed = Vec::new();
        for (sha256, bytes) in &entry.objects {
            let Some(count) = self.named.get_mut(sha256) else { continue };
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.bytes = self.bytes.saturating_sub(*bytes);
                unnamed.push(sha256.clone());
            }
        }
        unnamed
    }
}

/// A journal that cannot be read promises nothing: it counts as the oldest.
fn entry(store: &Store, call: &str) -> Option<Entry> {
    let path = store.journal(call)?;
    let held_bytes = held_bytes(&store.held(call));
    let Ok(past) = Past::read(store, call) else {
        return Some(Entry { call: call.to_owned(), at_ms: 0, objects: HashMap::new(), held_bytes });
    };
    let named: HashSet<&String> = past
        .facts
        .kept
        .values()
        .filter_map(|content| match content {
            Content::Object(sha256) => Some(sha256),
            Content::Held | Content::Target(_) | Content::Bare | Content::Not(_) => None,
        })
        .collect();
    let size = |path: &Path| look(path).ok().flatten().map_or(0, |stat| Meta::of(&stat).size);
    let objects = named.into_iter().map(|sha256| (sha256.clone(), size(&store.object(sha256)))).collect();
    let held_bytes = held_bytes + size(&path);
    Some(Entry { call: call.to_owned(), at_ms: past.at_ms, objects, held_bytes })
}

fn held_bytes(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let stats = entries.filter_map(|entry| disk::look(&entry.path()).ok().flatten());
    stats.map(|stat| Meta::of(&stat)).map(|meta| meta.size).sum()
}

fn erase(store: &Store, sha256: &str, now_ms: u64) -> Result<(), IoError> {
    let path = store.object(sha256);
    let Some(stat) = look(&path)? else { return Ok(()) };
    let (seconds, _) = Meta::of(&stat).mtime;
    let put_ms = u64::try_from(seconds).unwrap_or(0).saturating_mul(1000);
    if now_ms.saturating_sub(put_ms) < FRESH_MS {
        return Ok(());
    }
    remove(&path)
}

fn remove(path: &Path) -> Result<(), IoError> {
    match fs::remove_file(path).map_err(IoError::at("remove", path)) {
        Err(error) if !error.is_missing() => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
