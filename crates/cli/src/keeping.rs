//! How much undo keeps of one call, and for how long: as the map says, else as usual.

use bailiwick_journal::budget::Budget;
use bailiwick_journal::collect::Limits;
use bailiwick_vocab::map::Undo;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// How long a call can be undone, and the most that is kept for that, where the map says nothing.
const USUAL: Limits = Limits { age_ms: 30 * DAY_MS, bytes: 20 << 30 };

/// What one call's journal keeps.
pub fn budget(undo: &Undo) -> Budget {
    let usual = Budget::default();
    Budget {
        file_bytes: undo.file_mib.map_or(usual.file_bytes, bytes),
        copied_bytes: undo.call_mib.map_or(usual.copied_bytes, bytes),
        held_bytes: usual.held_bytes,
        files: undo.files.map_or(usual.files, u64::from),
    }
}

/// When a journal is forgotten.
pub fn limits(undo: &Undo) -> Limits {
    Limits {
        age_ms: undo.days.map_or(USUAL.age_ms, |days| u64::from(days) * DAY_MS),
        bytes: undo.total_mib.map_or(USUAL.bytes, bytes),
    }
}

fn bytes(mib: u32) -> u64 {
    u64::from(mib) << 20
}
