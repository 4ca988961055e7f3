//! How a call becomes effects: said once, by whoever starts the process, in its code. There is no other way to change it: no
//! argument, variable or file. It is a parameter because a test proves that the wall holds without it.

use std::sync::OnceLock;

use bailiwick_effect::resolve::{resolve, resolve_to_compare};
use bailiwick_effect::world::World;
use bailiwick_vocab::call::ToolCall;
use bailiwick_vocab::effect::{Deed, Effect, OpaqueCause};
use bailiwick_vocab::map::Map;

use crate::disk::Disk;

/// The effects of a call that runs in a directory, by a map and a look at the disk: see `bailiwick_effect::effects`.
pub type Reading = fn(&ToolCall, &str, &Map, &dyn World) -> Vec<Effect>;

static READING: OnceLock<Reading> = OnceLock::new();

/// Says it; what was said first stands.
pub(crate) fn set(reading: Reading) {
    READING.get_or_init(|| reading);
}

/// What a call may do, unresolved. Where nobody has said how to read, nothing is read.
pub(crate) fn effects(call: &ToolCall, cwd: &str, map: &Map, world: &dyn World) -> Vec<Effect> {
    READING.get().map_or_else(|| vec![unread()], |reading| reading(call, cwd, map, world))
}

/// What a call may do, as the disk is now; its record holds that redacted, and perhaps not all of it.
pub(crate) fn resolved(call: &ToolCall, cwd: &str, map: &Map) -> Vec<Effect> {
    let disk = Disk::default();
    resolve(effects(call, cwd, map, &disk), cwd, &disk)
}

/// The same as far as [`crate::wall::ticket::digest`] compares it.
pub(crate) fn to_compare(call: &ToolCall, cwd: &str, map: &Map) -> Vec<Effect> {
    let disk = Disk::default();
    resolve_to_compare(effects(call, cwd, map, &disk), cwd, &disk)
}

fn unread() -> Effect {
    let deed = Deed::Opaque { cause: OpaqueCause::Unparsed, language: String::new(), hints: std::collections::BTreeSet::new() };
    Effect::new(deed, None)
}
