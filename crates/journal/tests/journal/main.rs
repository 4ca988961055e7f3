//! The journal against a real file system: programs by chance, each promise of undo by name, build directories.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod broker;
mod builds;
mod chance;
mod programs;
mod tree;
mod undo;
mod world;
